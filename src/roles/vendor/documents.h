// SPDX-License-Identifier: Apache-2.0
// The members of a package that are there for people and other tools. No decision rests on them.
#pragma once

#include <string>

#include "adapters/tree_source/port.h"

namespace sallyport::vendor {

struct Names {
  std::string name;
  std::string product;
  std::string provider;
  std::string version;
};

// CycloneDX 1.5: the release, and the components that it was made of.
std::string print_sbom(const Names& names, const SourceListing& listing);
// The least that is a TOSCA service template; for vendors who give no descriptor.
std::string print_descriptor(const Names& names);
std::string print_change_log(const Names& names, std::uint64_t counter, Instant released);
std::string print_licences(const SourceListing& listing);

}  // namespace sallyport::vendor
