// SPDX-License-Identifier: Apache-2.0
// What `explain` is asked about besides codes: a file, or a process by its number, held by a descriptor from the
// moment it was found: what goes away or is exchanged meanwhile is still what was named.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "adapters/disk/file_source.h"
#include "core/base/result.h"

namespace sallyport::cli {

struct Subject {
  enum class Kind : std::uint8_t { file, process } kind;
  std::string name;  // as it was given
  std::string
      leads_to;  // where the name leads in the end, as the kernel shows it; "… (deleted)" of one that has none
  std::unique_ptr<FileSource> file;  // absent: not a regular file
  std::uint64_t device;              // of the file system that has it
  std::optional<std::string> group;  // control group (version 2) of a process: "/sallyport-…/mme"
  std::string command;               // of a process: its own name for itself, which proves nothing
};

bool is_process_number(const std::string& text);

// file_missing, permission_missing, not_supported (a thread of the kernel has no program).
Result<Subject> file_named(const std::string& path);
Result<Subject> process_numbered(const std::string& number);

Result<std::uint64_t> device_of(const std::string& folder);

}  // namespace sallyport::cli
