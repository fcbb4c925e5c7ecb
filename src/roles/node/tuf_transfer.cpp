// SPDX-License-Identifier: Apache-2.0
#include "roles/node/tuf_transfer.h"

#include <algorithm>

#include "core/trust/tuf/hashes.h"

namespace sallyport::node {
namespace {

constexpr std::uint64_t part_size = 1ULL << 20U;
constexpr int attempts_max = 1000;
constexpr std::uint32_t file_mode = 0644;

// Writes and digests the same bytes.
class CheckedSink final : public ByteSink {
 public:
  CheckedSink(FileWriter& writer, tuf::TargetCheck& check) : writer_(writer), check_(check) {}
  Result<void> write(BytesView bytes) override {
    TRY(check_.feed(bytes));
    size_ += bytes.size();
    return writer_.write(bytes);
  }
  std::uint64_t size() const { return size_; }

 private:
  FileWriter& writer_;
  tuf::TargetCheck& check_;
  std::uint64_t size_ = 0;
};

Result<void> copy_all(const ByteSource& from, ByteSink& to) {
  Bytes buffer(static_cast<std::size_t>(std::min(part_size, from.size())));
  for (std::uint64_t offset = 0; offset < from.size(); offset += part_size) {
    const std::span<std::uint8_t> part(buffer.data(),
                                       static_cast<std::size_t>(std::min(part_size, from.size() - offset)));
    TRY(from.read_at(offset, part));
    TRY(to.write(part));
  }
  return {};
}

class CheckOnly final : public ByteSink {
 public:
  explicit CheckOnly(tuf::TargetCheck& check) : check_(check) {}
  Result<void> write(BytesView bytes) override { return check_.feed(bytes); }

 private:
  tuf::TargetCheck& check_;
};

Result<void> drop(Disk& disk, const std::string& path) {
  if (TRY(disk.find(path)).has_value()) return disk.remove(path);
  return {};
}

bool broke_off(Code code) {
  return code == Code::server_unreachable || code == Code::server_too_slow;
}

}  // namespace

bool is_there(Disk& disk, const std::string& name, const tuf::TargetFile& file) {
  const auto found = disk.open(name);
  if (!found.ok() || found.value()->size() != file.length) return false;
  tuf::TargetCheck check(file, name);
  CheckOnly sink(check);
  return copy_all(*found.value(), sink).ok() && check.finish().ok();
}

Result<void> TargetTransfer::attempt(Disk& disk, const std::string& part, From from) {
  const std::string before = part + ".before";
  TRY(drop(disk, before));
  if (TRY(disk.find(part)).has_value()) TRY(disk.rename(part, before));
  const auto writer = TRY(disk.create_file(part));
  tuf::TargetCheck check(file_, path_);
  CheckedSink sink(*writer, check);
  pieced_together_ = false;
  if (from == From::where_it_was && TRY(disk.find(before)).has_value()) {
    const auto kept = TRY(disk.open(before));
    TRY(copy_all(*kept, sink));
    pieced_together_ = kept->size() > 0;
  }
  TRY(drop(disk, before));
  for (int i = 0; i < attempts_max && (sink.size() < file_.length || file_.length == 0); ++i) {
    const auto had = sink.size();
    auto fetched = fetcher_.fetch({url_, file_.length, had}, sink);
    if (fetched.ok()) break;
    if (!broke_off(fetched.error().code) || sink.size() == had) return fetched;
    pieced_together_ = true;
  }
  TRY(check.finish());
  const auto made = TRY(disk.find(part));
  if (!made.has_value()) return Error(Code::io_failed, part);
  TRY(writer->seal({file_mode, made->uid, made->gid, {}}));
  return disk.sync_file(part);
}

Result<void> TargetTransfer::run(Disk& disk, const std::string& name) {
  const std::string part = name + "+part";  // file_name_for() makes no such name
  auto done = attempt(disk, part, From::where_it_was);
  if (!done.ok() && pieced_together_ && !broke_off(done.error().code))
    done = attempt(disk, part, From::the_beginning);
  if (!done.ok()) {
    // What broke off is worth keeping; nothing, or what does not verify, is not.
    const auto left = TRY(disk.find(part));
    if (!broke_off(done.error().code) || (left.has_value() && left->size == 0)) TRY(drop(disk, part));
    return done;
  }
  TRY(disk.rename(part, name));
  return disk.sync_folder(parent_of(name));
}

}  // namespace sallyport::node
