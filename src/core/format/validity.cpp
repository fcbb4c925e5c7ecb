// SPDX-License-Identifier: Apache-2.0
#include "core/format/validity.h"

namespace sallyport {

Term term_at(const Validity& validity, Instant at) {
  if (validity.revoked_at && at >= *validity.revoked_at) return Term::revoked;
  if (validity.not_before && at < *validity.not_before) return Term::not_begun;
  if (validity.not_after && at > *validity.not_after) return Term::over;
  return Term::running;
}

std::string describe(const Validity& validity) {
  std::string text;
  const auto add = [&](const char* word, const std::optional<Instant>& time) {
    if (time) text += (text.empty() ? "" : ", ") + std::string(word) + " " + time->print();
  };
  add("from", validity.not_before);
  add("until", validity.not_after);
  add("revoked at", validity.revoked_at);
  return text;
}

}  // namespace sallyport
