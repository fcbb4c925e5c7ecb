// SPDX-License-Identifier: Apache-2.0
#include "core/format/look_alikes.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sallyport {
namespace {

// One form for all that look alike.
std::string shape_of(std::string_view id) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 10> alike{{{"rn", "m"},
                                                                                 {"vv", "w"},
                                                                                 {"cl", "d"},
                                                                                 {"0", "o"},
                                                                                 {"1", "l"},
                                                                                 {"i", "l"},
                                                                                 {"5", "s"},
                                                                                 {"2", "z"},
                                                                                 {"_", "-"},
                                                                                 {".", "-"}}};
  std::string shape;
  while (!id.empty()) {
    const auto found =
        std::ranges::find_if(alike, [&](const auto& pair) { return id.starts_with(pair.first); });
    shape += found == alike.end() ? id.substr(0, 1) : found->second;
    id.remove_prefix(found == alike.end() ? 1 : found->first.size());
  }
  return shape;
}

// Names of one kind.
class Names {
 public:
  explicit Names(std::string_view kind) : kind_(kind) {}
  void add(const std::string& name) { by_shape_[shape_of(name)].insert(name); }
  void tell(std::vector<std::string>& lines) const {
    for (const auto& [shape, names] : by_shape_) {
      if (names.size() < 2) continue;
      std::string line;
      for (const auto& name : names) line += (line.empty() ? kind_ + ": " : ", ") + name;
      lines.push_back(std::move(line));
    }
  }

 private:
  std::string kind_;
  std::map<std::string, std::set<std::string>> by_shape_;
};

}  // namespace

std::vector<std::string> look_alikes(const Policy& policy) {
  Names sources("sources");
  Names products("products");
  Names persons("persons");
  Names roles("roles");
  Names pools("pools");
  Names nodes("nodes");
  for (const auto& [id, source] : policy.sources) {
    sources.add(id.text());
    for (const auto& product : source.products) products.add(product.text());
  }
  for (const auto& [id, person] : policy.persons) {
    persons.add(id.text());
    for (const auto& [role, validity] : person.roles) roles.add(role.text());
  }
  for (const auto& [id, pool] : policy.pools) {
    pools.add(id.text());
    for (const auto& product : pool.products) products.add(product.text());
    for (const auto& node : pool.nodes) nodes.add(node.text());
  }
  std::vector<std::string> lines;
  for (const auto* kind : {&sources, &products, &persons, &roles, &pools, &nodes}) kind->tell(lines);
  return lines;
}

}  // namespace sallyport
