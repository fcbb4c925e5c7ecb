// SPDX-License-Identifier: Apache-2.0
// Archives as libarchive writes them, for tests of who opens them.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <map>
#include <memory>
#include <string>

#include "core/base/bytes.h"
#include "core/base/check.h"

namespace sallyport {

using ArchiveMembers = std::map<std::string, std::string>;

struct ArchiveForm {
  const char* name;
  int (*format)(archive*);
  int (*filter)(archive*);
  const char* options = nullptr;
};

inline Bytes make_archive(const ArchiveForm& form, const ArchiveMembers& members) {
  Bytes bytes(8U << 20U);
  std::size_t used = 0;
  const std::unique_ptr<archive, int (*)(archive*)> handle(archive_write_new(), archive_write_free);
  form.format(handle.get());
  if (form.filter != nullptr) form.filter(handle.get());
  archive_write_set_bytes_per_block(handle.get(), 512);
  if (form.options != nullptr) archive_write_set_options(handle.get(), form.options);
  if (form.options != nullptr) archive_write_set_passphrase(handle.get(), "secret");
  CHECK(archive_write_open_memory(handle.get(), bytes.data(), bytes.size(), &used) == ARCHIVE_OK);
  for (const auto& [name, content] : members) {
    const std::unique_ptr<archive_entry, void (*)(archive_entry*)> entry(archive_entry_new(),
                                                                         archive_entry_free);
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0644);
    CHECK(archive_write_header(handle.get(), entry.get()) == ARCHIVE_OK);
    archive_write_data(handle.get(), content.data(), content.size());
  }
  archive_write_close(handle.get());
  bytes.resize(used);
  return bytes;
}

}  // namespace sallyport
