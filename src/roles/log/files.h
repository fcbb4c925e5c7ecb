// SPDX-License-Identifier: Apache-2.0
// The small files of a log's folder.
#pragma once

#include <optional>

#include "adapters/disk/port.h"
#include "adapters/signer/port.h"
#include "core/tlog/checkpoint.h"
#include "core/tlog/note.h"

namespace sallyport::keeper {

constexpr std::uint32_t private_mode = 0600;
constexpr std::uint32_t public_mode = 0644;

// A file that must be there: log_damaged when it is not, or is larger than it may be.
Result<Bytes> read_own(Disk& disk, const std::string& path, std::uint64_t size_max);

std::string published_path(const std::string& path);
// Old or new, whatever happens, and durable; makes the folders on the way.
Result<void> publish(Disk& disk, const std::string& path, BytesView content);
Result<void> ensure_folders(Disk& disk, const std::string& file);

// log.json: {"schema":"sallyport-log/1","key":"name+id+key"}
std::string print_identity(const tlog::NoteKey& key);
Result<tlog::NoteKey> read_identity(Disk& disk);  // log_not_created, log_damaged

// A checkpoint's text and its SHA-256 on a line.
std::string print_head(const std::string& origin, const tlog::Head& head);
Result<tlog::Head> parse_head(std::string_view text, const std::string& origin);  // log_damaged
Result<tlog::Head> read_head(Disk& disk, const std::string& origin);

// One ascending size on each line.
std::string print_sizes(const std::vector<std::uint64_t>& sizes);
std::optional<std::vector<std::uint64_t>> parse_sizes(std::string_view text);

Result<std::string> sign_checkpoint(const tlog::NoteKey& key, const tlog::Head& head, Signer& signer);

}  // namespace sallyport::keeper
