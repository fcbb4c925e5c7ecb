// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/note.h"

#include "core/tlog/policy.h"
#include "testkit/tlog.h"

namespace sallyport::tlog {
namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Note, KnownSignaturesVerify) {
  const auto text = vector_file("peter.note");
  const auto note = parse_note(text).value();
  EXPECT_EQ(print_note(note), text);
  for (const auto& vkey : lines_of(vector_file("peter.keys"))) {
    const auto key = NoteKey::parse(vkey).value();
    EXPECT_EQ(key.text(), vkey);
    EXPECT_EQ(signed_by(note, key).value(), Signed::yes) << vkey;
  }
}

TEST(Note, PublicLogAndWitness) {
  const auto note = parse_note(vector_file("arche2025h1.checkpoint")).value();
  ASSERT_EQ(note.signatures.size(), 6U);
  const auto keys = lines_of(vector_file("arche2025h1.keys"));
  EXPECT_EQ(signed_by(note, NoteKey::parse(keys[0]).value()).value(), Signed::yes);
  const auto time = cosigned_by(note, NoteKey::parse(keys[1]).value()).value();
  ASSERT_TRUE(time.has_value());
  EXPECT_EQ(time->print(), "2026-05-23T21:50:24Z");
  const auto checkpoint = parse_checkpoint(note.text).value();
  EXPECT_EQ(checkpoint.origin, "arche2025h1.staging.ct.transparency.dev");
  EXPECT_EQ(checkpoint.head.size, 1432088532U);
  EXPECT_EQ(print_checkpoint(checkpoint), note.text);
}

TEST(Note, ExampleOfTheSpecification) {
  const auto note = parse_note(vector_file("sofa.checkpoint")).value();
  const auto message =
      cosignature_message(test_witness(0).public_key, Instant::from_seconds(1679315147).value(), note.text);
  EXPECT_EQ(as_text(message.value()),
            "cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n"
            "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n");
  const auto& line = note.signatures.at(1);
  EXPECT_EQ(
      print_cosignature(Instant::from_seconds(1679315147).value(), BytesView(line.signature).subspan(8)),
      line.signature);
}

TEST(Note, EachBitOfTheTextAndOfTheSignatureCounts) {
  const auto note = signed_checkpoint({5, leaf_hash({})}, {0});
  for (std::size_t bit = 0; bit < note.text.size() * 8; ++bit) {
    auto other = note;
    other.text[bit / 8] = static_cast<char>(other.text[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(signed_by(other, test_log().public_key).ok());
    EXPECT_FALSE(cosigned_by(other, test_witness(0).public_key).ok());
  }
  for (std::size_t line = 0; line < 2; ++line) {
    for (std::size_t bit = 0; bit < note.signatures[line].signature.size() * 8; ++bit) {
      auto other = note;
      auto& byte = other.signatures[line].signature[bit / 8];
      byte = static_cast<std::uint8_t>(byte ^ (1U << (bit % 8)));
      const bool is_refused = line == 0 ? !signed_by(other, test_log().public_key).ok()
                                        : !cosigned_by(other, test_witness(0).public_key).ok();
      EXPECT_TRUE(is_refused) << line << " bit " << bit;
    }
  }
}

// One good line does not make up for a bad one of the same key.
TEST(Note, OneBadSignatureOfAKnownKeyRefusesTheNote) {
  auto note = signed_checkpoint({5, leaf_hash({})}, {});
  note.signatures.push_back(note.signatures.front());
  EXPECT_TRUE(signed_by(note, test_log().public_key).ok());
  note.signatures.back().signature.front() ^= 1U;
  EXPECT_EQ(signed_by(note, test_log().public_key).error().code, Code::log_signature_invalid);
}

TEST(Note, StrangersDoNotCountAndDoNotDisturb) {
  auto note = signed_checkpoint({5, leaf_hash({})}, {0});
  note.signatures.push_back({"stranger.example", {1, 2, 3, 4}, Bytes(64)});
  auto same_name = note.signatures[0];
  same_name.key[0] ^= 1U;
  same_name.signature[0] ^= 1U;
  note.signatures.push_back(same_name);
  EXPECT_EQ(signed_by(note, test_log().public_key).value(), Signed::yes);
  EXPECT_EQ(cosigned_by(note, test_witness(1).public_key).value(), std::nullopt);
  EXPECT_EQ(signed_by(note, Party("other", KeyUse::note).public_key).value(), Signed::no);
}

// A log's key does not cosign, and a witness's key does not sign: the key id says for what a key is.
TEST(NoteAttack, KindsOfSignaturesDoNotMix) {
  const Party both("both.example", KeyUse::cosignature);
  const auto as_log = NoteKey::make("both.example", KeyUse::note, both.key.public_key()).value();
  const auto text = print_checkpoint({"both.example", {5, leaf_hash({})}});
  Note note{text, {both.cosign(text, testkit::test_time())}};
  EXPECT_EQ(signed_by(note, as_log).value(), Signed::no);
  note.signatures[0].key = as_log.id();
  EXPECT_EQ(signed_by(note, as_log).error().code, Code::log_signature_invalid);
}

TEST(Note, OneForm) {
  const auto good = vector_file("peter.note");
  ASSERT_TRUE(parse_note(good).ok());
  const std::string dash = "\xe2\x80\x94";
  for (const auto& bad :
       {std::string(), std::string("\n"), std::string("text\n\n"), good + "more\n",
        good.substr(0, good.size() - 1), replaced(good, dash, "-"), replaced(good, dash + " P", dash + "  P"),
        replaced(good, "AM=", "AN="), replaced(good, "AM=", "AM"), replaced(good, "If", "I\x01"),
        replaced(good, "If", "I\r"), replaced(good, "If", "\xff"),
        replaced(good, "PeterNeumann", "Peter+Neumann"),
        replaced(good, "PeterNeumann", "Peter\xc2\xa0Neumann"), replaced(good, " x08go", " "),
        replaced(good, "\n\n", "\n"), std::string(note_size_max, 'x') + good}) {
    EXPECT_EQ(parse_note(bad).error().code, Code::note_malformed) << bad.substr(0, 200);
  }
}

// The text ends at the last empty line: empty lines inside belong to it.
TEST(Note, TheLastEmptyLineCounts) {
  const auto good = vector_file("peter.note");
  EXPECT_EQ(parse_note("a\n\nb\n\n" + good.substr(good.find("\n\n") + 2)).value().text, "a\n\nb\n");
}

TEST(Note, SignaturesAreBounded) {
  auto note = parse_note(vector_file("peter.note")).value();
  note.signatures.resize(note_signatures_max, note.signatures[0]);
  EXPECT_TRUE(parse_note(print_note(note)).ok());
  note.signatures.push_back(note.signatures[0]);
  EXPECT_EQ(parse_note(print_note(note)).error().code, Code::note_malformed);
}

TEST(NoteKeys, OneSpelling) {
  const auto good = lines_of(vector_file("peter.keys"))[0];
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto other = good;
    other[i] = static_cast<char>(other[i] + 1);
    EXPECT_FALSE(NoteKey::parse(other).ok()) << other;
    EXPECT_FALSE(NoteKey::parse(good.substr(0, i)).ok()) << i;
    EXPECT_FALSE(NoteKey::parse(good.substr(i + 1)).ok()) << i;
  }
  // Of another length, and of another algorithm, each with the id that fits.
  for (const auto* other : {"PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
                            "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"}) {
    EXPECT_EQ(NoteKey::parse(other).error().code, Code::log_key_refused);
  }
}

// Somebody gives the signer's key instead of the verifier's.
TEST(NoteKeys, NothingOfAPrivateKeyIsShown) {
  for (const std::string key :
       {"PRIVATE+KEY+log.example+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
        "MC4CAQAwBQYDK2VwBCIEIJAYEKFALVFG", "log.example+c74f20a3+AYEKFALVFGy"}) {
    const auto refused = NoteKey::parse(key);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().found.find("AYEKFALVFG"), std::string::npos) << refused.error().found;
    const auto policy = parse_log_policy("log " + key + "\nquorum none\n");
    ASSERT_FALSE(policy.ok());
    EXPECT_EQ(policy.error().found.find("AYEKFALVFG"), std::string::npos) << policy.error().found;
    const auto alone = parse_log_policy(key + "\n");
    ASSERT_FALSE(alone.ok());
    EXPECT_EQ(alone.error().found, "something else");
  }
}

TEST(NoteKeys, AreEd25519) {
  const auto key = testkit::TestKey::random_p256().public_key();
  EXPECT_EQ(NoteKey::make("log", KeyUse::note, key).error().code, Code::log_key_refused);
  const auto good = test_log().key.public_key();
  for (const auto* name : {"", "a b", "a+b", "a\nb", "a\xe2\x80\x83", "\xff"}) {
    EXPECT_EQ(NoteKey::make(name, KeyUse::note, good).error().code, Code::log_key_refused) << name;
  }
}

TEST(Checkpoint, OneForm) {
  const std::string good = "o\n5\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
  EXPECT_EQ(parse_checkpoint(good).value().head.size, 5U);
  EXPECT_EQ(parse_checkpoint(good + "extension\n").value().head.size, 5U);
  EXPECT_TRUE(parse_checkpoint(replaced(good, "5", "9223372036854775807")).ok());
  for (const auto& bad :
       {std::string(), std::string("o\n5\n"), replaced(good, "o\n", "\n"), replaced(good, "5", "05"),
        replaced(good, "5", "+5"), replaced(good, "5", "-5"), replaced(good, "5", " 5"),
        replaced(good, "5", "5 "), replaced(good, "5", ""), replaced(good, "5", "9223372036854775808"),
        replaced(good, "5", "99999999999999999999"), replaced(good, "5", "0"), replaced(good, "I=", "J="),
        replaced(good, "I=", "I"), good + "\n", good.substr(0, good.size() - 1)}) {
    EXPECT_EQ(parse_checkpoint(bad).error().code, Code::checkpoint_malformed) << bad;
  }
}

const Party& ml_dsa_witness() {
  static const Party one("witness.example/w-pq44");
  return one;
}

// Of a witness, and of nobody else: the one use for the one algorithm, in the one length.
TEST(NoteKeys, OfWitnessesMayBeMlDsa44) {
  const auto& key = ml_dsa_witness().public_key;
  EXPECT_EQ(key.use(), KeyUse::ml_dsa_cosignature);
  const auto again = NoteKey::parse(key.text()).value();
  EXPECT_EQ(again.text(), key.text());
  EXPECT_EQ(again.key().id(), ml_dsa_witness().key.public_key().id());
  // SHA-256(name || 0x0a || 0x06 || the 1312 bytes of the key), its first four bytes.
  Bytes hashed = copy(as_bytes(ml_dsa_witness().name));
  hashed.insert(hashed.end(), {0x0a, 0x06});
  const auto raw = key.key().spki().last(1312);
  hashed.insert(hashed.end(), raw.begin(), raw.end());
  EXPECT_EQ(hex(key.id()), hex(BytesView(sha256(hashed).bytes()).first(4)));

  const auto& public_key = ml_dsa_witness().key.public_key();
  EXPECT_EQ(NoteKey::make("log", KeyUse::note, public_key).error().code, Code::log_key_refused);
  EXPECT_EQ(NoteKey::make("w", KeyUse::cosignature, public_key).error().code, Code::log_key_refused);
  const auto ed25519 = test_log().key.public_key();
  EXPECT_EQ(NoteKey::make("w", KeyUse::ml_dsa_cosignature, ed25519).error().code, Code::log_key_refused);
  const auto other_set = testkit::TestKey("w-pq").public_key();  // ML-DSA-65
  EXPECT_EQ(NoteKey::of_witness("w", other_set).error().code, Code::log_key_refused);
  const auto p256 = testkit::TestKey::random_p256().public_key();
  EXPECT_EQ(NoteKey::of_witness("w", p256).error().code, Code::log_key_refused);
}

TEST(NoteKeysAttack, LengthsAndTypesDoNotMix) {
  const auto written = [](std::uint8_t type, std::size_t size) {
    Bytes material(1 + size, 7);
    material[0] = type;
    Bytes hashed = copy(as_bytes("w\n"));
    hashed.insert(hashed.end(), material.begin(), material.end());
    return "w+" + hex(BytesView(sha256(hashed).bytes()).first(4)) + "+" + base64(material);
  };
  EXPECT_TRUE(NoteKey::parse(written(1, 32)).ok());
  EXPECT_TRUE(NoteKey::parse(written(4, 32)).ok());
  EXPECT_TRUE(NoteKey::parse(written(6, 1312)).ok());
  for (const auto& [type, size] : std::vector<std::pair<std::uint8_t, std::size_t>>{
           {1, 1312}, {4, 1312}, {6, 32}, {6, 1311}, {6, 1313}, {6, 1952}, {2, 32}, {5, 32}, {0, 32}, {6, 0}})
    EXPECT_EQ(NoteKey::parse(written(type, size)).error().code, Code::log_key_refused)
        << +type << " " << size;
}

// The bytes as the specification lays them out, one by one.
TEST(Cosignature, MlDsaSignsNamesTimeAndTree) {
  const auto time = Instant::from_seconds(0x0102030405).value();
  const auto text = print_checkpoint({"log.example/packages", {0x1122334455, leaf_hash({})}});
  const auto message = cosignature_message(ml_dsa_witness().public_key, time, text + "extension\n").value();
  EXPECT_EQ(hex(message), hex(as_bytes("subtree/v1\n")) + "00" +                // label
                              "16" + hex(as_bytes("witness.example/w-pq44")) +  // cosigner_name
                              "0000000102030405" +                              // timestamp
                              "14" + hex(as_bytes("log.example/packages")) +    // log_origin
                              "0000000000000000" + "0000001122334455" +         // start, end
                              "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");  // hash
  EXPECT_EQ(cosignature_message(ml_dsa_witness().public_key, time, "no checkpoint\n").error().code,
            Code::checkpoint_malformed);
}

// What a library without ML-DSA answers wherever one of its signatures would have to be looked at.
std::string where_possible(const std::string& answer) {
  return testkit::library_has_ml_dsa() ? answer : "algorithm-unavailable";
}

std::string answer_of(const Result<std::optional<Instant>>& time) {
  if (!time.ok()) return std::string(name(time.error().code));
  return time.value() ? time.value()->print() : "none";
}

TEST(Cosignature, MlDsaCountsAsOfItsTime) {
  const auto& witness = ml_dsa_witness();
  auto note = signed_checkpoint({5, leaf_hash({})}, {0});
  EXPECT_EQ(answer_of(cosigned_by(note, witness.public_key)), "none");
  const auto time = testkit::test_time();
  note.signatures.push_back(witness.cosign(note.text, time.plus(-60)));
  note.signatures.push_back(witness.cosign(note.text, time));
  const auto read = parse_note(print_note(note)).value();
  EXPECT_EQ(answer_of(cosigned_by(read, witness.public_key)), where_possible(time.print()));
  EXPECT_EQ(answer_of(cosigned_by(read, test_witness(0).public_key)), time.plus(-3600).print());
}

// Without a time nothing is said of when, nor that the tree is the largest one.
TEST(Cosignature, MlDsaWithoutATimeDoesNotCount) {
  auto note = signed_checkpoint({5, leaf_hash({})}, {});
  note.signatures.push_back(ml_dsa_witness().cosign(note.text, Instant::from_seconds(0).value()));
  EXPECT_EQ(answer_of(cosigned_by(note, ml_dsa_witness().public_key)), where_possible("none"));
}

TEST(CosignatureAttack, MlDsaIsForOneWitnessOneTimeAndOneTree) {
  const auto& witness = ml_dsa_witness();
  const auto time = testkit::test_time();
  const Head head{5, leaf_hash({})};
  const auto moved = [&](std::string_view to_text, const NoteSignature& signature) {
    Note note{std::string(to_text), {signature}};
    return answer_of(cosigned_by(note, witness.public_key));
  };
  const auto text = print_checkpoint({"log.example/packages", head});
  const auto good = witness.cosign(text, time);
  EXPECT_EQ(moved(text, good), where_possible(time.print()));
  EXPECT_EQ(moved(text + "extension\n", good), where_possible(time.print()));  // it says nothing of these
  const auto wrong = where_possible("cosignature-invalid");
  EXPECT_EQ(moved(print_checkpoint({"log.example/other", head}), good), wrong);
  EXPECT_EQ(moved(print_checkpoint({"log.example/packages", {6, head.root}}), good), wrong);
  EXPECT_EQ(moved(print_checkpoint({"log.example/packages", {5, empty_root()}}), good), wrong);
  auto later = good;
  later.signature[7] ^= 1U;
  EXPECT_EQ(moved(text, later), wrong);
  for (const std::size_t at : {8U, 1000U, 2427U}) {
    auto flipped = good;
    flipped.signature[at] ^= 1U;
    EXPECT_EQ(moved(text, flipped), wrong) << at;
  }
  // The same key under another name: the name is in what is signed.
  const auto other = NoteKey::of_witness("other.example", witness.key.public_key()).value();
  const auto by_other = witness.key.sign(cosignature_message(other, time, text).value());
  EXPECT_EQ(moved(text, {witness.name, witness.public_key.id(), print_cosignature(time, by_other)}), wrong);
  // What any library sees.
  for (const auto size :
       {std::size_t{8}, std::size_t{72}, good.signature.size() - 1, good.signature.size() + 1}) {
    auto resized = good;
    resized.signature.resize(size);
    EXPECT_EQ(moved(text, resized), "cosignature-invalid") << size;
  }
  auto beyond = good;
  beyond.signature[0] = 0x7f;
  EXPECT_EQ(moved(text, beyond), "cosignature-invalid");
  EXPECT_EQ(moved("no checkpoint\n", good), "checkpoint-malformed");
}

TEST(Cosignature, TimesAndSizesAreBounded) {
  auto note = signed_checkpoint({5, leaf_hash({})}, {0});
  const auto& key = test_witness(0).public_key;
  EXPECT_EQ(cosigned_by(note, key).value(), testkit::test_time().plus(-3600));
  auto& bytes = note.signatures[1].signature;
  bytes[0] = 0x7f;  // a time beyond the year 9999
  EXPECT_EQ(cosigned_by(note, key).error().code, Code::cosignature_invalid);
  bytes.pop_back();
  EXPECT_EQ(cosigned_by(note, key).error().code, Code::cosignature_invalid);
}

}  // namespace
}  // namespace sallyport::tlog
