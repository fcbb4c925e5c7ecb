// SPDX-License-Identifier: Apache-2.0
#include "testkit/statements.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <openssl/params.h>

#include <algorithm>
#include <array>

#include "core/crypto/ml_dsa.h"
#include "core/format/json_writer.h"

namespace sallyport::testkit {
namespace {

EVP_PKEY* raw(const std::shared_ptr<void>& key) {
  return static_cast<EVP_PKEY*>(key.get());
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

void write_texts(JsonWriter& writer, std::string_view name, const std::vector<std::string>& texts) {
  writer.key(name).begin_array();
  for (const auto& text : texts) writer.text(text);
  writer.end_array();
}

void write_sources(JsonWriter& writer, const std::vector<SourcePart>& sources) {
  writer.key("sources").begin_array();
  for (const auto& source : sources) {
    writer.begin_object().text("id", source.id);
    write_texts(writer, "products", source.products);
    write_texts(writer, "anchors", source.anchors);
    writer.end_object();
  }
  writer.end_array();
}

void write_persons(JsonWriter& writer, const std::vector<PersonPart>& persons) {
  writer.key("persons").begin_array();
  for (const auto& person : persons) {
    writer.begin_object().text("id", person.id);
    write_texts(writer, "roles", person.roles);
    write_texts(writer, "keys", person.keys);
    if (!person.revoked_at.empty()) writer.text("revoked_at", person.revoked_at);
    writer.end_object();
  }
  writer.end_array();
}

void write_intakes(JsonWriter& writer, const std::vector<IntakePart>& intakes) {
  writer.key("intakes").begin_array();
  for (const auto& intake : intakes) {
    writer.begin_object().text("id", intake.id);
    if (intake.keys.empty()) {
      writer.text("key", intake.key);
    } else {
      write_texts(writer, "keys", intake.keys);
    }
    writer.end_object();
  }
  writer.end_array();
}

void write_windows(JsonWriter& writer, const std::vector<HoursPart>& windows) {
  writer.key("windows").begin_array();
  for (const auto& hours : windows) {
    writer.begin_object();
    write_texts(writer, "days", hours.days);
    writer.text("from", hours.from).text("until", hours.until).end_object();
  }
  writer.end_array();
}

void write_gate(JsonWriter& writer, const GatePart& gate) {
  writer.key("gate").begin_object().text("mode", gate.mode);
  if (!gate.closed.empty()) write_texts(writer, "closed", gate.closed);
  if (!gate.observe_until.empty()) writer.text("observe_until", gate.observe_until);
  if (!gate.scope.empty()) writer.text("scope", gate.scope);
  if (!gate.host_observe_until.empty()) writer.text("host_observe_until", gate.host_observe_until);
  writer.end_object();
}

void write_pools(JsonWriter& writer, const std::vector<PoolPart>& pools) {
  writer.key("pools").begin_array();
  for (const auto& pool : pools) {
    writer.begin_object().text("id", pool.id);
    write_texts(writer, "products", pool.products);
    write_texts(writer, "nodes", pool.nodes);
    writer.key("approvals").begin_object();
    write_texts(writer, "propose", pool.propose);
    write_texts(writer, "approve", pool.approve);
    writer.number("persons", pool.persons).end_object();
    if (!pool.sysctls.empty()) write_texts(writer, "sysctls", pool.sysctls);
    if (pool.window_hours_max != 0) writer.number("window_hours_max", pool.window_hours_max);
    if (!pool.windows.empty()) write_windows(writer, pool.windows);
    if (pool.gate) write_gate(writer, *pool.gate);
    writer.end_object();
  }
  writer.end_array();
}

void write_log(JsonWriter& writer, const LogPart& log) {
  writer.key("log").begin_object().text("origin", log.origin).text("key", log.key);
  writer.key("witnesses").begin_array();
  for (const auto& [name, key, url] : log.witnesses) {
    writer.begin_object().text("name", name).text("key", key);
    if (url) writer.text("url", *url);
    writer.end_object();
  }
  writer.end_array().number("quorum", log.quorum);
  if (log.age_hours_max) writer.number("cosignature_age_hours_max", *log.age_hours_max);
  writer.end_object();
}

// What the name of a key asks for; null: Ed25519.
const MlDsa* ml_dsa_asked_for(std::string_view name) {
  if (name.ends_with("-pq")) return &ml_dsa[1];
  return name.ends_with("-pq44") ? ml_dsa.data() : nullptr;
}

void* ml_dsa_key(const MlDsa& algorithm, BytesView seed) {
  const std::string name(algorithm.name);
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, name.c_str(), nullptr);
  Bytes bytes = copy(seed);
  const std::array<OSSL_PARAM, 2> parameters{
      OSSL_PARAM_construct_octet_string("seed", bytes.data(), bytes.size()), OSSL_PARAM_construct_end()};
  EVP_PKEY* key = nullptr;
  CHECK(EVP_PKEY_keygen_init(context) == 1 && EVP_PKEY_CTX_set_params(context, parameters.data()) == 1);
  CHECK(EVP_PKEY_generate(context, &key) == 1);
  EVP_PKEY_CTX_free(context);
  return key;
}

std::shared_ptr<const PublicKey> made_up_key(const MlDsa& algorithm, BytesView seed) {
  Bytes spki = parse_hex(algorithm.prefix, 64).value();
  while (spki.size() < algorithm.spki_size) spki.insert(spki.end(), seed.begin(), seed.end());
  spki.resize(algorithm.spki_size);
  return std::make_shared<const PublicKey>(PublicKey::from_spki(spki).value());
}

std::string pem_of(std::string_view key_name) {
  return TestKey(key_name).public_pem();
}

template <class T>
T id(std::string_view text) {
  return T::parse(text).value();
}

}  // namespace

bool library_has_ml_dsa() {
  return check_available(ml_dsa[1]).ok();
}

TestKey::TestKey(std::string_view name) {
  const auto seed = sha256(as_bytes(name));
  if (const auto* const algorithm = ml_dsa_asked_for(name)) {
    if (library_has_ml_dsa()) {
      *this = TestKey(ml_dsa_key(*algorithm, seed.bytes()));
    } else {
      made_up_ = made_up_key(*algorithm, seed.bytes());
    }
    return;
  }
  auto* key =
      EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.bytes().data(), seed.bytes().size());
  *this = TestKey(static_cast<void*>(key));
}

TestKey::TestKey(void* key) : key_(key, [](void* old) { EVP_PKEY_free(static_cast<EVP_PKEY*>(old)); }) {
  CHECK(key != nullptr);
}

TestKey TestKey::random_p256() {
  return TestKey(static_cast<void*>(EVP_EC_gen("P-256")));
}

std::string TestKey::private_pem() const {
  BIO* bio = BIO_new(BIO_s_mem());
  CHECK(PEM_write_bio_PKCS8PrivateKey(bio, raw(key_), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return text_of(bio);
}

std::string TestKey::public_pem() const {
  if (made_up_ != nullptr) return made_up_->pem();
  BIO* bio = BIO_new(BIO_s_mem());
  CHECK(PEM_write_bio_PUBKEY(bio, raw(key_)) == 1);
  return text_of(bio);
}

PublicKey TestKey::public_key() const {
  return PublicKey::from_pem(public_pem()).value();
}

Bytes TestKey::sign(BytesView message) const {
  if (made_up_ != nullptr) return Bytes(ml_dsa_of_spki(made_up_->spki())->signature_size, 0x5a);
  const bool is_plain = EVP_PKEY_is_a(raw(key_), "EC") != 1;
  Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(raw(key_))));
  std::size_t size = signature.size();
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  CHECK(EVP_DigestSignInit(context, nullptr, is_plain ? nullptr : EVP_sha256(), nullptr, raw(key_)) == 1);
  CHECK(EVP_DigestSign(context, signature.data(), &size, message.data(), message.size()) == 1);
  EVP_MD_CTX_free(context);
  signature.resize(size);
  if (is_plain || public_key().verify(message, signature, Code::signature_invalid).ok()) return signature;
  return twin_of(signature);  // s was in the upper half
}

Bytes twin_of(BytesView signature) {
  const auto* data = signature.data();
  ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &data, static_cast<long>(signature.size()));
  CHECK(pair != nullptr);
  EC_GROUP* group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
  BIGNUM* s = BN_new();
  CHECK(BN_sub(s, EC_GROUP_get0_order(group), ECDSA_SIG_get0_s(pair)) == 1);
  CHECK(ECDSA_SIG_set0(pair, BN_dup(ECDSA_SIG_get0_r(pair)), s) == 1);
  std::uint8_t* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair, &der);
  Bytes twin(der, der + size);
  OPENSSL_free(der);
  ECDSA_SIG_free(pair);
  EC_GROUP_free(group);
  return twin;
}

PolicyParts parts(const std::string& anchor_pem) {
  return {.name = "Test network",
          .version = 1,
          .sources = {{"acme", {"mme", "test-product"}, {anchor_pem}}},
          .persons = {{"alice", {"deploy", "release"}, {pem_of("alice-1")}},
                      {"bob", {"release"}, {pem_of("bob-1"), pem_of("bob-2")}},
                      {"carol", {"release"}, {pem_of("carol-1")}},
                      {"dave", {"audit"}, {pem_of("dave-1")}}},
          .intakes = {{"intake-1", pem_of("intake-1")}},
          .pools = {{"mme-east", {"mme", "test-product"}, {"mme-1", "mme-2"}, {"deploy"}, {"release"}, 2}},
          .verdict_age_days_max = 30,
          .database_age_days_max = 30};
}

PolicyParts hybrid(PolicyParts parts) {
  for (auto& person : parts.persons) person.keys.push_back(pem_of(person.id + "-pq"));
  for (auto& intake : parts.intakes) intake.keys = {intake.key, pem_of(intake.id + "-pq")};
  parts.statements = {"classical", "post-quantum"};
  return parts;
}

PolicyParts parts() {
  return parts(idle_anchor_pem());
}

std::string print_policy(const PolicyParts& parts) {
  JsonWriter writer;
  writer.begin_object()
      .text("schema", policy_schema)
      .text("name", parts.name)
      .number("version", parts.version);
  write_sources(writer, parts.sources);
  write_persons(writer, parts.persons);
  write_intakes(writer, parts.intakes);
  writer.key("verdicts").begin_object().number("verdict_age_days_max", parts.verdict_age_days_max);
  writer.number("database_age_days_max", parts.database_age_days_max).end_object();
  write_pools(writer, parts.pools);
  if (parts.log) write_log(writer, *parts.log);
  if (parts.officers) {
    writer.key("officers").begin_object();
    write_texts(writer, "roles", parts.officers->roles);
    writer.number("persons", parts.officers->persons).end_object();
  }
  if (!parts.statements.empty() || !parts.packages.empty()) {
    writer.key("signatures").begin_object();
    if (!parts.statements.empty()) write_texts(writer, "statements", parts.statements);
    if (!parts.packages.empty()) write_texts(writer, "packages", parts.packages);
    writer.end_object();
  }
  writer.end_object();
  return writer.take() + "\n";
}

LogPart log_part() {
  LogPart log{"log.example/packages", pem_of("log.example/packages"), {}, 2, {}};
  for (const auto* name : {"w0.example", "w1.example", "w2.example"})
    log.witnesses.push_back({name, pem_of(name), {}});
  return log;
}

Policy make_policy(const PolicyParts& parts) {
  return parse_policy(as_bytes(print_policy(parts))).value();
}

Policy make_policy(const std::string& anchor_pem) {
  return make_policy(parts(anchor_pem));
}

Policy make_policy() {
  return make_policy(parts());
}

Instant test_time() {
  return Instant::parse("2026-11-21T22:00:00Z").value();
}

Verdict make_verdict(const Policy& policy) {
  const auto time = test_time().plus(-3600);
  return {.package_name = "test-product-1.0.csar",
          .package = sha256(as_bytes("a package")),
          .release = sha256(as_bytes("a tree")),
          .product = id<ProductId>("test-product"),
          .version = "1.0",
          .counter = 7,
          .source = id<SourceId>("acme"),
          .signer = "CN=Acme Release 2026,O=Acme",
          .policy = policy.digest,
          .policy_version = policy.version,
          .intake = id<IntakeId>("intake-1"),
          .time = time,
          .files_total = 3,
          .bytes_total = 4096,
          .engines = {{"clamd", "ClamAV 1.4.6", "27800", time.plus(-86400), 3, 4096}},
          .outcome = Outcome::clean,
          .findings = {}};
}

Verdict make_verdict(const Policy& policy, const Package& package) {
  auto verdict = make_verdict(policy);
  verdict.package = package.digest;
  verdict.release = package.release;
  verdict.product = package.tree.product;
  verdict.version = package.tree.version;
  verdict.counter = package.tree.counter;
  verdict.source = package.source;
  return verdict;
}

Order make_order(const Policy& policy, const Verdict& verdict) {
  return {.package_name = verdict.package_name,
          .package = verdict.package,
          .release = verdict.release,
          .product = verdict.product,
          .version = verdict.version,
          .counter = verdict.counter,
          .verdict = sha256(as_bytes(print_verdict(verdict))),
          .policy = policy.digest,
          .policy_version = policy.version,
          .pool = id<PoolId>("mme-east"),
          .nodes = {id<NodeId>("mme-1"), id<NodeId>("mme-2")},
          .sequence = 1,
          .from = test_time().plus(-3600),
          .until = test_time().plus(86400),
          .proposer = id<PersonId>("alice"),
          .reason = "Roll out 1.0"};
}

Envelope make_envelope(std::string_view payload, const std::vector<std::string>& key_names,
                       std::string_view payload_type) {
  Envelope envelope{std::string(payload_type), copy(as_bytes(payload)), {}};
  for (const auto& name : key_names) add_signature(envelope, name, payload_type);
  return envelope;
}

void add_signature(Envelope& envelope, const std::string& key_name, std::string_view payload_type) {
  const TestKey key(key_name);
  envelope.signatures.push_back(
      {key.public_key().id(), key.sign(pre_authentication_encoding(payload_type, envelope.payload))});
}

Bytes to_bytes(const Envelope& envelope) {
  return copy(as_bytes(print_envelope(envelope)));
}

Bytes sign_statement(std::string_view payload, const std::vector<std::string>& key_names) {
  return to_bytes(make_envelope(payload, key_names));
}

std::string idle_anchor_pem() {
  return R"(-----BEGIN CERTIFICATE-----
MIIBwjCCAWegAwIBAgIUbc69srho0FPXAxm6+Ixf4mNp5HswCgYIKoZIzj0EAwIw
LTESMBAGA1UECgwJQWNtZSBUZXN0MRcwFQYDVQQDDA5BY21lIFRlc3QgUm9vdDAg
Fw0yNjExMjEyMjQ2MTBaGA8yMTI2MTAyODIyNDYxMFowLTESMBAGA1UECgwJQWNt
ZSBUZXN0MRcwFQYDVQQDDA5BY21lIFRlc3QgUm9vdDBZMBMGByqGSM49AgEGCCqG
SM49AwEHA0IABOpdHYyckwhaawvBxJ/VFmyi7j5eRejzA1Lc5OWkTGB+Ptauw2Qz
QYY5I1RCmd2nwSwbFdfNkvxUduxD+KwxpnSjYzBhMB0GA1UdDgQWBBSamjaAy4S3
EQCbrkuqHnYwfP5j2zAfBgNVHSMEGDAWgBSamjaAy4S3EQCbrkuqHnYwfP5j2zAP
BgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwIBBjAKBggqhkjOPQQDAgNJADBG
AiEAputQJvjQO19yvRVIzLmCrX1MT3eAkKfruPjZU0M46LECIQCo8eW9fkFwR1K3
+7kCa0cfyUYTpgcPPewD7aAma9fA/Q==
-----END CERTIFICATE-----
)";
}

std::string other_anchor_pem() {
  return R"(-----BEGIN CERTIFICATE-----
MIIBxjCCAWugAwIBAgIUNlnP+zqR4ae8Li4zl9mNYq189/swCgYIKoZIzj0EAwIw
LzETMBEGA1UECgwKT3RoZXIgVGVzdDEYMBYGA1UEAwwPT3RoZXIgVGVzdCBSb290
MCAXDTI2MTEyMTIyNDYxMFoYDzIxMjYxMDI4MjI0NjEwWjAvMRMwEQYDVQQKDApP
dGhlciBUZXN0MRgwFgYDVQQDDA9PdGhlciBUZXN0IFJvb3QwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAAQamYFlJlExMDnM8570P2r2gfgG1B+jtIA+MRCMbJAiBT21
/c5gMZaOZ64CpKNaDRA0Tlpwg2HIvQx7LDc0Dn9yo2MwYTAdBgNVHQ4EFgQUERTS
Rnl/0thPzGmmXuUU4NiNGdgwHwYDVR0jBBgwFoAUERTSRnl/0thPzGmmXuUU4NiN
GdgwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAQYwCgYIKoZIzj0EAwID
SQAwRgIhALnawAYVPGEgCh7R3wyY1JMgxzI7lsMZrjbvTc7Zw+HfAiEAlH3me0fX
LKNTrTAfZRmdwZOL5aD2u/DUomROfSZMBk4=
-----END CERTIFICATE-----
)";
}

}  // namespace sallyport::testkit
