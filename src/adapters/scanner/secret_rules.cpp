// SPDX-License-Identifier: Apache-2.0
#include "adapters/scanner/secret_rules.h"

namespace sallyport {

YaraRules secret_rules(Instant now) {
  return {"secrets", secret_rules_text(), now, Code::secret_found};
}

}  // namespace sallyport
