// SPDX-License-Identifier: Apache-2.0
#include "core/format/services.h"

#include <algorithm>
#include <tuple>

#include "core/format/service_exceptions.h"
#include "core/format/sysctl.h"
#include "core/format/tree_words.h"

namespace sallyport {
namespace {

constexpr std::uint64_t services_json_size_max = 4U << 20U;
constexpr std::size_t arguments_max = 256;
constexpr std::size_t list_max = 256;

Result<Port> read_port(JsonObject from) {
  const auto protocol = TRY(read_choice(from, "protocol", protocols));
  const auto number = TRY(from.number("number", UINT16_MAX));
  TRY(from.finish());
  return Port{protocol, static_cast<std::uint16_t>(number)};
}

Result<HealthCheck> read_health_check(JsonObject from) {
  HealthCheck check{TRY(read_choice(from, "kind", health_kinds)), {}};
  if (check.kind == HealthKind::listen) {
    auto port = TRY(from.object("port"));
    check.port = TRY(read_port(std::move(port)));
  }
  TRY(from.finish());
  return check;
}

template <class T>
Result<std::vector<T>> read_list(JsonObject& from, std::string_view member, Result<T> (*read)(JsonObject)) {
  const auto array = TRY(from.array(member, list_max));
  std::vector<T> items;
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto object = TRY(array.object(i));
    items.push_back(TRY(read(std::move(object))));
  }
  return items;
}

Result<std::vector<RelativePath>> read_folders(JsonObject& from) {
  const auto array = TRY(from.array("state_folders", list_max));
  std::vector<RelativePath> folders;
  for (std::size_t i = 0; i < array.size(); ++i) {
    const auto text = TRY(array.text(i, tree_text_size_max));
    auto path = RelativePath::parse(text);
    if (!path.ok())
      return Error(Code::path_invalid, from.where() + ".state_folders", "a plain relative path", text);
    folders.push_back(std::move(path).value());
  }
  return folders;
}

Result<Service> read_service(JsonObject from) {
  auto name = ServiceId::parse(TRY(from.text("name", 64)));
  if (!name.ok()) return std::move(name).within(from.where()).take_error();
  auto arguments = TRY(read_texts(from, "argv", arguments_max));
  const auto uid = TRY(read_owner(from, "uid"));
  const auto gid = TRY(read_owner(from, "gid"));
  auto capabilities = TRY(read_texts(from, "capabilities", capabilities_max));
  const auto network = TRY(read_choice(from, "network", networks));
  auto ports = TRY(read_list(from, "ports", &read_port));
  auto folders = TRY(read_folders(from));
  auto health = TRY(read_list(from, "health", &read_health_check));
  const auto start_seconds_max = TRY(from.number("start_seconds_max", 600));
  auto sysctls = TRY(read_sysctls(from));
  auto exceptions = TRY(read_exceptions(from));
  TRY(from.finish());
  return Service{std::move(name).value(),
                 std::move(arguments),
                 uid,
                 gid,
                 std::move(capabilities),
                 network,
                 std::move(ports),
                 std::move(folders),
                 std::move(health),
                 static_cast<std::uint32_t>(start_seconds_max),
                 std::move(sysctls),
                 std::move(exceptions)};
}

void write_texts(JsonWriter& to, std::string_view name, const std::vector<std::string>& texts) {
  to.key(name).begin_array();
  for (const auto& text : texts) to.text(text);
  to.end_array();
}

void write_port(JsonWriter& to, const Port& port) {
  to.begin_object().text("protocol", spell_choice(port.protocol, protocols));
  to.number("number", port.number).end_object();
}

void write_health_check(JsonWriter& to, const HealthCheck& check) {
  to.begin_object().text("kind", spell_choice(check.kind, health_kinds));
  if (check.port) write_port(to.key("port"), *check.port);
  to.end_object();
}

void write_service(JsonWriter& to, const Service& service) {
  to.begin_object().text("name", service.name.text());
  write_texts(to, "argv", service.argv);
  to.number("uid", service.uid).number("gid", service.gid);
  write_texts(to, "capabilities", service.capabilities);
  to.text("network", spell_choice(service.network, networks));
  to.key("ports").begin_array();
  for (const auto& port : service.ports) write_port(to, port);
  to.end_array().key("state_folders").begin_array();
  for (const auto& folder : service.state_folders) to.text(folder.text());
  to.end_array().key("health").begin_array();
  for (const auto& check : service.health) write_health_check(to, check);
  to.end_array().number("start_seconds_max", service.start_seconds_max);
  write_sysctls(to, service.sysctls);
  write_exceptions(to, service.exceptions);
  to.end_object();
}

void sort(Service& service) {
  std::sort(service.capabilities.begin(), service.capabilities.end());
  std::sort(service.state_folders.begin(), service.state_folders.end());
  std::sort(service.ports.begin(), service.ports.end(), [](const Port& a, const Port& b) {
    return std::tie(a.protocol, a.number) < std::tie(b.protocol, b.number);
  });
  std::sort(service.sysctls.begin(), service.sysctls.end(),
            [](const Sysctl& a, const Sysctl& b) { return a.name < b.name; });
  std::sort(service.exceptions.begin(), service.exceptions.end());
}

}  // namespace

Result<std::vector<Service>> read_services(const JsonArray& from) {
  std::vector<Service> services;
  for (std::size_t i = 0; i < from.size(); ++i) {
    auto object = TRY(from.object(i));
    services.push_back(TRY(read_service(std::move(object))));
  }
  return services;
}

void write_services(JsonWriter& to, const std::vector<Service>& services) {
  to.begin_array();
  for (const auto& service : services) write_service(to, service);
  to.end_array();
}

void sort_services(std::vector<Service>& services) {
  for (auto& service : services) sort(service);
  std::sort(services.begin(), services.end(),
            [](const Service& a, const Service& b) { return a.name < b.name; });
}

Result<std::vector<Service>> parse_services(BytesView json) {
  const auto document = TRY(JsonDocument::parse(json, services_json_size_max, Code::tree_malformed));
  const auto array = TRY(document.array(services_max));
  auto services = TRY(read_services(array));
  sort_services(services);
  return services;
}

}  // namespace sallyport
