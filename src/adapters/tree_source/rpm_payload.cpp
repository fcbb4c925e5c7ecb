// SPDX-License-Identifier: Apache-2.0
#include "adapters/tree_source/rpm_payload.h"

#include "core/base/text.h"

namespace sallyport {
namespace {

Compression compression_of(RpmCompressor compressor) {
  switch (compressor) {
    case RpmCompressor::gzip:
      return Compression::gzip;
    case RpmCompressor::xz:
      return Compression::xz;
    case RpmCompressor::zstd:
      return Compression::zstd;
  }
  return Compression::gzip;
}

}  // namespace

RpmPayload::RpmPayload(std::unique_ptr<UnpackedRange> range, std::string where, const RpmPackage& package)
    : range_(std::move(range)),
      cpio_([from = range_.get()] { return from->next(); }),
      where_(std::move(where)),
      package_(&package) {
  for (std::size_t i = 0; i < package.files.size(); ++i) {
    if (package.files[i].in_payload) missing_.emplace(package.files[i].path.text(), i);
  }
}

Error RpmPayload::refused(std::string expected, std::string_view found) const {
  return {Code::archive_malformed, where_, std::move(expected), printable(found.substr(0, 300))};
}

Result<std::unique_ptr<RpmPayload>> RpmPayload::open(const SourceFileName& file, const RpmPackage& package) {
  auto bytes = TRY(open_source(file));
  auto range =
      TRY(UnpackedRange::open({file.name, std::move(bytes), package.payload_offset, package.payload_size,
                               compression_of(package.compressor), package.unpacked}));
  return std::unique_ptr<RpmPayload>(new RpmPayload(std::move(range), file.name, package));
}

Result<void> RpmPayload::check(const CpioHeader& header, const RpmFile& file) const {
  const auto& path = file.path.text();
  if (header.mode != file.mode)
    return refused("the type and mode of " + path + " as in the header", "another");
  std::uint64_t size = 0;
  if (file.type == EntryType::file) size = file.size;
  if (file.type == EntryType::link) size = file.link_target.size();
  const bool elsewhere = file.type == EntryType::file && header.size == 0 && file.inode && header.links > 1;
  if (header.size == size || elsewhere) return {};
  return refused(path + " of " + std::to_string(size) + " bytes, as in the header",
                 std::to_string(header.size));
}

Result<std::optional<RpmPayload::Entry>> RpmPayload::next() {
  const auto entry = TRY(cpio_.next());
  if (!entry) {
    if (missing_.empty()) return std::optional<Entry>();
    return refused("every file of the header", missing_.begin()->first);
  }
  const std::string_view name(entry->name);
  const auto found = name.starts_with("./") ? missing_.find(name.substr(2)) : missing_.end();
  if (found == missing_.end()) return refused("files of the header, each once", name);
  const auto index = found->second;
  const auto& file = package_->files[index];
  missing_.erase(found);
  TRY(check(entry->header, file));
  if (file.type == EntryType::link) {
    Bytes target(file.link_target.size());
    TRY(cpio_.read(target));
    if (as_text(target) != file.link_target) return refused("a link to " + file.link_target, as_text(target));
  }
  return std::optional(Entry{index, file.type == EntryType::file && entry->header.size == file.size});
}

}  // namespace sallyport
