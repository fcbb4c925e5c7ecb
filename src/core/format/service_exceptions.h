// SPDX-License-Identifier: Apache-2.0
// What a service may ask to be left out of its confinement (docs/spec/run.md): the optional member `exceptions`, so
// that the reviewers sign it and every report can tell it. docs/spec/tree.md.
#pragma once

#include <string_view>

#include "core/format/json.h"
#include "core/format/json_writer.h"
#include "core/format/tree.h"

namespace sallyport {

std::string_view name(ServiceException exception);
bool has_exception(const Service& service, ServiceException exception);

// Known words alone, in any order. tree_malformed.
Result<std::vector<ServiceException>> read_exceptions(JsonObject& from);
void write_exceptions(JsonWriter& to, const std::vector<ServiceException>& exceptions);

// Sorted by name, each once. tree_inconsistent.
Result<void> check_exceptions(const Service& service);

}  // namespace sallyport
