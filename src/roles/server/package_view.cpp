// SPDX-License-Identifier: Apache-2.0
#include "roles/server/package_view.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"
#include "core/format/json_writer.h"

namespace sallyport::server {
namespace {

constexpr std::array<std::string_view, 10> optional_attributes = {"checksum",
                                                                  "onboardingFailureDetails",
                                                                  "packageSecurityOption",
                                                                  "userDefinedData",
                                                                  "vnfProductName",
                                                                  "vnfProvider",
                                                                  "vnfSoftwareVersion",
                                                                  "vnfdId",
                                                                  "vnfdVersion",
                                                                  "x-sallyport-exceptions"};
// Long ones, which a list leaves out unless they are asked for (SOL005 clause 9.5.2.5).
constexpr std::array<std::string_view, 4> long_attributes = {"checksum", "onboardingFailureDetails",
                                                             "userDefinedData", "x-sallyport-exceptions"};

Error contradictory(const std::string& found) {
  return {Code::json_malformed, "query",
          "all_fields, fields, exclude_fields (the latter two may be joined by exclude_default)",
          printable(found)};
}

Result<std::set<std::string, std::less<>>> parse_names(const std::string& list) {
  std::set<std::string, std::less<>> names;
  std::string_view left = list;
  while (true) {
    const auto end = left.find(',');
    const auto name = left.substr(0, end);
    if (std::find(optional_attributes.begin(), optional_attributes.end(), name) == optional_attributes.end())
      return Error(Code::json_malformed, "query", "optional attributes of a package", printable(name));
    names.emplace(name);
    if (end == std::string_view::npos) return names;
    left.remove_prefix(end + 1);
  }
}

std::string_view word(Usage usage) {
  return usage == Usage::in_use ? "IN_USE" : "NOT_IN_USE";
}

void link(JsonWriter& to, std::string_view name, const std::string& path) {
  to.key(name).begin_object().text("href", path).end_object();
}

void print_links(JsonWriter& to, const PackageRecord& package, bool has_rescan) {
  const auto self = std::string(packages_path) + "/" + package.id;
  to.key("_links").begin_object();
  link(to, "self", self);
  link(to, "packageContent", self + "/package_content");
  if (package.state == Onboarding::onboarded) link(to, "vnfd", self + "/vnfd");
  if (!package.verdict.empty()) link(to, "verdict", "/api/v1/packages/" + package.id + "/verdict");
  if (has_rescan) link(to, "rescan", "/api/v1/packages/" + package.id + "/rescan");
  to.end_object();
}

}  // namespace

Selection Selection::all() {
  Selection selection;
  selection.shown_.insert(optional_attributes.begin(), optional_attributes.end());
  return selection;
}

Result<Selection> Selection::of_query(const Target& target) {
  auto selection = all();
  if (target.find("all_fields") != nullptr) {
    for (const auto* other : {"fields", "exclude_fields", "exclude_default"})
      if (target.find(other) != nullptr) return contradictory(other);
    return selection;
  }
  const auto* const fields = target.find("fields");
  const auto* const excluded = target.find("exclude_fields");
  if (fields != nullptr && excluded != nullptr) return contradictory("fields and exclude_fields");
  if (excluded != nullptr) {
    for (const auto& name : TRY(parse_names(*excluded))) selection.shown_.erase(name);
    return selection;
  }
  for (const auto name : long_attributes) selection.shown_.erase(std::string(name));
  if (fields == nullptr) return selection;
  const auto names = TRY(parse_names(*fields));
  if (target.find("exclude_default") == nullptr) selection.shown_.clear();
  selection.shown_.insert(names.begin(), names.end());
  return selection;
}

std::string print_package(const PackageRecord& package, Usage usage, const Selection& selection,
                          const std::optional<RescanRecord>& rescan) {
  JsonWriter to;
  to.begin_object().text("id", package.id);
  const auto text = [&](std::string_view name, std::string_view value) {
    if (selection.has(name) && !value.empty()) to.text(name, value);
  };
  text("vnfdId", package.release);
  text("vnfProvider", package.provider);
  text("vnfProductName", package.product);
  text("vnfSoftwareVersion", package.version);
  text("vnfdVersion", package.version);
  if (selection.has("checksum") && !package.content.empty())
    to.key("checksum").begin_object().text("algorithm", "SHA-256").text("hash", package.content).end_object();
  text("packageSecurityOption", package.security_option);
  to.text("onboardingState", sallyport::word(package.state));
  to.text("operationalState", sallyport::word(package.operational));
  to.text("usageState", word(usage));
  if (selection.has("userDefinedData")) to.key("userDefinedData").raw(package.user_data);
  if (selection.has("onboardingFailureDetails") && !package.failure.empty())
    to.key("onboardingFailureDetails").raw(package.failure);
  if (selection.has("x-sallyport-exceptions") && !package.exceptions.empty())
    to.key("x-sallyport-exceptions").raw(package.exceptions);
  if (rescan && !rescan->finding.empty()) to.key("x-sallyport-finding").raw(rescan->finding);
  print_links(to, package, rescan && !rescan->verdict.empty());
  to.end_object();
  return to.take();
}

const std::vector<std::string_view>& attribute_names() {
  static const std::vector<std::string_view> names = {
      "id",          "vnfdId",          "vnfProvider",      "vnfProductName", "vnfSoftwareVersion",
      "vnfdVersion", "onboardingState", "operationalState", "usageState"};
  return names;
}

Attributes attributes_of(const PackageRecord& package, Usage usage) {
  return {{"id", package.id},
          {"vnfdId", package.release},
          {"vnfProvider", package.provider},
          {"vnfProductName", package.product},
          {"vnfSoftwareVersion", package.version},
          {"vnfdVersion", package.version},
          {"onboardingState", std::string(sallyport::word(package.state))},
          {"operationalState", std::string(sallyport::word(package.operational))},
          {"usageState", std::string(word(usage))}};
}

std::string entity_tag(const PackageRecord& package) {
  return "\"" + std::to_string(package.revision) + "\"";
}

}  // namespace sallyport::server
