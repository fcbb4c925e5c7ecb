// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/bundle_source.h"

namespace sallyport::operators {
namespace {

class Part final : public ByteSource {
 public:
  Part(const ByteSource& whole, std::uint64_t offset, std::uint64_t size)
      : whole_(whole), offset_(offset), size_(size) {}
  std::uint64_t size() const override { return size_; }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
    if (offset > size_ || into.size() > size_ - offset)
      return Error(Code::truncated, "a fetched file", "bytes up to " + std::to_string(offset + into.size()),
                   std::to_string(size_) + " bytes");
    return whole_.read_at(offset_ + offset, into);
  }

 private:
  const ByteSource& whole_;
  std::uint64_t offset_;
  std::uint64_t size_;
};

}  // namespace

Result<Bytes> BundleSource::read(const std::string& path, std::uint64_t size_max) {
  const auto file = TRY(open(path, size_max));
  return file->read(0, file->size(), size_max).within("reading " + path);
}

Result<std::unique_ptr<ByteSource>> FolderSource::open(const std::string& path, std::uint64_t /*size_max*/) {
  auto file = disk_.open(path);
  if (file.ok()) return std::unique_ptr<ByteSource>(std::move(file).value());
  if (file.error().code != Code::file_missing) return file.take_error();
  return Error(Code::server_file_missing, path, "what the repository lists", "none");
}

Result<std::unique_ptr<ByteSource>> ServerSource::open(const std::string& path, std::uint64_t size_max) {
  auto found = fetched_.find(path);
  if (found == fetched_.end()) {
    const auto offset = scratch_.size();
    const auto url = url_ + (url_.ends_with('/') ? "" : "/") + path;
    TRY(fetcher_.fetch({url, size_max}, scratch_));
    found = fetched_.emplace(path, Place{offset, scratch_.size() - offset}).first;
  }
  const auto [offset, size] = found->second;
  return std::unique_ptr<ByteSource>(std::make_unique<Part>(scratch_, offset, size));
}

}  // namespace sallyport::operators
