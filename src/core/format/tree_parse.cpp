// SPDX-License-Identifier: Apache-2.0
#include "core/format/declarations.h"
#include "core/format/json.h"
#include "core/format/json_writer.h"
#include "core/format/services.h"
#include "core/format/tree.h"
#include "core/format/tree_check.h"
#include "core/format/tree_spell.h"
#include "core/format/tree_text.h"
#include "core/format/tree_words.h"

namespace sallyport {
namespace {

constexpr std::uint64_t offset_max = 1ULL << 53U;
constexpr std::size_t frames_max = 4U << 20U;
constexpr std::size_t told_size_max = 1U << 20U;

Error misspelled() {
  return {Code::tree_malformed, "tree.json", "the one spelling of docs/spec/tree.md", "another"};
}

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

// How the items of one of the two lists are found, read and spelled again.
struct EntryList {
  static constexpr std::string_view name = "entries";
  static constexpr ItemForm form = entry_form;
  static Result<TreeEntry> read(JsonObject from) { return read_entry(std::move(from)); }
  static void write(JsonWriter& to, const TreeEntry& entry) { write_entry(to, entry); }
};
struct ObjectList {
  static constexpr std::string_view name = "objects";
  static constexpr ItemForm form = object_form;
  static Result<ContentObject> read(JsonObject from) { return read_object(std::move(from)); }
  static void write(JsonWriter& to, const ContentObject& object) { write_object(to, object); }
};

template <class List, class Item>
Result<void> read_items(const JsonArray& from, std::vector<Item>& into) {
  for (std::size_t i = 0; i < from.size(); ++i) {
    auto object = TRY(from.object(i));
    into.push_back(TRY(List::read(std::move(object))));
  }
  return {};
}

// What was found in some items, by their places in the whole list: "[3].uid" is "entries[65539].uid".
Error placed(Error error, std::string_view name, std::size_t first) {
  const std::string list(name);
  if (error.where.starts_with("JSON")) {
    error.where = list + "[" + std::to_string(first) + "] and on: " + error.where;
  } else if (error.where.starts_with('[')) {
    std::size_t index = 0;
    std::size_t at = 1;
    for (; error.where[at] >= '0' && error.where[at] <= '9'; ++at)
      index = index * 10 + static_cast<std::size_t>(error.where[at] - '0');
    error.where = list + "[" + std::to_string(first + index) + error.where.substr(at);
  }
  return error;
}

enum class Spelling : std::uint8_t { the_one, another };

// Some items at a time: what is in memory at once are their values and the tree so far.
template <class List, class Item>
Result<Spelling> read_pieces(std::string_view items, std::size_t count_max, std::vector<Item>& into) {
  auto spelling = Spelling::the_one;
  while (!items.empty()) {
    const auto first = into.size();
    const auto piece = next_items(items, List::form);
    if (!piece) return misspelled();
    const auto& text = *piece;
    const auto document = JsonDocument::parse(as_bytes(text), text.size(), Code::tree_malformed);
    if (!document.ok()) return placed(document.error(), List::name, first);
    const auto array = TRY(document.value().array(text.size()));
    if (array.size() > count_max - first)
      return Error(Code::tree_malformed, std::string(List::name),
                   "at most " + std::to_string(count_max) + " items", "more");
    auto read = read_items<List>(array, into);
    if (!read.ok()) return placed(read.take_error(), List::name, first);
    JsonWriter again;
    again.begin_array();
    for (std::size_t i = first; i < into.size(); ++i) List::write(again, into[i]);
    again.end_array();
    if (again.take() != text) spelling = Spelling::another;
  }
  return spelling;
}

Result<Tree> read_tree(JsonObject top, const TreeLimits& limits) {
  TRY(top.expect("schema", tree_schema));
  auto product = ProductId::parse(TRY(top.text("product", 64)));
  if (!product.ok()) return std::move(product).take_error();
  auto name = TRY(top.text("name", 64));
  auto version = TRY(top.text("version", 64));
  auto architecture = TRY(top.text("architecture", 64));
  const auto counter = TRY(top.number("counter", offset_max));
  // Empty where the lists were cut out.
  const auto entry_array = TRY(top.array("entries", limits.entries_max));
  std::vector<TreeEntry> entries;
  TRY(read_items<EntryList>(entry_array, entries));
  const auto object_array = TRY(top.array("objects", limits.entries_max));
  std::vector<ContentObject> objects;
  TRY(read_items<ObjectList>(object_array, objects));
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
  if (json.size() > limits.json_size_max)
    return Error(Code::tree_malformed, "JSON", "at most " + std::to_string(limits.json_size_max) + " bytes",
                 std::to_string(json.size()));
  auto text = cut_lists(as_text(json));
  // A short one is read nevertheless, for telling what is wrong with it.
  if (!text && json.size() > told_size_max) return misspelled();
  if (!text) text = TreeText{std::string(as_text(json)), 0, 0, {}, {}};
  if (text->frame.size() > frame_text_size_max) return misspelled();
  const auto document =
      TRY(JsonDocument::parse(as_bytes(text->frame), text->frame.size(), Code::tree_malformed));
  auto top = TRY(document.object());
  auto tree = TRY(read_tree(std::move(top), limits));
  const auto entries = TRY(read_pieces<EntryList>(text->entries, limits.entries_max, tree.entries));
  const auto objects = TRY(read_pieces<ObjectList>(text->objects, limits.entries_max, tree.objects));
  TRY(check_tree(tree, limits));
  if (entries == Spelling::another || objects == Spelling::another || spell_frame(tree) != text->frame)
    return misspelled();
  return tree;
}

}  // namespace sallyport
