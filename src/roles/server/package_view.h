// SPDX-License-Identifier: Apache-2.0
// A package as ETSI SOL005 shows it: VnfPkgInfo, or those of its attributes that were asked for (SOL013 clause 5.3).
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "adapters/db/port.h"
#include "roles/server/filter.h"
#include "roles/server/target.h"

namespace sallyport::server {

enum class Usage : std::uint8_t { in_use, not_in_use };

// The optional attributes that are shown.
class Selection {
 public:
  static Selection all();
  // all_fields, fields, exclude_fields and exclude_default of a query. json_malformed when they contradict each other
  // or name what is none of the optional attributes.
  static Result<Selection> of_query(const Target& target);
  bool has(std::string_view attribute) const { return shown_.contains(attribute); }

 private:
  std::set<std::string, std::less<>> shown_;
};

constexpr std::string_view packages_path = "/vnfpkgm/v2/vnf_packages";
constexpr std::string_view onboarded_path = "/vnfpkgm/v2/onboarded_vnf_packages";

// `rescan`: what a later look has found, where it is to be shown.
std::string print_package(const PackageRecord& package, Usage usage, const Selection& selection,
                          const std::optional<RescanRecord>& rescan = {});

// What can be filtered by.
const std::vector<std::string_view>& attribute_names();
Attributes attributes_of(const PackageRecord& package, Usage usage);

std::string entity_tag(const PackageRecord& package);

}  // namespace sallyport::server
