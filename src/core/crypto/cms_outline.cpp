// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/cms_outline.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/crypto/der.h"
#include "core/crypto/ml_dsa.h"

namespace sallyport {
namespace {

constexpr std::size_t cms_size_max = 262144;
constexpr std::size_t certificates_max = 16;
constexpr std::size_t signers_max = 8;
constexpr std::size_t digest_algorithms_max = 8;
constexpr std::size_t attributes_max = 32;
constexpr std::size_t ocsp_responses_max = 8;
constexpr auto malformed = Code::signature_malformed;

// Contents of object identifiers, hexadecimal.
constexpr std::string_view oid_signed_data = "2a864886f70d010702";
constexpr std::string_view oid_data = "2a864886f70d010701";
constexpr std::string_view oid_content_type = "2a864886f70d010903";
constexpr std::string_view oid_message_digest = "2a864886f70d010904";
constexpr std::string_view oid_time_stamp_content = "2a864886f70d0109100104";
constexpr std::string_view oid_time_stamp_token = "2a864886f70d010910020e";
constexpr std::string_view oid_signing_certificate = "2a864886f70d010910020c";
constexpr std::string_view oid_signing_certificate_v2 = "2a864886f70d010910022f";
constexpr std::string_view oid_ocsp_response = "2b06010505071002";
constexpr std::array<std::pair<std::string_view, Sha2>, 3> oid_digests{{
    {"608648016503040201", Sha2::sha256},
    {"608648016503040202", Sha2::sha384},
    {"608648016503040203", Sha2::sha512},
}};

Error refuse(const char* where, std::string expected, std::string found) {
  return Error(malformed, where, std::move(expected), std::move(found));
}

Result<void> expect_oid(DerReader& reader, std::string_view wanted, const char* where) {
  const auto found = hex(TRY(reader.next(der::object_identifier)).content);
  if (found != wanted) return refuse(where, "another type", found);
  return {};
}

// RFC 5652, sections 5.1 and 5.3: what is in it decides on the version.
constexpr std::uint8_t version_by_issuer = 1;
constexpr std::uint8_t version_by_key = 3;
constexpr std::uint8_t version_of_other_content = 3;
constexpr std::uint8_t version_with_ocsp = 5;

std::string_view content_type_of(CmsKind kind) {
  return kind == CmsKind::manifest ? oid_data : oid_time_stamp_content;
}

Result<void> expect_version(const DerValue& version, std::uint8_t wanted) {
  if (version.content.size() == 1 && version.content[0] == wanted) return {};
  return refuse("version", std::to_string(wanted), hex(version.content));
}

// AlgorithmIdentifier of a digest; its parameters are absent or NULL.
Result<Sha2> read_digest(DerReader& reader) {
  DerReader algorithm(TRY(reader.next(der::sequence)).content, malformed);
  const auto oid = hex(TRY(algorithm.next(der::object_identifier)).content);
  if (!algorithm.at_end()) TRY(algorithm.next(0x05));
  TRY(algorithm.end());
  for (const auto& [name, digest] : oid_digests) {
    if (oid == name) return digest;
  }
  return Error(Code::signature_algorithm_refused, "digest algorithm", "SHA-256, SHA-384 or SHA-512", oid);
}

Result<std::vector<Sha2>> read_digests(DerReader& reader) {
  DerReader set(TRY(reader.next(der::set)).content, malformed);
  std::vector<Sha2> digests;
  while (!set.at_end()) {
    if (digests.size() == digest_algorithms_max) return refuse("digestAlgorithms", "at most 8", "more");
    digests.push_back(TRY(read_digest(set)));
  }
  return digests;
}

Result<std::vector<BytesView>> read_certificates(DerReader& reader) {
  std::vector<BytesView> certificates;
  if (!reader.next_is(der::context(0))) return certificates;
  DerReader set(TRY(reader.next()).content, malformed);
  while (!set.at_end()) {
    if (certificates.size() == certificates_max) return refuse("certificates", "at most 16", "more");
    certificates.push_back(TRY(set.next(der::sequence)).whole);
  }
  return certificates;
}

struct Attribute {
  std::string type;
  DerValue value;  // the first
  std::size_t values;
};

Result<std::vector<Attribute>> read_attributes(BytesView content) {
  std::vector<Attribute> attributes;
  DerReader set(content, malformed);
  while (!set.at_end()) {
    if (attributes.size() == attributes_max) return refuse("attributes", "at most 32", "more");
    DerReader attribute(TRY(set.next(der::sequence)).content, malformed);
    const auto type = hex(TRY(attribute.next(der::object_identifier)).content);
    DerReader values(TRY(attribute.next(der::set)).content, malformed);
    TRY(attribute.end());
    const auto first = TRY(values.next());
    std::size_t count = 1;
    for (; !values.at_end(); ++count) TRY(values.next());
    attributes.push_back({type, first, count});
  }
  return attributes;
}

// The content of the one value of the one attribute of this type.
Result<BytesView> only_value(const std::vector<Attribute>& attributes, std::string_view type,
                             std::uint8_t tag, const char* where) {
  const auto is_it = [&](const Attribute& attribute) { return attribute.type == type; };
  const auto found = std::find_if(attributes.begin(), attributes.end(), is_it);
  if (found == attributes.end()) return refuse(where, "one attribute", "none");
  if (std::find_if(found + 1, attributes.end(), is_it) != attributes.end() || found->values != 1) {
    return refuse(where, "one attribute with one value", "more");
  }
  if (found->value.tag != tag) return refuse(where, "a value of its type", "another");
  return found->value.content;
}

// The same for an attribute that need not be there.
Result<std::optional<BytesView>> optional_value(const std::vector<Attribute>& attributes,
                                                std::string_view type, const char* where) {
  const bool is_there = std::any_of(attributes.begin(), attributes.end(),
                                    [&](const Attribute& attribute) { return attribute.type == type; });
  if (!is_there) return std::optional<BytesView>();
  TRY(only_value(attributes, type, der::sequence, where));
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&](const Attribute& attribute) { return attribute.type == type; });
  return std::optional(found->value.whole);
}

// Nobody signed these. Of them only time stamps are read, and they prove themselves.
Result<std::optional<BytesView>> read_unsigned(DerReader& signer) {
  if (!signer.next_is(der::context(1))) return std::optional<BytesView>();
  const auto attributes = TRY(read_attributes(TRY(signer.next()).content));
  return optional_value(attributes, oid_time_stamp_token, "time stamp");
}

Result<CmsSignerOutline> read_signer(BytesView content, const std::vector<Sha2>& digests, CmsKind kind) {
  DerReader reader(content, malformed);
  const auto version = TRY(reader.next(der::integer));
  const auto who = TRY(reader.next());
  TRY(expect_version(version, who.tag == der::sequence ? version_by_issuer : version_by_key));
  const auto digest = TRY(read_digest(reader));
  if (std::find(digests.begin(), digests.end(), digest) == digests.end()) {
    return refuse("digestAlgorithms", "the digest of every signer", "one that is not listed");
  }
  if (!reader.next_is(der::context(0)))
    return refuse("signed attributes", "content-type and message-digest", "none");
  const auto attributes_value = TRY(reader.next());
  const auto attributes = TRY(read_attributes(attributes_value.content));
  const auto type = TRY(only_value(attributes, oid_content_type, der::object_identifier, "content-type"));
  if (hex(type) != content_type_of(kind)) return refuse("content-type", "the type of the content", hex(type));
  const auto message = TRY(only_value(attributes, oid_message_digest, der::octet_string, "message-digest"));
  DerReader algorithm(TRY(reader.next(der::sequence)).content, malformed);
  const auto* const post_quantum = ml_dsa_of_oid(hex(TRY(algorithm.next(der::object_identifier)).content));
  const auto made_with = post_quantum == nullptr ? SignatureKind::classical : SignatureKind::post_quantum;
  const auto signature = TRY(reader.next(der::octet_string)).content;
  const auto time_stamp = TRY(read_unsigned(reader));
  TRY(reader.end());
  const auto v1 = TRY(optional_value(attributes, oid_signing_certificate, "signing-certificate"));
  const auto v2 = TRY(optional_value(attributes, oid_signing_certificate_v2, "signing-certificate-v2"));
  Bytes to_be_signed = copy(attributes_value.whole);
  to_be_signed[0] = der::set;
  return CmsSignerOutline{who.whole, digest,    std::move(to_be_signed), message, made_with, signature, v1,
                          v2,        time_stamp};
}

// Of a manifest there is none; of a time stamp it is one octet string.
Result<BytesView> read_content(DerReader& reader, CmsKind kind) {
  DerReader content(TRY(reader.next(der::sequence)).content, malformed);
  TRY(expect_oid(content, content_type_of(kind), "content type"));
  if (kind == CmsKind::manifest) {
    if (!content.at_end()) return refuse("content", "none (a detached signature)", "embedded content");
    return BytesView();
  }
  DerReader wrapped(TRY(content.next(der::context(0))).content, malformed);
  TRY(content.end());
  const auto octets = TRY(wrapped.next(der::octet_string)).content;
  TRY(wrapped.end());
  return octets;
}

// RevocationInfoChoices: OCSP responses (RFC 5940) and nothing else; lists come from the operator, who has newer ones.
Result<std::vector<BytesView>> read_ocsp_responses(DerReader& reader) {
  std::vector<BytesView> responses;
  if (!reader.next_is(der::context(1))) return responses;
  DerReader set(TRY(reader.next()).content, malformed);
  while (!set.at_end()) {
    if (responses.size() == ocsp_responses_max) return refuse("OCSP responses", "at most 8", "more");
    if (!set.next_is(der::context(1))) return refuse("revocation lists", "none", "some");
    DerReader other(TRY(set.next()).content, malformed);
    TRY(expect_oid(other, oid_ocsp_response, "revocation information"));
    responses.push_back(TRY(other.next(der::sequence)).whole);
    TRY(other.end());
  }
  if (responses.empty()) return refuse("OCSP responses", "at least one", "none");
  return responses;
}

std::uint8_t version_of(const CmsOutline& outline, CmsKind kind) {
  if (!outline.ocsp_responses.empty()) return version_with_ocsp;
  if (kind != CmsKind::manifest) return version_of_other_content;
  const bool by_key = std::any_of(outline.signers.begin(), outline.signers.end(),
                                  [](const auto& signer) { return signer.who.front() != der::sequence; });
  return by_key ? version_by_key : version_by_issuer;
}

}  // namespace

Result<CmsOutline> read_cms_outline(BytesView cms, CmsKind kind) {
  if (cms.size() > cms_size_max)
    return refuse("signature", "at most 256 KiB", std::to_string(cms.size()) + " bytes");
  TRY(check_der(cms, malformed));
  DerReader outer(cms, malformed);
  DerReader info(TRY(outer.next(der::sequence)).content, malformed);
  TRY(expect_oid(info, oid_signed_data, "content info"));
  DerReader wrapped(TRY(info.next(der::context(0))).content, malformed);
  TRY(info.end());
  DerReader data(TRY(wrapped.next(der::sequence)).content, malformed);
  TRY(wrapped.end());
  const auto version = TRY(data.next(der::integer));
  const auto digests = TRY(read_digests(data));
  CmsOutline outline;
  outline.content = TRY(read_content(data, kind));
  outline.certificates = TRY(read_certificates(data));
  outline.ocsp_responses = TRY(read_ocsp_responses(data));
  DerReader signers(TRY(data.next(der::set)).content, malformed);
  TRY(data.end());
  while (!signers.at_end()) {
    if (outline.signers.size() == signers_max) return refuse("signers", "at most 8", "more");
    const auto signer = TRY(signers.next(der::sequence));
    outline.signers.push_back(TRY(read_signer(signer.content, digests, kind)));
  }
  if (outline.signers.empty()) return refuse("signers", "at least one", "none");
  TRY(expect_version(version, version_of(outline, kind)));
  return outline;
}

}  // namespace sallyport
