// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/scanner_check.h"

#include "core/base/eicar.h"
#include "core/base/text.h"
#include "core/format/zip.h"

namespace sallyport::intake {
namespace {

// An engine prints the time of its database without a zone, and may be east of us.
constexpr std::int64_t zone_seconds_max = 14 * 3600;

// clamd takes a MaxRecursion of 100 at most.
constexpr int nesting = 110;

struct Member {
  BytesView data;
  std::uint32_t crc32;
};

Result<Bytes> zip_of(const Member& member) {
  const auto name = TRY(RelativePath::parse("member"));
  const auto plan = TRY(plan_zip({{name, member.data.size(), member.crc32}}));
  Bytes zip = plan.local_headers.front();
  zip.insert(zip.end(), member.data.begin(), member.data.end());
  zip.insert(zip.end(), plan.tail.begin(), plan.tail.end());
  return zip;
}

// Our own archives are stored and in the clear; here we need what others make. Fields of both headers.
class Headers {
 public:
  explicit Headers(Bytes& zip) : zip_(&zip), central_(as_text(zip).rfind("PK\x01\x02")) {
    CHECK(central_ != std::string_view::npos);
  }
  void set_encrypted() { set(6, 8, 1); }
  void set_deflated(std::uint8_t size) {
    set(8, 10, 8);
    set(22, 24, size);
  }

 private:
  void set(std::size_t local_offset, std::size_t central_offset, std::uint8_t value) {
    (*zip_)[local_offset] = value;
    (*zip_)[central_ + central_offset] = value;
  }
  Bytes* zip_;
  std::size_t central_;
};

// The test file is nowhere in these bytes: only who unpacks finds it.
Result<Bytes> eicar_zip() {
  const auto text = eicar_test_file();
  const auto deflated = eicar_deflated();
  auto zip = TRY(zip_of({as_bytes(deflated), crc32(0, as_bytes(text))}));
  Headers(zip).set_deflated(static_cast<std::uint8_t>(text.size()));
  return zip;
}

Result<Bytes> nested_zip(Bytes inner) {
  for (int i = 0; i < nesting; ++i) inner = TRY(zip_of({inner, crc32(0, inner)}));
  return inner;
}

// Encrypted data is noise.
Result<Bytes> encrypted_zip() {
  const Bytes noise(200, 0x5a);
  auto zip = TRY(zip_of({noise, crc32(0, noise)}));
  Headers(zip).set_encrypted();
  return zip;
}

Error unfit(std::string expected, const ScanAnswer& answer) {
  return {Code::scanner_failed, "scanner self-test", std::move(expected),
          answer.result == ScanResult::clean ? "it says clean" : printable(answer.detail)};
}

Result<void> must_find(Scanner& scanner, BytesView content, std::string expected) {
  const auto answer = TRY(scan_content(scanner, content));
  if (answer.result != ScanResult::found) return unfit(std::move(expected), answer);
  return {};
}

Result<void> must_not_call_clean(Scanner& scanner, BytesView content, std::string expected) {
  const auto answer = TRY(scan_content(scanner, content));
  if (answer.result == ScanResult::clean) return unfit(std::move(expected), answer);
  return {};
}

Result<void> check_archives(Scanner& scanner) {
  const auto zipped = TRY(eicar_zip());
  const auto nested = TRY(nested_zip(zipped));
  const auto encrypted = TRY(encrypted_zip());
  TRY(must_find(scanner, zipped,
                "a scanner that finds the EICAR test file in a ZIP archive (ScanArchive yes)"));
  TRY(must_not_call_clean(scanner, nested,
                          "a scanner that says where its limits stop it (AlertExceedsMax yes)"));
  return must_not_call_clean(scanner, encrypted,
                             "a scanner that says what it cannot decrypt (AlertEncrypted yes)");
}

}  // namespace

Result<SelfTest> check_scanner(Scanner& scanner, EngineTrial trial) {
  if (trial == EngineTrial::none) return SelfTest::passed;
  const auto text = eicar_test_file();
  const auto answer = TRY(scan_content(scanner, as_bytes(text)));
  if (answer.result == ScanResult::clean) return SelfTest::finds_nothing;
  if (answer.result != ScanResult::found) return unfit("a scanner that finds the EICAR test file", answer);
  if (trial == EngineTrial::malware_in_archives) TRY(check_archives(scanner));
  return SelfTest::passed;
}

Result<Engine> ready_engine(Scanner& scanner, Instant now) {
  auto info = TRY(scanner.info());
  info.self_test = TRY(check_scanner(scanner, info.trial));
  if (info.database_time > now.plus(zone_seconds_max))
    return Error(Code::scanner_failed, info.engine, "a database from before " + now.print(),
                 info.database_time.print());
  info.database_time = std::min(info.database_time, now);
  return Engine{&scanner, std::move(info)};
}

}  // namespace sallyport::intake
