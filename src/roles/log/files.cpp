// SPDX-License-Identifier: Apache-2.0
#include "roles/log/files.h"

#include "core/format/fields.h"
#include "core/format/json_writer.h"
#include "core/tlog/lines.h"
#include "roles/log/store.h"

namespace sallyport::keeper {
namespace {

constexpr std::string_view schema = "sallyport-log/1";
constexpr std::uint64_t small_size_max = 4096;
constexpr std::uint32_t folder_mode = 0755;

}  // namespace

Result<Bytes> read_own(Disk& disk, const std::string& path, std::uint64_t size_max) {
  auto bytes = disk.read_small(path, size_max);
  if (bytes.ok()) return bytes;
  const Code code = bytes.error().code;
  if (code != Code::file_missing && code != Code::truncated) return bytes;
  return Error(Code::log_damaged, path, "a file of at most " + std::to_string(size_max) + " bytes",
               code == Code::file_missing ? "none" : "a larger one");
}

std::string published_path(const std::string& path) {
  return std::string(paths::published) + "/" + path;
}

Result<void> ensure_folders(Disk& disk, const std::string& file) {
  for (auto slash = file.find('/'); slash != std::string::npos; slash = file.find('/', slash + 1)) {
    const auto folder = file.substr(0, slash);
    TRY(disk.ensure_folder(folder));
    const auto made = TRY(disk.find(folder));
    if (!made) return Error(Code::io_failed, folder);
    if (made->mode == folder_mode) continue;  // made before; an interruption may have left another mode
    TRY(disk.seal_folder(folder, {folder_mode, made->uid, made->gid, {}}));
    TRY(disk.sync_folder(parent_of(folder)));
  }
  return {};
}

Result<void> publish(Disk& disk, const std::string& path, BytesView content) {
  const auto file = published_path(path);
  TRY(ensure_folders(disk, file));
  return disk.replace_file(file, content, public_mode);
}

std::string print_identity(const tlog::NoteKey& key) {
  JsonWriter json;
  json.begin_object().text("schema", schema).text("key", key.text()).end_object();
  return json.take() + "\n";
}

Result<tlog::NoteKey> read_identity(Disk& disk) {
  if (!TRY(disk.find(paths::identity)))
    return Error(Code::log_not_created, "the log's folder", paths::identity, "none");
  const auto bytes = TRY(read_own(disk, paths::identity, small_size_max));
  const auto document = TRY(JsonDocument::parse(bytes, small_size_max, Code::log_damaged));
  auto object = TRY(document.object());
  TRY(object.expect("schema", schema));
  const auto text = TRY(object.text("key", 1024));
  TRY(object.finish());
  auto key = TRY(tlog::NoteKey::parse(text));
  if (key.use() == tlog::KeyUse::note) return key;
  return Error(Code::log_damaged, paths::identity, "the key of a log", "of a witness");
}

std::string print_head(const std::string& origin, const tlog::Head& head) {
  const auto text = tlog::print_checkpoint({origin, head});
  return text + sha256(as_bytes(text)).text() + "\n";
}

Result<tlog::Head> parse_head(std::string_view text, const std::string& origin) {
  const Error damaged(Code::log_damaged, "head", "size and hash of the tree of " + origin, "something else");
  const auto line = text.size() > 65 ? text.substr(0, text.size() - 65) : std::string_view();
  const auto checkpoint = tlog::parse_checkpoint(line);
  if (!checkpoint.ok() || print_head(origin, checkpoint.value().head) != text) return damaged;
  return checkpoint.value().head;
}

Result<tlog::Head> read_head(Disk& disk, const std::string& origin) {
  const auto bytes = TRY(read_own(disk, paths::signed_head, small_size_max));
  return parse_head(as_text(bytes), origin).within(std::string("reading ") + paths::signed_head);
}

std::string print_sizes(const std::vector<std::uint64_t>& sizes) {
  std::string text;
  for (const auto size : sizes) text += std::to_string(size) + "\n";
  return text;
}

std::optional<std::vector<std::uint64_t>> parse_sizes(std::string_view text) {
  std::vector<std::uint64_t> sizes;
  for (tlog::Lines lines(text); !lines.at_end();) {
    const auto line = lines.next();
    const auto size = line ? tlog::parse_decimal(*line, tlog::tree_size_max) : std::nullopt;
    if (!size || *size <= (sizes.empty() ? 0 : sizes.back())) return std::nullopt;
    sizes.push_back(*size);
  }
  return sizes;
}

Result<std::string> sign_checkpoint(const tlog::NoteKey& key, const tlog::Head& head, Signer& signer) {
  const auto text = tlog::print_checkpoint({key.name(), head});
  auto signature = TRY(signer.sign(as_bytes(text)));
  return tlog::print_note({text, {{key.name(), key.id(), std::move(signature)}}});
}

}  // namespace sallyport::keeper
