// SPDX-License-Identifier: Apache-2.0
// The input of `package build --wrap`: verified first, and opened then. docs/spec/wrap.md.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/tree_source/port.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/output.h"
#include "roles/vendor/wrap.h"

namespace sallyport::cli {

extern const std::vector<Option> wrap_options;

struct Wrapped {
  std::unique_ptr<vendor::Wrapping> wrapping;
  std::unique_ptr<TreeSource> tree;
  std::string name;     // of a single .deb or .rpm: what it calls itself, for where the request says nothing
  std::string version;  // likewise
};
// Nothing without --wrap; usage_error where its options are there without it.
Result<std::optional<Wrapped>> open_wrapped(const Arguments& arguments);

void show_provenance(const Provenance& provenance, Output& output);

}  // namespace sallyport::cli
