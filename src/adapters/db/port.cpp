// SPDX-License-Identifier: Apache-2.0
#include "adapters/db/port.h"

namespace sallyport {

std::string_view word(Onboarding state) {
  switch (state) {
    case Onboarding::created:
      return "CREATED";
    case Onboarding::uploading:
      return "UPLOADING";
    case Onboarding::processing:
      return "PROCESSING";
    case Onboarding::onboarded:
      return "ONBOARDED";
    case Onboarding::error:
      return "ERROR";
  }
  CHECK(false);
}

std::string_view word(Operational state) {
  return state == Operational::enabled ? "ENABLED" : "DISABLED";
}

}  // namespace sallyport
