// SPDX-License-Identifier: Apache-2.0
// For tests of what is plain: what the check says of a content, what those that open say of it, and contents to try.
#pragma once

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "adapters/scanner/memory.h"
#include "adapters/unpacker/archives_for_test.h"
#include "adapters/unpacker/libarchive.h"
#include "core/base/check.h"
#include "core/crypto/file_digest.h"
#include "roles/operator/look.h"
#include "roles/operator/plain.h"

namespace sallyport::intake {

inline bool is_plain(const std::string& content, std::size_t part = 1U << 20U) {
  PlainCheck check;
  for (auto rest = as_bytes(content); !rest.empty(); rest = rest.subspan(std::min(part, rest.size())))
    check.update(rest.first(std::min(part, rest.size())));
  return check.is_plain();
}

// Whether the unpacker, and who looks behind scripts and programs, find nothing.
class FindsNothing final : public Insides {
 public:
  Result<Knowledge> knows(const FileDigest&) override { return Knowledge::nothing; }
  Result<void> opened_nothing_in(const FileDigest& content) override {
    nothing.insert(content);
    return {};
  }
  std::set<FileDigest> nothing;
};

inline bool holds_nothing(const std::string& content) {
  LibarchiveUnpacker unpacker;
  FindsNothing insides;
  const Party party{{},
                    &unpacker,
                    [] { return Result<std::unique_ptr<Scratch>>(std::make_unique<MemoryScratch>()); },
                    {},
                    &insides};
  auto look = Look::begin(party, content.size()).value();
  CHECK(look->feed(as_bytes(content)).ok());
  CHECK(look->finish().ok());
  return insides.nothing.contains(file_digest(as_bytes(content)));
}

// The least that is a program: a header without tables.
inline std::string elf() {
  std::string head(
      "\x7f"
      "ELF\2\1\1",
      7);
  head.resize(64, '\0');
  head[54] = 56;
  head[58] = 64;
  return head;
}

inline void put(std::string& into, std::size_t at, std::uint64_t value) {
  for (std::size_t i = 0; i < 8; ++i) into[at + i] = static_cast<char>(value >> (8 * i));
}

struct Sample {
  std::string name;
  std::string content;
};

inline std::vector<Sample> archives() {
  constexpr auto raw = archive_write_set_format_raw;
  const std::vector<ArchiveForm> forms{
      {"zip", archive_write_set_format_zip, nullptr},
      {"ustar", archive_write_set_format_ustar, nullptr},
      {"pax", archive_write_set_format_pax, nullptr},
      {"gnutar", archive_write_set_format_gnutar, nullptr},
      {"v7tar", archive_write_set_format_v7tar, nullptr},
      {"7z", archive_write_set_format_7zip, nullptr},
      {"cpio", archive_write_set_format_cpio_newc, nullptr},
      {"cpio, odc", archive_write_set_format_cpio_odc, nullptr},
      {"cpio, binary", archive_write_set_format_cpio_bin, nullptr},
      {"ar", archive_write_set_format_ar_bsd, nullptr},
      {"iso", archive_write_set_format_iso9660, nullptr},
      {"xar", archive_write_set_format_xar, nullptr},
      {"gzip", raw, archive_write_add_filter_gzip},
      {"bzip2", raw, archive_write_add_filter_bzip2},
      {"xz", raw, archive_write_add_filter_xz},
      {"zstd", raw, archive_write_add_filter_zstd},
      {"lz4", raw, archive_write_add_filter_lz4},
      {"lzip", raw, archive_write_add_filter_lzip},
      {"compress", raw, archive_write_add_filter_compress},
      {"lzma", raw, archive_write_add_filter_lzma},
  };
  std::vector<Sample> all;
  for (const auto& form : forms)
    all.push_back({form.name, std::string(as_text(make_archive(form, {{"one.txt", "first"}})))});
  const auto without_content = [&](const char* name, int (*filter)(archive*)) {
    all.push_back({name, std::string(as_text(make_archive({name, raw, filter}, {{"one.txt", ""}})))});
  };
  without_content("bzip2 of nothing", archive_write_add_filter_bzip2);
  without_content("gzip of nothing", archive_write_add_filter_gzip);
  all.push_back({"an empty zip", std::string(as_text(make_archive(forms.front(), {})))});
  return all;
}

}  // namespace sallyport::intake
