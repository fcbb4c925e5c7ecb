// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "core/format/declarations.h"
#include "core/format/json_writer.h"
#include "core/format/services.h"
#include "core/format/tree.h"
#include "core/format/tree_check.h"
#include "core/format/tree_spell.h"
#include "core/format/tree_text.h"
#include "core/format/tree_words.h"

namespace sallyport {
namespace {

std::string_view spell_mode(std::uint32_t mode, std::array<char, 4>& buffer) {
  for (std::size_t i = 4; i-- > 0; mode >>= 3U) buffer[i] = static_cast<char>('0' + (mode & 7U));
  return {buffer.data(), buffer.size()};
}

}  // namespace

void write_entry(JsonWriter& to, const TreeEntry& entry) {
  std::array<char, 4> mode{};
  to.begin_object().text("path", entry.path.text());
  to.text("type", spell_choice(entry.type, entry_types)).text("mode", spell_mode(entry.mode, mode));
  to.number("uid", entry.uid).number("gid", entry.gid);
  if (entry.type == EntryType::file) {
    to.number("size", entry.size).text("digest", entry.digest->text());
    if (!entry.capabilities.empty()) {
      to.key("capabilities").begin_array();
      for (const auto& capability : entry.capabilities) to.text(capability);
      to.end_array();
    }
  }
  if (entry.type == EntryType::link) to.text("target", entry.link_target);
  to.end_object();
}

void write_object(JsonWriter& to, const ContentObject& object) {
  to.begin_object().text("digest", object.digest.text()).number("size", object.size);
  to.key("frames").begin_array();
  for (const auto& frame : object.frames) {
    to.begin_object().number("offset", frame.offset).number("stored", frame.stored_size);
    to.number("size", frame.size).end_object();
  }
  to.end_array().end_object();
}

std::string spell_frame(const Tree& tree) {
  JsonWriter to;
  to.begin_object().text("schema", tree_schema).text("product", tree.product.text());
  to.text("name", tree.name).text("version", tree.version).text("architecture", tree.architecture);
  to.number("counter", tree.counter);
  to.key("entries").begin_array().end_array().key("objects").begin_array().end_array();
  write_services(to.key("services"), tree.services);
  write_config(to, tree.config);
  write_accounts(to, tree.users, tree.groups);
  to.end_object();
  return to.take() + "\n";
}

namespace {

template <class Item>
void append_items(std::string& text, const std::vector<Item>& items,
                  void (*write)(JsonWriter&, const Item&)) {
  for (const auto& item : items) {
    JsonWriter to;
    write(to, item);
    if (&item != &items.front()) text += ',';
    text += to.take();
  }
}

}  // namespace

// Straight into the one text: it has some 400 bytes for each entry, and is there once.
std::string spell_tree(const Tree& tree) {
  const auto frame = spell_frame(tree);
  const auto cut = cut_lists(frame);
  CHECK(cut.has_value());
  std::string text = frame.substr(0, cut->entries_at);
  append_items(text, tree.entries, write_entry);
  text += frame.substr(cut->entries_at, cut->objects_at - cut->entries_at);
  append_items(text, tree.objects, write_object);
  text += frame.substr(cut->objects_at);
  return text;
}

Result<std::string> print_tree(const Tree& tree) {
  TRY(check_tree(tree, TreeLimits{}));
  return spell_tree(tree);
}

}  // namespace sallyport
