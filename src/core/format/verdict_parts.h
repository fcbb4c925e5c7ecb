// SPDX-License-Identifier: Apache-2.0
// What verdicts about packages of ours and of other tools have in common, as members of a predicate. For the parsers
// of this folder; defined in verdict.cpp.
#pragma once

#include <vector>

#include "core/format/json.h"
#include "core/format/json_writer.h"
#include "core/format/verdict.h"

namespace sallyport::verdict_parts {

Result<Outcome> read_outcome(JsonObject& predicate);
Result<std::vector<EngineRecord>> read_engines(JsonObject& predicate);
// None exactly when the outcome is clean.
Result<std::vector<Finding>> read_findings(JsonObject& predicate, Outcome outcome);
void write_engines(JsonWriter& writer, const std::vector<EngineRecord>& engines);
void write_findings(JsonWriter& writer, const std::vector<Finding>& findings);

}  // namespace sallyport::verdict_parts
