// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/scan_cache.h"

#include <gtest/gtest.h>

#include "core/crypto/file_digest.h"
#include "testkit/signer.h"
#include "testkit/statements.h"

namespace sallyport::intake {
namespace {

const EngineInfo& engine() {
  static const EngineInfo info{"clamd", "ClamAV 1.4.6", "27800", testkit::test_time()};
  return info;
}

KnownClean some(int count) {
  KnownClean all;
  for (int i = 0; i < count; ++i) all.insert(file_digest(as_bytes("content " + std::to_string(i))));
  return all;
}

class ScanCache : public testing::Test {
 protected:
  Bytes written(const KnownClean& clean) { return print_scans(engine(), clean, signer_).value(); }
  Result<KnownClean> read(const Bytes& file, const EngineInfo& info = engine()) {
    return read_scans(file, info, signer_.public_key());
  }
  testkit::TestSigner signer_{"intake-1"};
};

TEST_F(ScanCache, IsReadAsItWasWritten) {
  for (const int count : {0, 1, 1000}) {
    const auto known = read(written(some(count)));
    ASSERT_TRUE(known.ok()) << known.error().found;
    EXPECT_EQ(known.value(), some(count));
  }
}

TEST_F(ScanCache, IsForOneVersionAndOneDatabase) {
  const auto file = written(some(3));
  auto newer = engine();
  newer.database = "27801";
  EXPECT_EQ(read(file, newer).value(), KnownClean());
  auto other = engine();
  other.version = "ClamAV 1.4.7";
  EXPECT_EQ(read(file, other).value(), KnownClean());
  other = engine();
  other.engine = "other";
  EXPECT_EQ(read(file, other).value(), KnownClean());
}

TEST_F(ScanCache, H06_NoBitOfItCanBeChanged) {
  const auto file = written(some(2));
  for (std::size_t i = 0; i < file.size(); ++i) {
    auto changed = file;
    changed[i] ^= 1U;
    const auto known = read(changed);
    ASSERT_FALSE(known.ok()) << i;
    EXPECT_EQ(known.error().code, Code::scan_cache_invalid) << i;
  }
}

TEST_F(ScanCache, H06_AnEntryThatWasPlantedIsNotBelieved) {
  auto file = written(some(2));
  const auto planted = file_digest(as_bytes("malware"));
  file.insert(file.end(), planted.bytes().begin(), planted.bytes().end());
  EXPECT_EQ(read(file).error().code, Code::scan_cache_invalid);
  file.resize(file.size() - 2 * FileDigest::size);
  EXPECT_EQ(read(file).error().code, Code::scan_cache_invalid);
  // Nor a whole file that somebody else signed, or nobody.
  testkit::TestSigner stranger("alice-1");
  EXPECT_EQ(read(print_scans(engine(), some(2), stranger).value()).error().code, Code::scan_cache_invalid);
  EXPECT_EQ(read({}).error().code, Code::scan_cache_invalid);
}

// What the key signs for others is no cache, whatever it says.
TEST_F(ScanCache, H06_ASignatureUnderAnotherTypeIsNone) {
  const auto file = written(some(2));
  const auto end = as_text(file).find('\n') + 1;
  const auto own = parse_envelope(BytesView(file).first(end)).value();
  auto other = testkit::to_bytes(testkit::make_envelope(as_text(own.payload), {"intake-1"}));
  other.insert(other.end(), file.begin() + static_cast<std::ptrdiff_t>(end), file.end());
  EXPECT_EQ(read(other).error().code, Code::scan_cache_invalid);
}

TEST_F(ScanCache, IsBounded) {
  const auto known = some(10);
  EXPECT_EQ(joined(known, some(12)), some(12));
  EXPECT_EQ(joined(some(12), known), some(12));
  KnownClean full;
  std::array<std::uint8_t, FileDigest::size> bytes{};
  for (std::size_t i = 0; i < scans_max; ++i) {
    for (std::size_t b = 0; b < 8; ++b) bytes[b] = static_cast<std::uint8_t>(i >> (56 - 8 * b));
    full.insert(full.end(), FileDigest(bytes));
  }
  EXPECT_EQ(joined(full, known), known);
  full.insert(known.begin(), known.end());
  EXPECT_EQ(joined({}, full).size(), scans_max);
}

}  // namespace
}  // namespace sallyport::intake
