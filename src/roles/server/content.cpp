// SPDX-License-Identifier: Apache-2.0
#include "roles/server/content.h"

#include "roles/server/upload.h"

namespace sallyport::server {

std::string content_path(const PackageRecord& package) {
  return "content/" + package.id + "." + package.content + ".csar";
}

Result<void> ensure_durable_folder(Disk& data, const std::string& path) {
  if (TRY(data.find(path))) return {};
  const auto made = data.make_folder(path);
  if (!made.ok() && made.error().code != Code::file_exists) return made;
  return data.sync_folder("");
}

Result<void> settle_content(Disk& data, const PackageRecord& package) {
  const auto path = content_path(package);
  TRY(ensure_durable_folder(data, "content"));
  // The file keeps its first name until it has the second one for good; where there are no hard links it is moved.
  if (!TRY(data.find(path)) && !data.link(upload_path(package.id), path).ok() && !TRY(data.find(path)))
    TRY(data.rename(upload_path(package.id), path));
  return data.sync_folder("content");
}

}  // namespace sallyport::server
