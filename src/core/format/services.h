// SPDX-License-Identifier: Apache-2.0
// The services of a release: as part of tree.json, and as the file that the vendor writes by hand for
// `package build --services`.
#pragma once

#include <vector>

#include "core/format/json.h"
#include "core/format/json_writer.h"
#include "core/format/tree.h"

namespace sallyport {

constexpr std::size_t services_max = 64;

// Members as in docs/spec/tree.md; strict about names, types and values, not about how they fit together:
// that is for check_services (tree_check.h).
Result<std::vector<Service>> read_services(const JsonArray& from);
void write_services(JsonWriter& to, const std::vector<Service>& services);

// As tree.json wants them: lists and services sorted.
void sort_services(std::vector<Service>& services);

// A JSON array of services, in any order and spacing. Comes back sorted as tree.json wants it.
Result<std::vector<Service>> parse_services(BytesView json);

}  // namespace sallyport
