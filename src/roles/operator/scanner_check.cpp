// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/scanner_check.h"

#include "core/base/eicar.h"
#include "core/base/text.h"
#include "core/format/zip.h"

namespace sallyport::intake {
namespace {

// clamd takes a MaxRecursion of 100 at most.
constexpr int nesting = 110;

Result<Bytes> zip_of(BytesView content) {
  const auto name = TRY(RelativePath::parse("member"));
  const auto plan = TRY(plan_zip({{name, content.size(), crc32(0, content)}}));
  Bytes zip = plan.local_headers.front();
  zip.insert(zip.end(), content.begin(), content.end());
  zip.insert(zip.end(), plan.tail.begin(), plan.tail.end());
  return zip;
}

Result<Bytes> nested_zip(BytesView content) {
  Bytes nested = copy(content);
  for (int i = 0; i < nesting; ++i) nested = TRY(zip_of(nested));
  return nested;
}

// The member is marked as encrypted (general purpose flag, bit 0, in both headers); its data is noise then.
Result<Bytes> encrypted_zip() {
  const Bytes noise(200, 0x5a);
  auto zip = TRY(zip_of(noise));
  constexpr std::size_t local_flag_offset = 6;
  constexpr std::size_t central_flag_offset = 8;
  const std::string_view central("PK\x01\x02");
  const auto directory = as_text(zip).find(central);
  CHECK(directory != std::string_view::npos);
  zip[local_flag_offset] |= 1U;
  zip[directory + central_flag_offset] |= 1U;
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

}  // namespace

Result<void> check_scanner(Scanner& scanner) {
  const auto text = eicar_test_file();
  const auto eicar = as_bytes(text);
  const auto zipped = TRY(zip_of(eicar));
  const auto nested = TRY(nested_zip(eicar));
  const auto encrypted = TRY(encrypted_zip());
  TRY(must_find(scanner, eicar, "a scanner that finds the EICAR test file; is its database loaded?"));
  TRY(must_find(scanner, zipped,
                "a scanner that finds the EICAR test file in a ZIP archive (ScanArchive yes)"));
  TRY(must_not_call_clean(scanner, nested,
                          "a scanner that says where its limits stop it (AlertExceedsMax yes)"));
  return must_not_call_clean(scanner, encrypted,
                             "a scanner that says what it cannot decrypt (AlertEncrypted yes)");
}

}  // namespace sallyport::intake
