// SPDX-License-Identifier: Apache-2.0
#include "core/format/dsse.h"

#include <gtest/gtest.h>

#include "testkit/statements.h"

namespace sallyport {
namespace {

using testkit::make_envelope;

constexpr std::string_view hello_type = "http://example.com/HelloWorld";

// The example of the DSSE protocol, protocol.md, "Test Vectors"; key and signature in the encodings used here.
constexpr std::string_view protocol_spki =
    "3059301306072a8648ce3d020106082a8648ce3d0301070342000467cd390f77aa359cb08c2235f652270493a9ed832b0abcc01f"
    "70954c0390d2380c782bd54e269125a44f4433aff1432ce94e12bca73aa67ac80cea12608ddf74";
constexpr std::string_view protocol_signature =
    "3044022003726ab101ad56c2763b6c6aac8e487275e2a79193a09dc5f859d9f8ef3c4a3b022051eab0c06a369b64a7222537d488"
    "7a893dc200ae21060074d57825235b624864";

std::string refusal_of(std::string_view json) {
  const auto envelope = parse_envelope(as_bytes(json));
  return envelope.ok() ? "accepted" : std::string(name(envelope.error().code));
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const auto at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? text : text.replace(at, what.size(), with);
}

TEST(Dsse, EncodesThePublishedExample) {
  const auto encoded = pre_authentication_encoding(hello_type, as_bytes("hello world"));
  EXPECT_EQ(as_text(encoded), "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  const auto key = PublicKey::from_spki(parse_hex(protocol_spki, 200).value()).value();
  const auto signature = parse_hex(protocol_signature, 200).value();
  EXPECT_TRUE(key.verify(encoded, signature, Code::order_signature_invalid).ok());
  const auto other = pre_authentication_encoding(hello_type, as_bytes("hello World"));
  EXPECT_FALSE(key.verify(other, signature, Code::order_signature_invalid).ok());
}

TEST(Dsse, TypeAndPayloadCannotTradeBytes) {
  EXPECT_NE(pre_authentication_encoding("a", as_bytes("b c")),
            pre_authentication_encoding("a b", as_bytes("c")));
  EXPECT_EQ(as_text(pre_authentication_encoding("", {})), "DSSEv1 0  0 ");
}

TEST(Dsse, ReadsWhatItPrints) {
  const auto envelope = make_envelope("{}", {"alice-1", "bob-1"});
  const auto text = print_envelope(envelope);
  const auto again = parse_envelope(as_bytes(text)).value();
  EXPECT_EQ(again.payload, envelope.payload);
  EXPECT_EQ(again.payload_type, statement_payload_type);
  ASSERT_EQ(again.signatures.size(), 2U);
  EXPECT_EQ(again.signatures[1].key, testkit::TestKey("bob-1").public_key().id());
  EXPECT_EQ(again.signatures[1].signature, envelope.signatures[1].signature);
  EXPECT_EQ(print_envelope(again), text);
}

TEST(DsseAttack, C13_EveryOtherSpellingIsRefused) {
  const auto good = print_envelope(make_envelope("{}", {"alice-1"}));
  ASSERT_EQ(refusal_of(good), "accepted");
  const std::string no_end = good.substr(0, good.size() - 1);
  const std::string reordered = R"({"payload":"e30=","payloadType":"application/vnd.in-toto+json",)" +
                                good.substr(good.find("\"signatures\""));
  for (const auto& bad :
       {no_end, good + "\n", " " + good, no_end + " \n", reordered, replaced(good, "\":\"", "\": \""),
        replaced(good, "e30=", "e30"), replaced(good, "e30=", "e31="), replaced(good, "e30=", "e30=\\n"),
        replaced(good, "in-toto", "in\\u002dtoto"), replaced(good, "}]", ",\"extension\":\"x\"}]"),
        replaced(good, "\"payload\"", "\"Payload\"")}) {
    EXPECT_EQ(refusal_of(bad), "envelope-malformed") << bad;
  }
}

TEST(DsseAttack, C13_Base64UrlIsAnotherSpelling) {
  const auto good = print_envelope(make_envelope("\xfb\xff", {"alice-1"}));
  EXPECT_EQ(refusal_of(replaced(good, "+/8=", "-_8=")), "envelope-malformed");
}

TEST(DsseAttack, G31_NoSignaturesAndEmptyOnesAreNoEnvelope) {
  auto envelope = make_envelope("{}", {});
  EXPECT_EQ(refusal_of(print_envelope(envelope)), "envelope-malformed");
  envelope.signatures.push_back({testkit::TestKey("alice-1").public_key().id(), {}});
  EXPECT_EQ(refusal_of(print_envelope(envelope)), "envelope-malformed");
  envelope.signatures.front().signature = {1};
  EXPECT_EQ(refusal_of(print_envelope(envelope)), "accepted");
}

TEST(DsseAttack, D20_CountsAndSizesAreBounded) {
  Envelope envelope{"t", {}, {}};
  const auto key = testkit::TestKey("alice-1").public_key().id();
  for (int i = 0; i < 64; ++i) envelope.signatures.push_back({key, Bytes(1)});
  EXPECT_EQ(refusal_of(print_envelope(envelope)), "accepted");
  envelope.signatures.push_back({key, Bytes(1)});
  EXPECT_EQ(refusal_of(print_envelope(envelope)), "envelope-malformed");
  envelope.signatures = {{key, Bytes(5120)}};
  EXPECT_EQ(refusal_of(print_envelope(envelope)), "accepted");
  envelope.signatures = {{key, Bytes(5121)}};
  EXPECT_EQ(refusal_of(print_envelope(envelope)), "envelope-malformed");
  EXPECT_EQ(refusal_of(std::string(envelope_size_max + 1, ' ')), "envelope-malformed");
}

TEST(DsseAttack, C19_KeyIdIsAFullDigestAndTheTypeIsPlain) {
  const auto good = print_envelope(make_envelope("{}", {"alice-1"}));
  const auto id = testkit::TestKey("alice-1").public_key().id().text();
  std::string upper = id;
  for (char& c : upper) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c;
  for (const auto& bad : {std::string(), id.substr(2), id + "00", upper, std::string("../") + id.substr(3)}) {
    EXPECT_EQ(refusal_of(replaced(good, id, bad)), "envelope-malformed") << bad;
  }
  EXPECT_EQ(refusal_of(replaced(good, statement_payload_type, "")), "envelope-malformed");
  EXPECT_EQ(refusal_of(replaced(good, statement_payload_type, "a\\u0000b")), "envelope-malformed");
  EXPECT_EQ(refusal_of(replaced(good, statement_payload_type, std::string(201, 'a'))), "envelope-malformed");
}

}  // namespace
}  // namespace sallyport
