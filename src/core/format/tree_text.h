// SPDX-License-Identifier: Apache-2.0
// The two long lists of tree.json taken out of its text, so that they are read and spelled some items at a time: the
// values of all of them at once would take several times the memory of the tree. docs/spec/tree.md, *Memory*.
//
// Where it is cut is only a guess at where the lists are. Whoever reads the pieces spells them again and compares; in
// the one spelling none of the marks below can stand inside of a text, since its quotes would be escaped.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sallyport {

struct TreeText {
  std::string frame;       // the text with both lists empty
  std::size_t entries_at;  // of the frame: where the items of each list belong
  std::size_t objects_at;
  std::string_view entries;  // the items, with commas between them; of the text that was cut
  std::string_view objects;
};

// None: the text is not of the one spelling.
std::optional<TreeText> cut_lists(std::string_view json);

// What stands between the items of a list (an item ends behind the first character), and how long one may be: an object
// of 1 TiB has a million frames.
struct ItemForm {
  std::string_view between;
  std::size_t size_max;
};
constexpr ItemForm entry_form{R"(},{"path":")", 1U << 20U};
constexpr ItemForm object_form{R"(},{"digest":")", 80U << 20U};
constexpr std::size_t frame_text_size_max = 32U << 20U;

// The next items of a list, as a list of its own ("[{…},{…}]"), of about 64 KiB; they are taken away from `items`,
// which is not empty. None: what comes next is longer than an item.
std::optional<std::string> next_items(std::string_view& items, const ItemForm& form);

}  // namespace sallyport
