// SPDX-License-Identifier: Apache-2.0
// Bytes on their way in, and how many of them are on the disk for sure, so that another request, or another server on
// the same folder, can go on where this one was cut off. docs/spec/server.md, *Uploads*.
//
//   uploads/ID.csar   the bytes; beyond what the record says they count for nothing
//   uploads/ID.json   the record: {"schema":"sallyport-upload/1","received":N,"total":N,"changed":SECONDS}
//   uploads/ID.lock   held by whoever writes; a claim in the database may run out while its holder lives
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "adapters/disk/port.h"
#include "core/base/time.h"
#include "core/crypto/digest.h"

namespace sallyport::server {

std::string upload_path(const std::string& package);
// "ID.csar" → "ID".
std::string upload_of(const std::string& file);

struct Received {
  std::uint64_t size = 0;                   // bytes from the beginning that are durable
  std::optional<std::uint64_t> total = {};  // of the whole, where it was said
  std::int64_t changed = 0;                 // when the record was written; 0: there is none
};

// What is there of a package. Without a record that can be read, or with a file that is shorter: nothing. Of one that
// is there as a whole, all but the last byte, so that there is something left to send to have it taken.
Result<Received> find_received(Disk& data, const std::string& package);

// Whether so many bytes more leave of the disk what has to be left: disk_full.
Result<void> check_room(Disk& data, std::uint64_t size, std::uint64_t left_min);

// The one who writes. What it has written since the last mark() is lost with it.
class Upload {
 public:
  // node_busy: another one writes. Nothing of what is there is touched before the next call, which is one of the two.
  static Result<std::unique_ptr<Upload>> hold(Disk& data, const std::string& package);
  Result<void> start(std::optional<std::uint64_t> total);  // from the beginning; whatever is there is lost
  Result<void> go_on(const Received& received);            // after what find_received() has told since hold()
  Upload(const Upload&) = delete;
  Upload& operator=(const Upload&) = delete;

  Result<void> write(BytesView part);
  std::uint64_t size() const { return size_; }      // of what is there with what was written
  std::uint64_t marked() const { return marked_; }  // of what is durable and recorded
  // What was written is durable and recorded from here on. A write or mark that failed lets no other one succeed.
  Result<void> mark(Instant now);
  // Durable; the digest is of what lies on the disk. `step` is called now and then while it is read again.
  Result<Sha256Digest> complete(const std::function<Result<void>()>& step);
  // Once the bytes are elsewhere, or nobody's.
  Result<void> remove_traces();

 private:
  Upload(Disk& data, std::string package, std::unique_ptr<DiskLock> lock)
      : data_(data), package_(std::move(package)), lock_(std::move(lock)) {}
  Result<void> append_held();
  Result<void> make_durable();
  Result<Sha256Digest> digest_again(const std::function<Result<void>()>& step) const;
  template <class Work>
  Result<void> unless_broken(Work&& work);

  Disk& data_;
  std::string package_;
  std::unique_ptr<DiskLock> lock_;
  std::unique_ptr<FileWriter> writer_;  // of one that began; none: bytes are appended to what is there
  Bytes held_;                          // that are still to be appended
  std::optional<std::uint64_t> total_;
  std::optional<FileMetadata> metadata_;
  Hasher hasher_{Sha2::sha256};  // of one that began
  std::uint64_t size_ = 0;
  std::uint64_t marked_ = 0;
  bool is_broken_ = false;
};

}  // namespace sallyport::server
