// SPDX-License-Identifier: Apache-2.0
// Where the links of a tree lead. Followed component by component, as a kernel would with the tree as its
// root, and refused when a `..` would leave it, whether what it names exists or not.
#include <string_view>
#include <unordered_map>

#include "core/base/text.h"
#include "core/format/tree_check.h"

namespace sallyport {
namespace {

constexpr int links_followed_max = 40;        // the kernel's own limit
constexpr std::size_t steps_max = 1U << 12U;  // components walked for one link

class LinkWalk {
 public:
  explicit LinkWalk(const Tree& tree) {
    for (const auto& entry : tree.entries) {
      if (entry.type == EntryType::link) links_.emplace(entry.path.text(), &entry.link_target);
    }
  }

  bool any() const { return !links_.empty(); }

  Result<void> follow(const TreeEntry& link) {
    place_ = link.path.parent();
    rest_ = link.link_target;
    int followed = 0;
    if (rest_.front() == '/') place_.clear();
    for (std::size_t steps = 0; !rest_.empty(); ++steps) {
      if (steps > steps_max || followed > links_followed_max)
        return refused(link, "at most 40 links on its way", "more, or a cycle");
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
    const auto slash = rest_.find('/');
    std::string component = rest_.substr(0, slash);
    rest_.erase(0, slash == std::string::npos ? rest_.size() : slash + 1);
    return component;
  }

  void enter(const std::string& component, int& followed) {
    const auto here = place_.size();
    if (!place_.empty()) place_ += '/';
    place_ += component;
    const auto link = links_.find(place_);
    if (link == links_.end()) return;
    ++followed;
    const std::string& target = *link->second;
    place_.resize(target.front() == '/' ? 0 : here);
    rest_ = rest_.empty() ? target : target + "/" + rest_;
  }

  std::unordered_map<std::string, const std::string*> links_;
  std::string place_;
  std::string rest_;
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
