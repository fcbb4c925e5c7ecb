// SPDX-License-Identifier: Apache-2.0
#include "core/format/service_ways.h"

#include <algorithm>

#include "core/format/interpreters.h"
#include "core/format/service_exceptions.h"

namespace sallyport {
namespace {

bool is_interpreter(const Service& service, const Tree& tree) {
  const auto interpreters = interpreters_of(tree);
  return std::any_of(interpreters.begin(), interpreters.end(),
                     [&](const RelativePath& path) { return "/" + path.text() == service.argv.front(); });
}

}  // namespace

const ServiceWay* find_service_way(std::string_view name) {
  const auto* const found = std::find_if(service_ways.begin(), service_ways.end(),
                                         [&](const ServiceWay& way) { return way.name == name; });
  return found == service_ways.end() ? nullptr : found;
}

std::vector<std::string> ways_opened(const Service& service, const Tree& tree,
                                     const std::vector<std::string>& ways) {
  const bool runs_scripts = is_interpreter(service, tree);
  std::vector<std::string> opened;
  for (const auto& wanted : ways) {
    const auto* way = find_service_way(wanted);
    if (way == nullptr || !way->opened_by) continue;
    const auto exception = *way->opened_by;
    const bool implied = runs_scripts && exception == ServiceException::interpreters;
    if (implied || has_exception(service, exception))
      opened.push_back(wanted + " (" + std::string(name(exception)) + ")");
  }
  return opened;
}

}  // namespace sallyport
