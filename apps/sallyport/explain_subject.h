// SPDX-License-Identifier: Apache-2.0
// What `explain` is asked about besides codes: a file, or a process by its number, held by a descriptor from the
// moment it was found: what goes away or is exchanged meanwhile is still what was named.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/disk/file_source.h"
#include "core/base/result.h"

namespace sallyport::cli {

struct Subject {
  enum class Kind : std::uint8_t { file, process, mapped } kind;
  std::string name;  // as it was given
  std::string
      leads_to;  // where the name leads in the end, as the kernel shows it; "… (deleted)" of one that has none
  std::unique_ptr<FileSource> file;  // absent: not a regular file
  std::uint64_t device;              // of the file system that has it
  std::optional<std::string> group;  // control group (version 2) of a process: "/sallyport-…/mme"
  std::string command;               // of a process: its own name for itself, which proves nothing
  std::uint64_t inode = 0;
  bool others_may_write = false;     // than root
  std::vector<Subject> mapped = {};  // of a process: the other files that it has mapped as code, each once
  std::optional<std::string> service =
      {};  // of the program of a service that was asked for by sallyport's own process
  std::uint64_t code_without_file = 0;  // mappings of code in memory alone
};

bool is_process_number(const std::string& text);

// file_missing, permission_missing, not_supported (a thread of the kernel has no program).
Result<Subject> file_named(const std::string& path);
Result<Subject> process_numbered(const std::string& number);
// The first of its children that still lives; nothing where it has none, or where this kernel does not tell.
std::optional<std::string> first_child_of(const std::string& process);

Result<std::uint64_t> device_of(const std::string& folder);

}  // namespace sallyport::cli
