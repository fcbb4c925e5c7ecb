// SPDX-License-Identifier: Apache-2.0
// One folder of a file system and what lies below it: all that the node's store does to a disk.
//
// Paths are relative to that folder, are components joined by single slashes ("" is the folder itself), and
// never lead out of it: not by "..", not through a symbolic link, not onto another mount
// (store_path_diverted). Nothing ever follows a symbolic link.
//
// What has returned without error is visible to later calls. It outlasts a power cut only when it was synced:
// content and metadata of a file by sync_file or append, names in a folder by sync_folder, everything by
// sync_all. A sync that fails is final for what it was to make durable: write that again from its source.
//
// Missing things are file_missing, things in the way file_exists, no room disk_full, the rest io_failed.
// Calls may come from several threads at once.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.h"

namespace sallyport {

enum class FileType : std::uint8_t { file, directory, link, other };

struct FileStatus {
  FileType type;
  std::uint32_t mode;  // permission bits, 0-07777
  std::uint32_t uid;
  std::uint32_t gid;
  std::uint64_t size;
  std::uint64_t links;
  std::uint64_t changed;  // nanoseconds of some clock: to tell the older file from the newer, no more
};

// What a file or folder is to be when it is complete.
struct FileMetadata {
  std::uint32_t mode;
  std::uint32_t uid;
  std::uint32_t gid;
  std::vector<std::string> capabilities;  // Linux file capabilities, sorted; permitted and effective
};

// A new file. It is 0600 and the caller's until seal() gives it owner, capabilities and, last of all, its
// mode: nobody else can open it, and it is never setuid, before its content is complete.
class FileWriter {
 public:
  virtual ~FileWriter() = default;
  virtual Result<void> write(BytesView bytes) = 0;
  virtual Result<void> seal(const FileMetadata& metadata) = 0;  // ends the writing
};

// An open regular file: its bytes, and what the very same file was when it was opened.
class StoredFile : public ByteSource {
 public:
  virtual Result<FileStatus> status() const = 0;
  virtual Result<std::vector<std::string>> capabilities() const = 0;  // sorted
};

struct DiskSpace {
  std::uint64_t bytes_free;
  std::uint64_t files_free;
};

// Who keeps a file's content as it is: by_kernel, fs-verity of the file system; nobody, it has none here.
enum class Frozen : std::uint8_t { by_kernel, by_nobody };

// Held until it is destroyed, or the process ends.
class DiskLock {
 public:
  virtual ~DiskLock() = default;
};

class Disk {
 public:
  virtual ~Disk() = default;

  // Making and changing. Each of these is one step that happens or does not, but for remove_tree.
  virtual Result<void> make_folder(const std::string& path) = 0;  // 0700
  virtual Result<void> seal_folder(const std::string& path, const FileMetadata& metadata) = 0;
  virtual Result<std::unique_ptr<FileWriter>> create_file(const std::string& path) = 0;
  virtual Result<void> link(const std::string& from, const std::string& to) = 0;
  virtual Result<void> make_link(const std::string& target, const std::string& path) = 0;
  virtual Result<void> set_link_owner(const std::string& path, std::uint32_t uid, std::uint32_t gid) = 0;
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;  // replaces a file or link
  virtual Result<void> remove(const std::string& path) = 0;                         // a file or link
  virtual Result<void> remove_tree(const std::string& path) = 0;  // whatever the modes; missing is no error
  virtual Result<void> append(const std::string& path, BytesView bytes) = 0;  // durable when it returns
  virtual Result<void> truncate(const std::string& path, std::uint64_t size) = 0;

  // From here on the kernel refuses every change of the file's content, and every read of what is not what it was
  // now (io_failed). The name, the links and the metadata stay free. A second time is no error. Somebody has it open
  // for writing: io_failed.
  virtual Result<Frozen> freeze(const std::string& path) = 0;

  // Making durable.
  virtual Result<void> sync_file(const std::string& path) = 0;
  virtual Result<void> sync_folder(const std::string& path) = 0;
  virtual Result<void> sync_all() = 0;

  // Looking.
  virtual Result<std::optional<FileStatus>> find(const std::string& path) = 0;
  virtual Result<std::vector<std::string>> list(const std::string& path) = 0;  // names, sorted
  virtual Result<std::string> read_link(const std::string& path) = 0;
  virtual Result<std::unique_ptr<StoredFile>> open(const std::string& path) = 0;
  virtual Result<DiskSpace> space() = 0;

  virtual Result<std::unique_ptr<DiskLock>> lock(const std::string& path) = 0;  // node_busy

  // What the above add up to.
  Result<Bytes> read_small(const std::string& path, std::uint64_t size_max);
  Result<void> ensure_folder(const std::string& path);
  // Old or new, whatever happens, and durable.
  Result<void> replace_file(const std::string& path, BytesView content, std::uint32_t mode);
  Result<void> replace_link(const std::string& target, const std::string& path);
};

// "a/b/c" → "a/b"; "a" → "".
std::string parent_of(const std::string& path);
std::string name_of(const std::string& path);

}  // namespace sallyport
