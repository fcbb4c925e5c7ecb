// SPDX-License-Identifier: Apache-2.0
#include "core/format/sbom_diff.h"

#include <algorithm>
#include <map>
#include <set>

namespace sallyport {
namespace {

using Properties = std::vector<std::pair<std::string, std::string>>;

// "pkg:deb/debian/zlib1g@1.2.13?arch=amd64" → "pkg:deb/debian/zlib1g?arch=amd64"
std::string name_of(const SbomComponent& component) {
  const auto& purl = component.purl;
  if (purl.empty()) return component.name;
  const auto end = std::min(purl.find_first_of("?#"), purl.size());
  const auto at = purl.rfind('@', end);
  if (at == std::string::npos || purl.find('/', at) < end) return purl;
  return purl.substr(0, at) + purl.substr(end);
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

Properties properties_of(const SbomComponent& component) {
  return {{"version", component.version},
          {"licences", joined(component.licences)},
          {"digests", joined(component.digests)}};
}

std::map<std::string, const SbomComponent*> by_name(const std::vector<SbomComponent>& components) {
  std::vector<const SbomComponent*> sorted;
  for (const auto& component : components) sorted.push_back(&component);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto* a, const auto* b) { return a->version < b->version; });
  std::map<std::string, std::size_t> seen;
  std::map<std::string, const SbomComponent*> named;
  for (const auto* component : sorted) {
    const auto name = name_of(*component);
    const auto count = ++seen[name];
    named.emplace(count == 1 ? name : name + " (" + std::to_string(count) + ")", component);
  }
  return named;
}

}  // namespace

std::vector<Change> diff_components(const std::vector<SbomComponent>& before,
                                    const std::vector<SbomComponent>& after) {
  const auto left = by_name(before);
  const auto right = by_name(after);
  std::set<std::string> names;
  for (const auto& one : left) names.insert(one.first);
  for (const auto& one : right) names.insert(one.first);
  std::vector<Change> changes;
  for (const auto& name : names) {
    const auto old = left.find(name);
    const auto now = right.find(name);
    const auto subject = "component " + name;
    if (old == left.end()) {
      changes.push_back({ChangeKind::added, subject, "whole", "", describe(*now->second)});
    } else if (now == right.end()) {
      changes.push_back({ChangeKind::removed, subject, "whole", describe(*old->second), ""});
    } else {
      const auto was = properties_of(*old->second);
      const auto is = properties_of(*now->second);
      for (std::size_t i = 0; i < was.size(); ++i) {
        if (was[i].second != is[i].second)
          changes.push_back({ChangeKind::changed, subject, was[i].first, was[i].second, is[i].second});
      }
    }
  }
  return changes;
}

}  // namespace sallyport
