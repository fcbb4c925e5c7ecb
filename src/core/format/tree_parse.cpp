// SPDX-License-Identifier: Apache-2.0
#include "core/format/declarations.h"
#include "core/format/json.h"
#include "core/format/services.h"
#include "core/format/tree.h"
#include "core/format/tree_check.h"
#include "core/format/tree_words.h"

namespace sallyport {
namespace {

constexpr std::uint64_t offset_max = 1ULL << 53U;
constexpr std::size_t frames_max = 4U << 20U;

Result<std::uint32_t> read_mode(JsonObject& from) {
  const auto text = TRY(from.text("mode", 8));
  std::uint32_t mode = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '7') return from.malformed("mode", "four octal digits", text);
    mode = mode * 8 + static_cast<std::uint32_t>(digit - '0');
  }
  if (text.size() != 4) return from.malformed("mode", "four octal digits", text);
  return mode;
}

Result<FileDigest> read_digest(JsonObject& from) {
  const auto text = TRY(from.text("digest", 64));
  auto digest = FileDigest::parse(text);
  if (!digest.ok()) return from.malformed("digest", "64 hexadecimal digits", text);
  return digest;
}

Result<TreeEntry> read_entry(JsonObject from) {
  auto path = TRY(read_path(from, "path"));
  const auto type = TRY(read_choice(from, "type", entry_types));
  const auto mode = TRY(read_mode(from));
  const auto uid = TRY(read_owner(from, "uid"));
  const auto gid = TRY(read_owner(from, "gid"));
  TreeEntry entry{std::move(path), type, mode, uid, gid, 0, {}, {}, {}};
  if (type == EntryType::file) {
    entry.size = TRY(from.number("size", offset_max));
    entry.digest = TRY(read_digest(from));
    if (from.has("capabilities"))
      entry.capabilities = TRY(read_texts(from, "capabilities", capabilities_max));
  }
  if (type == EntryType::link) entry.link_target = TRY(from.text("target", tree_text_size_max));
  TRY(from.finish());
  return entry;
}

Result<Frame> read_frame(JsonObject from) {
  const auto offset = TRY(from.number("offset", offset_max));
  const auto stored = TRY(from.number("stored", frame_stored_size_max));
  const auto size = TRY(from.number("size", frame_content_size_max));
  TRY(from.finish());
  return Frame{offset, static_cast<std::uint32_t>(stored), static_cast<std::uint32_t>(size)};
}

Result<ContentObject> read_object(JsonObject from) {
  const auto digest = TRY(read_digest(from));
  const auto size = TRY(from.number("size", offset_max));
  ContentObject object{digest, size, {}};
  const auto frames = TRY(from.array("frames", frames_max));
  object.frames.reserve(frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    auto frame = TRY(frames.object(i));
    object.frames.push_back(TRY(read_frame(std::move(frame))));
  }
  TRY(from.finish());
  return object;
}

Result<std::vector<TreeEntry>> read_entries(JsonObject& top, const TreeLimits& limits) {
  const auto array = TRY(top.array("entries", limits.entries_max));
  std::vector<TreeEntry> entries;
  entries.reserve(array.size());
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto object = TRY(array.object(i));
    entries.push_back(TRY(read_entry(std::move(object))));
  }
  return entries;
}

Result<std::vector<ContentObject>> read_objects(JsonObject& top, const TreeLimits& limits) {
  const auto array = TRY(top.array("objects", limits.entries_max));
  std::vector<ContentObject> objects;
  objects.reserve(array.size());
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto object = TRY(array.object(i));
    objects.push_back(TRY(read_object(std::move(object))));
  }
  return objects;
}

Result<Tree> read_tree(JsonObject top, const TreeLimits& limits) {
  TRY(top.expect("schema", tree_schema));
  auto product = ProductId::parse(TRY(top.text("product", 64)));
  if (!product.ok()) return std::move(product).take_error();
  auto name = TRY(top.text("name", 64));
  auto version = TRY(top.text("version", 64));
  auto architecture = TRY(top.text("architecture", 64));
  const auto counter = TRY(top.number("counter", offset_max));
  auto entries = TRY(read_entries(top, limits));
  auto objects = TRY(read_objects(top, limits));
  const auto service_array = TRY(top.array("services", services_max));
  auto services = TRY(read_services(service_array));
  auto config = TRY(read_config(top));
  auto users = TRY(read_users(top));
  auto groups = TRY(read_groups(top));
  TRY(top.finish());
  return Tree{std::move(product).value(),
              std::move(name),
              std::move(version),
              std::move(architecture),
              counter,
              std::move(entries),
              std::move(objects),
              std::move(services),
              std::move(config),
              std::move(users),
              std::move(groups)};
}

}  // namespace

Result<Tree> parse_tree(BytesView json, const TreeLimits& limits) {
  const auto document = TRY(JsonDocument::parse(json, limits.json_size_max, Code::tree_malformed));
  auto top = TRY(document.object());
  auto tree = TRY(read_tree(std::move(top), limits));
  TRY(check_tree(tree, limits));
  if (spell_tree(tree) != as_text(json))
    return Error(Code::tree_malformed, "tree.json", "the one spelling of docs/spec/tree.md", "another");
  return tree;
}

}  // namespace sallyport
