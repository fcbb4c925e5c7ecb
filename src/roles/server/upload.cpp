// SPDX-License-Identifier: Apache-2.0
#include "roles/server/upload.h"

#include <algorithm>

#include "core/format/json.h"
#include "core/format/json_writer.h"
#include "roles/server/content.h"

namespace sallyport::server {
namespace {

constexpr std::string_view schema = "sallyport-upload/1";
constexpr std::uint64_t record_size_max = 4096;
constexpr std::uint64_t size_max = std::uint64_t{1} << 44U;
constexpr std::uint64_t seconds_max = std::uint64_t{1} << 40U;
constexpr std::size_t held_max = 1U << 20U;  // each append costs a sync
constexpr std::uint64_t step_size = 1U << 20U;

std::string record_path(const std::string& package) {
  return "uploads/" + package + ".json";
}

std::string lock_path(const std::string& package) {
  return "uploads/" + package + ".lock";
}

std::string print_record(const Received& received) {
  JsonWriter to;
  to.begin_object().text("schema", schema).number("received", received.size);
  if (received.total) to.number("total", *received.total);
  to.number("changed", static_cast<std::uint64_t>(std::max<std::int64_t>(received.changed, 0)));
  return to.end_object().take();
}

Result<Received> parse_record(BytesView text) {
  const auto document = TRY(JsonDocument::parse(text, record_size_max, Code::json_malformed));
  auto from = TRY(document.object());
  TRY(from.expect("schema", schema));
  Received received;
  received.size = TRY(from.number("received", size_max));
  if (from.has("total")) received.total = TRY(from.number("total", size_max));
  received.changed = static_cast<std::int64_t>(TRY(from.number("changed", seconds_max)));
  TRY(from.finish());
  if (received.total && received.size > *received.total)
    return Error(Code::json_malformed, "received", "at most the total", std::to_string(received.size));
  return received;
}

Result<void> remove_if_there(Disk& data, const std::string& path) {
  auto removed = data.remove(path);
  if (!removed.ok() && removed.error().code == Code::file_missing) return {};
  return removed;
}

// The record first, for good: it must never speak of bytes that are gone, or of others.
Result<void> remove_bytes(Disk& data, const std::string& package) {
  TRY(remove_if_there(data, record_path(package)));
  TRY(data.sync_folder("uploads"));
  return remove_if_there(data, upload_path(package));
}

}  // namespace

std::string upload_path(const std::string& package) {
  return "uploads/" + package + ".csar";
}

std::string upload_of(const std::string& file) {
  return file.substr(0, file.find('.'));
}

Result<Received> find_received(Disk& data, const std::string& package) {
  const Received nothing;
  const auto file = TRY(data.find(upload_path(package)));
  if (!file || !TRY(data.find(record_path(package)))) return nothing;
  const auto text = TRY(data.read_small(record_path(package), record_size_max));
  auto record = parse_record(text);
  if (!record.ok() || record.value().size > file->size) return nothing;
  auto received = std::move(record).value();
  if (received.total && received.size > 0 && received.size == *received.total) --received.size;
  return received;
}

Result<void> check_room(Disk& data, std::uint64_t size, std::uint64_t left_min) {
  if (left_min == 0) return {};
  const auto free = TRY(data.space()).bytes_free;
  if (free >= left_min && free - left_min >= size) return {};
  return Error(Code::disk_full, "data", std::to_string(left_min) + " bytes left beside what comes in",
               std::to_string(free) + " bytes free");
}

Result<std::unique_ptr<Upload>> Upload::hold(Disk& data, const std::string& package) {
  TRY(ensure_durable_folder(data, "uploads"));
  auto lock = TRY(data.lock(lock_path(package)));
  return std::unique_ptr<Upload>(new Upload(data, package, std::move(lock)));
}

Result<void> Upload::start(std::optional<std::uint64_t> total) {
  total_ = total;
  TRY(remove_bytes(data_, package_));
  const auto folder = TRY(data_.find("uploads"));
  if (!folder) return Error(Code::io_failed, "uploads", "a folder", "none");
  metadata_ = FileMetadata{0640, folder->uid, folder->gid, {}};
  writer_ = TRY(data_.create_file(upload_path(package_)));
  return {};
}

Result<void> Upload::go_on(const Received& received) {
  total_ = received.total;
  TRY(data_.truncate(upload_path(package_), received.size));
  size_ = received.size;
  marked_ = received.size;
  return {};
}

template <class Work>
Result<void> Upload::unless_broken(Work&& work) {
  if (is_broken_) return Error(Code::io_failed, "uploads", "a disk that takes what is written", "none");
  Result<void> done = work();
  is_broken_ = !done.ok();
  return done;
}

Result<void> Upload::write(BytesView part) {
  return unless_broken([&]() -> Result<void> {
    if (writer_) {
      hasher_.update(part);
      TRY(writer_->write(part));
    } else {
      held_.insert(held_.end(), part.begin(), part.end());
      if (held_.size() >= held_max) TRY(append_held());
    }
    size_ += part.size();
    return {};
  });
}

Result<void> Upload::append_held() {
  if (held_.empty()) return {};
  TRY(data_.append(upload_path(package_), held_));
  held_.clear();
  return {};
}

Result<void> Upload::make_durable() {
  return writer_ ? data_.sync_file(upload_path(package_)) : append_held();
}

Result<void> Upload::mark(Instant now) {
  return unless_broken([&]() -> Result<void> {
    if (size_ == marked_) return {};
    TRY(make_durable());
    const auto record = print_record({size_, total_, now.seconds()});
    TRY(data_.replace_file(record_path(package_), as_bytes(record), 0640));
    marked_ = size_;
    return {};
  });
}

Result<Sha256Digest> Upload::complete(const std::function<Result<void>()>& step) {
  const bool is_of_one_piece = writer_ != nullptr;
  TRY(unless_broken([&]() -> Result<void> {
    if (!writer_) return append_held();
    TRY(writer_->seal(*metadata_));
    return data_.sync_file(upload_path(package_));
  }));
  // The name as well: the row is about to say that the file is there.
  TRY(data_.sync_folder("uploads"));
  if (is_of_one_piece) return hasher_.finish_sha256();
  return digest_again(step);
}

Result<Sha256Digest> Upload::digest_again(const std::function<Result<void>()>& step) const {
  const auto file = TRY(data_.open(upload_path(package_)));
  if (file->size() != size_)
    return Error(Code::io_failed, "uploads", std::to_string(size_), std::to_string(file->size()));
  Hasher hasher(Sha2::sha256);
  for (std::uint64_t at = 0; at < size_; at += step_size) {
    hasher.update(TRY(file->read(at, std::min(step_size, size_ - at), step_size)));
    TRY(step());
  }
  return hasher.finish_sha256();
}

Result<void> Upload::remove_traces() {
  TRY(remove_bytes(data_, package_));
  return remove_if_there(data_, lock_path(package_));
}

}  // namespace sallyport::server
