// SPDX-License-Identifier: Apache-2.0
#include "adapters/services/run_output.h"

#include "core/base/bytes.h"
#include "core/format/json.h"

namespace sallyport::services {
namespace {

constexpr std::uint64_t output_size_max = 1U << 20U;
constexpr std::size_t text_size_max = 4096;

// The code counts even when what goes with it is no plain text.
std::string text_or_nothing(JsonObject& object, std::string_view name) {
  auto text = object.text(name, text_size_max);
  return text.ok() ? std::move(text).value() : std::string();
}

}  // namespace

Error error_of_run(const ServiceId& service, std::string_view output) {
  Error unknown(Code::service_start_failed, service.text(), "a service that begins",
                "`node run` ended first");
  const auto document = JsonDocument::parse(as_bytes(output), output_size_max, Code::json_malformed);
  if (!document.ok()) return unknown;
  auto top = document.value().object();
  if (!top.ok()) return unknown;
  // Only the members that make an Error are read: the rest of the object is for people.
  auto error = top.value().object("error");
  if (!error.ok()) return unknown;
  const auto code = find_code(text_or_nothing(error.value(), "code"));
  if (!code) return unknown;
  return {*code, text_or_nothing(error.value(), "where"), text_or_nothing(error.value(), "expected"),
          text_or_nothing(error.value(), "found")};
}

}  // namespace sallyport::services
