// SPDX-License-Identifier: Apache-2.0
#include "roles/server/sweep.h"

#include <map>

#include "roles/server/audit.h"
#include "roles/server/content.h"
#include "roles/server/upload.h"

namespace sallyport::server {
namespace {

constexpr std::uint32_t batch_size = 200;

Result<std::vector<std::string>> files_of(Disk& data, const std::string& folder) {
  if (!TRY(data.find(folder))) return std::vector<std::string>();
  return data.list(folder);
}

// An upload that has been silent for long loses its package, as by another upload.
Result<void> free_silent(World& world, Swept& swept) {
  const auto now = world.clock.now().seconds();
  std::uint64_t after = 0;
  while (true) {
    const auto batch = TRY(world.db.list_packages(after, batch_size));
    for (auto package : batch) {
      after = package.number;
      // What is to be fetched may wait for others before it; or no server does so any more.
      const auto waits = package.source.empty() ? abandoned_seconds : kept_seconds;
      if (package.state != Onboarding::uploading || package.held_until + waits > now) continue;
      const auto holder = package.holder;
      package.state = Onboarding::created;
      if (TRY(find_received(world.data, package.id)).size == 0) package.reserved = 0;
      if (TRY(world.db.finish_claim(package, holder)) == Changed::done) ++swept.packages;
    }
    if (batch.size() < batch_size) return {};
  }
}

// "ID.DIGEST.csar"; while content comes in, its file may be there before the row says so.
enum class Use : std::uint8_t { needed, nobodys };

Result<Use> use_of(World& world, const std::string& file) {
  const auto package = TRY(world.db.find_package(file.substr(0, file.find('.'))));
  if (!package) return Use::nobodys;
  const bool is_needed =
      package->state == Onboarding::uploading || content_path(*package) == "content/" + file;
  return is_needed ? Use::needed : Use::nobodys;
}

// Of an upload. A row says UPLOADING before there is a file, and PROCESSING before the file is elsewhere.
Result<Use> use_of_upload(World& world, const std::string& id) {
  const auto package = TRY(world.db.find_package(id));
  if (!package) return Use::nobodys;
  if (package->state == Onboarding::uploading || package->state == Onboarding::processing) return Use::needed;
  if (package->state != Onboarding::created) return Use::nobodys;
  const auto changed = TRY(find_received(world.data, id)).changed;
  return changed + kept_seconds > world.clock.now().seconds() ? Use::needed : Use::nobodys;
}

Result<void> remove(Disk& data, const std::string& path, std::uint32_t& count) {
  const auto removed = data.remove(path);
  if (!removed.ok() && removed.error().code != Code::file_missing) return removed;
  ++count;
  return {};
}

// Of what is about to go: nobody brings the rest any more. First, as nobody comes back for what has no files.
Result<void> give_room_back(World& world, const std::string& id) {
  const auto package = TRY(world.db.find_package(id));
  if (!package || package->state != Onboarding::created) return {};
  TRY(world.db.reserve(*package, {0, 0, 0}));
  return {};
}

// Looked at again once nobody can write any more.
Result<void> remove_upload(World& world, const std::string& id, const std::vector<std::string>& files,
                           Swept& swept) {
  if (TRY(use_of_upload(world, id)) == Use::needed) return {};
  const auto upload = Upload::hold(world.data, id);
  if (!upload.ok() && upload.error().code == Code::node_busy) return {};
  if (!upload.ok()) return upload.error();
  if (TRY(use_of_upload(world, id)) == Use::needed) return {};
  TRY(give_room_back(world, id));
  TRY(upload.value()->remove_traces());
  std::uint32_t ignored = 0;
  for (const auto& file : files) TRY(remove(world.data, "uploads/" + file, ignored));
  ++swept.uploads;
  return {};
}

Result<void> record_swept(World& world, const Swept& swept) {
  AuditRecord event;
  event.time = world.clock.now().seconds();
  event.source = "local";
  event.action = "SWEEP";
  event.outcome = "success";
  event.detail = std::to_string(swept.uploads) + " uploads, " + std::to_string(swept.contents) +
                 " contents, " + std::to_string(swept.packages) + " packages free again";
  return record(world, event);
}

}  // namespace

Result<Swept> sweep(World& world) {
  Swept swept;
  // First the files, then the rows: a row says UPLOADING before its file is there.
  const auto uploads = TRY(files_of(world.data, "uploads"));
  const auto contents = TRY(files_of(world.data, "content"));
  TRY(free_silent(world, swept));
  std::map<std::string, std::vector<std::string>> files;
  for (const auto& file : uploads) files[upload_of(file)].push_back(file);
  for (const auto& [id, its_files] : files) TRY(remove_upload(world, id, its_files, swept));
  for (const auto& file : contents)
    if (TRY(use_of(world, file)) == Use::nobodys) TRY(remove(world.data, "content/" + file, swept.contents));
  if (swept.uploads + swept.contents + swept.packages > 0) TRY(record_swept(world, swept));
  return swept;
}

}  // namespace sallyport::server
