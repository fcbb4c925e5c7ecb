// SPDX-License-Identifier: Apache-2.0
// How services fit into their tree.
#include <algorithm>
#include <string_view>
#include <tuple>

#include "core/base/text.h"
#include "core/format/capabilities.h"
#include "core/format/service_exceptions.h"
#include "core/format/sysctl.h"
#include "core/format/tree_check.h"

namespace sallyport {
namespace {

auto order(const Port& port) {
  return std::make_tuple(port.protocol, port.number);
}

bool before(const Port& a, const Port& b) {
  return order(a) < order(b);
}

// Sorted, and each once.
template <class Range, class Less>
bool ascending(const Range& range, Less less) {
  return std::adjacent_find(range.begin(), range.end(),
                            [&](const auto& a, const auto& b) { return !less(a, b); }) == range.end();
}

class ServiceCheck {
 public:
  ServiceCheck(const Tree& tree, const Service& service) : tree_(tree), service_(service) {}

  Result<void> run() const {
    TRY(arguments());
    TRY(check_capabilities(service_.capabilities, "service " + service_.name.text()));
    for (const auto& name : service_.capabilities) {
      if (breaks_confinement(name)) return refuse("capabilities that leave the service confined", name);
    }
    TRY(ports());
    TRY(state_folders());
    TRY(health());
    TRY(check_sysctls(service_));
    TRY(check_exceptions(service_));
    if (service_.uid == UINT32_MAX || service_.gid == UINT32_MAX)
      return refuse("a user and a group", "2^32-1");
    if (service_.start_seconds_max < 1 || service_.start_seconds_max > 600)
      return refuse("start_seconds_max from 1 to 600", std::to_string(service_.start_seconds_max));
    return {};
  }

 private:
  Error refuse(std::string expected, std::string_view found) const {
    return {Code::tree_inconsistent, "service " + service_.name.text(), std::move(expected),
            printable(found.substr(0, 200))};
  }

  Result<void> arguments() const {
    if (service_.argv.empty() || service_.argv.size() > 256) return refuse("1 to 256 words in argv", "");
    for (const auto& word : service_.argv) {
      if (!is_plain_text(word) || word.size() > 4095) return refuse("argv of plain words", word);
    }
    const auto& program = service_.argv.front();
    const auto* entry = program.starts_with('/') ? find_entry(tree_, program.substr(1)) : nullptr;
    if (entry == nullptr || entry->type != EntryType::file || (entry->mode & 0111U) == 0)
      return refuse("argv[0] to be the absolute path of an executable file of the tree", program);
    return {};
  }

  Result<void> ports() const {
    if (!ascending(service_.ports, before)) return refuse("ports sorted, each once", "otherwise");
    if (!service_.ports.empty() && std::any_of(service_.ports.begin(), service_.ports.end(),
                                               [](const Port& port) { return port.number == 0; }))
      return refuse("port numbers from 1", "0");
    return {};
  }

  Result<void> state_folders() const {
    const auto& folders = service_.state_folders;
    if (!ascending(folders, std::less<>())) return refuse("state_folders sorted, each once", "otherwise");
    for (const auto& folder : folders) {
      const auto* entry = find_entry(tree_, folder.text());
      if (entry == nullptr || entry->type != EntryType::directory)
        return refuse("state_folders to be directories of the tree", folder.text());
      const auto top = folder.text().substr(0, folder.text().find('/'));
      if (top == "dev" || top == "proc")
        return refuse("state_folders outside of dev and proc", folder.text());
      for (const auto& other : folders) {
        if (other.text().starts_with(folder.text() + "/"))
          return refuse("state_folders beside each other", other.text());
      }
    }
    return {};
  }

  Result<void> health() const {
    if (service_.health.empty()) return refuse("at least one health check", "none");
    for (const auto& check : service_.health) {
      if ((check.kind == HealthKind::listen) != check.port.has_value())
        return refuse("a port for listen checks alone", "otherwise");
      if (check.port &&
          !std::binary_search(service_.ports.begin(), service_.ports.end(), *check.port, before))
        return refuse("health checks on ports of the service", std::to_string(check.port->number));
    }
    return {};
  }

  const Tree& tree_;
  const Service& service_;
};

}  // namespace

Result<void> check_capabilities(const std::vector<std::string>& names, const std::string& where) {
  if (!ascending(names, std::less<>()))
    return Error(Code::tree_inconsistent, where, "capabilities sorted, each once", "otherwise");
  for (const auto& name : names) {
    if (!is_capability(name))
      return Error(Code::tree_malformed, where, "a capability of Linux", printable(name.substr(0, 80)));
  }
  return {};
}

Result<void> check_services(const Tree& tree) {
  const auto by_name = [](const Service& a, const Service& b) { return a.name < b.name; };
  if (!ascending(tree.services, by_name))
    return Error(Code::tree_inconsistent, "services", "services sorted by name, each once", "otherwise");
  for (const auto& service : tree.services) TRY(ServiceCheck(tree, service).run());
  return {};
}

}  // namespace sallyport
