// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/port.h"

namespace sallyport {

std::string parent_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

std::string name_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

Result<Bytes> Disk::read_small(const std::string& path, std::uint64_t size_max) {
  const auto file = TRY(open(path));
  return file->read(0, file->size(), size_max).within("reading " + path);
}

Result<void> Disk::ensure_folder(const std::string& path) {
  const auto found = TRY(find(path));
  if (!found) return make_folder(path);
  if (found->type != FileType::directory)
    return Error(Code::store_path_diverted, path, "a folder", "something else");
  return {};
}

Result<void> Disk::replace_file(const std::string& path, BytesView content, std::uint32_t mode) {
  const std::string next = path + ".next";
  if (TRY(find(next))) TRY(remove(next));  // left by an interruption
  const auto writer = TRY(create_file(next));
  TRY(writer->write(content));
  const auto made = TRY(find(next));
  if (!made) return Error(Code::io_failed, next);
  TRY(writer->seal({mode, made->uid, made->gid, {}}));
  TRY(sync_file(next));
  TRY(rename(next, path));
  return sync_folder(parent_of(path));
}

Result<void> Disk::replace_link(const std::string& target, const std::string& path) {
  const std::string next = path + ".next";
  if (TRY(find(next))) TRY(remove(next));
  TRY(make_link(target, next));
  TRY(rename(next, path));
  return sync_folder(parent_of(path));
}

}  // namespace sallyport
