// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/note.h"

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
  EXPECT_EQ(cosignature_message(Instant::from_seconds(1679315147).value(), note.text),
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
