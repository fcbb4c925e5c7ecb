// SPDX-License-Identifier: Apache-2.0
// Where the links of a tree lead. Followed component by component, as a kernel would with the tree as its
// root, and refused when a `..` would leave it, whether what it names exists or not.
#include <algorithm>
#include <string_view>

#include "core/base/text.h"
#include "core/format/tree_check.h"

namespace sallyport {
namespace {

constexpr int links_followed_max = 40;        // the kernel's own limit
constexpr std::size_t steps_max = 1U << 12U;  // components walked for one link
constexpr std::size_t steps_each = 64;  // for all links: so many on average, where one alone may take more

class LinkWalk {
 public:
  explicit LinkWalk(const Tree& tree) : tree_(tree) {
    for (const auto& entry : tree.entries) links_ += entry.type == EntryType::link ? 1 : 0;
    steps_left_ = steps_max + links_ * steps_each;
  }

  bool any() const { return links_ != 0; }

  Result<void> follow(const TreeEntry& link) {
    place_ = link.path.parent();
    rest_ = link.link_target;
    done_ = 0;
    int followed = 0;
    if (rest_.front() == '/') place_.clear();
    for (std::size_t steps = 0; done_ < rest_.size(); ++steps) {
      if (steps > steps_max || followed > links_followed_max)
        return refused(link, "at most 40 links on its way", "more, or a cycle");
      if (steps_left_-- == 0) return refused(link, "links that are followed in 64 steps on average", "more");
      const std::string component = next();
      if (component.empty() || component == ".") continue;
      if (component == "..") {
        if (place_.empty()) return refused(link, "a target inside of the tree", link.link_target);
        place_.resize(place_.rfind('/') == std::string::npos ? 0 : place_.rfind('/'));
        continue;
      }
      enter(component, followed);
    }
    return {};
  }

 private:
  static Error refused(const TreeEntry& link, std::string expected, const std::string& found) {
    return {Code::tree_inconsistent, link.path.text(), std::move(expected), printable(found)};
  }

  std::string next() {
    const auto end = std::min(rest_.find('/', done_), rest_.size());
    auto component = rest_.substr(done_, end - done_);
    done_ = end + 1;
    return component;
  }

  void enter(const std::string& component, int& followed) {
    const auto here = place_.size();
    if (!place_.empty()) place_ += '/';
    place_ += component;
    const auto* entry = find_entry(tree_, place_);
    if (entry == nullptr || entry->type != EntryType::link) return;
    ++followed;
    const std::string& target = entry->link_target;
    place_.resize(target.front() == '/' ? 0 : here);
    rest_ = done_ < rest_.size() ? target + "/" + rest_.substr(done_) : target;
    done_ = 0;
  }

  const Tree& tree_;
  std::size_t links_ = 0;
  std::size_t steps_left_;
  std::string place_;
  std::string rest_;
  std::size_t done_ = 0;  // of rest_
};

}  // namespace

Result<void> check_links(const Tree& tree) {
  LinkWalk walk(tree);
  if (!walk.any()) return {};
  for (const auto& entry : tree.entries) {
    if (entry.type != EntryType::link) continue;
    if (!is_plain_text(entry.link_target) || entry.link_target.size() > 4095 ||
        entry.link_target.find('\\') != std::string::npos)
      return Error(Code::tree_malformed, entry.path.text(), "a target of at most 4095 plain bytes",
                   printable(entry.link_target.substr(0, 200)));
    TRY(walk.follow(entry));
  }
  return {};
}

}  // namespace sallyport
