// SPDX-License-Identifier: Apache-2.0
// Stamps for every signature of a package. The one with two kinds of signatures was made elsewhere
// (tests/vectors/hybrid): to stamp it takes no ML-DSA.
#include "roles/vendor/timestamp.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/crypto/cms.h"
#include "core/crypto/cms_edit.h"
#include "core/crypto/cms_outline.h"
#include "core/crypto/der.h"
#include "testkit/package.h"
#include "testkit/package_blocks.h"
#include "testkit/revocation.h"

namespace sallyport::vendor {
namespace {

using namespace testkit;

// What a query asks for: TimeStampReq, RFC 3161, section 2.4.1.
struct Asked {
  Bytes imprint;
  Bytes nonce;
};

Asked read_query(BytesView query) {
  constexpr auto malformed = Code::time_stamp_malformed;
  DerReader outer(query, malformed);
  DerReader reader(outer.next(der::sequence).value().content, malformed);
  EXPECT_TRUE(reader.next(der::integer).ok());
  DerReader imprint(reader.next(der::sequence).value().content, malformed);
  EXPECT_TRUE(imprint.next(der::sequence).ok());
  return {copy(imprint.next(der::octet_string).value().content),
          copy(reader.next(der::integer).value().content)};
}

Bytes digest_of(BytesView signature) {
  const auto digest = sha256(signature);
  return {digest.bytes().begin(), digest.bytes().end()};
}

class Stamping : public ::testing::Test {
 protected:
  Bytes reply_to(BytesView query, const std::string& time) const {
    const auto asked = read_query(query);
    StampOptions options;
    options.imprint = asked.imprint;
    options.nonce = asked.nonce;
    options.time = time;
    return time_stamp_reply(make_time_stamp(stamper_, {}, options));
  }
  static std::vector<Bytes> queries_of(BytesView package) {
    InlineWorkers workers;
    return time_stamp_queries(MemorySource(package), workers).value();
  }
  std::vector<Bytes> replies_to(const std::vector<Bytes>& queries) const {
    std::vector<Bytes> replies;
    for (const auto& query : queries)
      replies.push_back(reply_to(query, "2026061511000" + std::to_string(replies.size()) + "Z"));
    return replies;
  }
  Result<StampReport> add(BytesView package, const std::vector<Bytes>& replies) {
    InlineWorkers workers;
    output_ = MemorySink();
    return add_time_stamps(MemorySource(package), replies, output_, workers);
  }
  // The refusal; nothing may have been written.
  Code refusal(BytesView package, const std::vector<Bytes>& replies) {
    const auto refused = add(package, replies);
    EXPECT_FALSE(refused.ok());
    EXPECT_TRUE(output_.bytes().empty());
    return refused.ok() ? Code::internal_error : refused.error().code;
  }

  const Authority stamps_ = Authority::root("Stamp CA");
  const Identity stamper_ = make_identity(stamps_, KeyType::p256, stamper_options());
  MemorySink output_;
};

struct Signature {
  Bytes value;
  Bytes time_stamp;  // empty: none
};

std::vector<Signature> signatures_in(const std::string& block, std::string_view label) {
  std::vector<Signature> all;
  const auto der = cms_from_pem(block, label).value();
  for (const auto& signer : read_cms_outline(der, CmsKind::manifest).value().signers)
    all.push_back({copy(signer.signature), signer.time_stamp ? copy(*signer.time_stamp) : Bytes()});
  return all;
}

std::vector<Signature> signatures_of_package(BytesView package) {
  const auto blocks = blocks_of(package);
  auto all = signatures_in(blocks.first, cms_label);
  if (blocks.second.empty()) return all;
  const auto more = signatures_in(blocks.second, second_cms_label);
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

TEST_F(Stamping, AsksOnceForEachSignature) {
  for (const auto& package : {make_package(), hybrid_vector("1.csar")}) {
    const auto signatures = signatures_of_package(package);
    const auto queries = queries_of(package);
    ASSERT_EQ(queries.size(), signatures.size());
    for (std::size_t i = 0; i < queries.size(); ++i)
      EXPECT_EQ(read_query(queries[i]).imprint, digest_of(signatures[i].value)) << i;
    EXPECT_EQ(queries_of(package), queries);
    EXPECT_NE(read_query(queries.front()).nonce == read_query(queries.back()).nonce, queries.size() == 2);
  }
}

TEST_F(Stamping, EverySignatureGetsItsOwn) {
  const auto package = hybrid_vector("1.csar");
  const auto report = add(package, replies_to(queries_of(package))).value();
  ASSERT_EQ(report.stamps.size(), 2U);
  EXPECT_EQ(report.package, sha256(output_.bytes()));
  EXPECT_EQ(report.size, output_.bytes().size());
  const auto before = signatures_of_package(package);
  const auto after = signatures_of_package(output_.bytes());
  ASSERT_EQ(after.size(), 2U);
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i].value, before[i].value);
    const auto stamp =
        verify_time_stamp(after[i].time_stamp, after[i].value, {stamps_.certificate()}, noon()).value();
    EXPECT_EQ(stamp.time, report.stamps[i].time);
    EXPECT_EQ(stamp.time.print(), "2026-06-15T11:00:0" + std::to_string(i) + "Z");
  }
  EXPECT_EQ(blocks_of(output_.bytes()).octets, blocks_of(package).octets);
}

// Of a source whose releases two persons sign: two SignerInfos in one block.
TEST_F(Stamping, SeveralSignersOfOneBlock) {
  PackageParts parts;
  parts.signers = {&acme(), &stranger()};
  const auto package = make_package(parts);
  const auto queries = queries_of(package);
  ASSERT_EQ(queries.size(), 2U);
  ASSERT_TRUE(add(package, replies_to(queries)).ok());
  for (const auto& signature : signatures_of_package(output_.bytes()))
    EXPECT_TRUE(
        verify_time_stamp(signature.time_stamp, signature.value, {stamps_.certificate()}, noon()).ok());
}

TEST_F(Stamping, NewStampsTakeThePlaceOfTheOld) {
  const auto package = hybrid_vector("1.csar");
  ASSERT_TRUE(add(package, replies_to(queries_of(package))).ok());
  const auto once = output_.bytes();
  const auto queries = queries_of(once);
  EXPECT_EQ(queries, queries_of(package));
  ASSERT_TRUE(
      add(once, {reply_to(queries[0], "20260615113000Z"), reply_to(queries[1], "20260615113001Z")}).ok());
  for (const auto& [value, time_stamp] : signatures_of_package(output_.bytes())) {
    const auto stamp = verify_time_stamp(time_stamp, value, {stamps_.certificate()}, noon()).value();
    EXPECT_EQ(stamp.time.print().substr(0, 16), "2026-06-15T11:30");
  }
}

TEST_F(Stamping, AllOfThemOrNone) {
  const auto package = hybrid_vector("1.csar");
  const auto replies = replies_to(queries_of(package));
  EXPECT_EQ(refusal(package, {}), Code::usage_error);
  EXPECT_EQ(refusal(package, {replies[0]}), Code::usage_error);
  EXPECT_EQ(refusal(package, {replies[1]}), Code::usage_error);
  EXPECT_EQ(refusal(package, {replies[0], replies[1], replies[1]}), Code::usage_error);
  EXPECT_EQ(refusal(make_package(), replies), Code::usage_error);
}

TEST_F(Stamping, E09_EachReplyIsForItsOwnSignature) {
  const auto package = hybrid_vector("1.csar");
  const auto replies = replies_to(queries_of(package));
  EXPECT_EQ(refusal(package, {replies[1], replies[0]}), Code::time_stamp_invalid);
  EXPECT_EQ(refusal(package, {replies[0], replies[0]}), Code::time_stamp_invalid);
  EXPECT_EQ(refusal(package, {replies[1], replies[1]}), Code::time_stamp_invalid);
  const auto others = replies_to(queries_of(hybrid_vector("2.csar")));
  EXPECT_EQ(refusal(package, {replies[0], others[1]}), Code::time_stamp_invalid);
  EXPECT_EQ(refusal(package, {replies[0], time_stamp_reply({}, 2)}), Code::time_stamp_not_granted);
}

TEST_F(Stamping, NobodySigned) {
  PackageParts parts;
  parts.signers = {};
  InlineWorkers workers;
  const auto package = make_package(parts);
  EXPECT_EQ(time_stamp_queries(MemorySource(package), workers).error().code, Code::signature_missing);
  EXPECT_EQ(refusal(package, {}), Code::signature_missing);
}

}  // namespace
}  // namespace sallyport::vendor
