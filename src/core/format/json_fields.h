// SPDX-License-Identifier: Apache-2.0
// Every value of a JSON text as a named field, in the order of the text: what a person reads of signed bytes is
// made from these bytes and from nothing else, so that no member can be signed and not shown.
#pragma once

#include "core/base/bytes.h"
#include "core/format/describe.h"

namespace sallyport {

// "pools.mme-east.approvals.persons": objects of a list go by their `id` where they have one, else by number. An
// empty list or object is a field of its own, "[]" or "{}". Refuses (`code`) what JsonDocument refuses.
Result<std::vector<Field>> json_fields(BytesView json, std::uint64_t size_max, Code code);

struct FieldChange {
  std::string name;
  std::optional<std::string> before;  // absent: new
  std::optional<std::string> after;   // absent: gone
};

// In the order of `after`; what is gone comes last.
std::vector<FieldChange> diff_fields(const std::vector<Field>& before, const std::vector<Field>& after);

}  // namespace sallyport
