// SPDX-License-Identifier: Apache-2.0
#include "core/format/service_exceptions.h"

#include <algorithm>

#include "core/format/tree_words.h"

namespace sallyport {

std::string_view name(ServiceException exception) {
  return spell_choice(exception, service_exceptions);
}

bool has_exception(const Service& service, ServiceException exception) {
  return std::find(service.exceptions.begin(), service.exceptions.end(), exception) !=
         service.exceptions.end();
}

Result<std::vector<ServiceException>> read_exceptions(JsonObject& from) {
  std::vector<ServiceException> exceptions;
  if (!from.has("exceptions")) return exceptions;
  for (const auto& word : TRY(read_texts(from, "exceptions", std::size(service_exceptions)))) {
    const auto* const known = std::find_if(std::begin(service_exceptions), std::end(service_exceptions),
                                           [&](const auto& choice) { return choice.name == word; });
    if (known == std::end(service_exceptions)) return from.malformed("exceptions", "known words", word);
    exceptions.push_back(known->value);
  }
  return exceptions;
}

void write_exceptions(JsonWriter& to, const std::vector<ServiceException>& exceptions) {
  if (exceptions.empty()) return;
  to.key("exceptions").begin_array();
  for (const auto exception : exceptions) to.text(name(exception));
  to.end_array();
}

Result<void> check_exceptions(const Service& service) {
  const auto& exceptions = service.exceptions;
  const auto disorder = std::adjacent_find(exceptions.begin(), exceptions.end(), std::greater_equal<>());
  if (disorder == exceptions.end()) return {};
  return Error(Code::tree_inconsistent, "service " + service.name.text(), "exceptions sorted, each once",
               std::string(name(*disorder)));
}

}  // namespace sallyport
