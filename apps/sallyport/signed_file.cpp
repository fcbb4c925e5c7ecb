// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/signed_file.h"

#include "adapters/disk/output_file.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/output.h"
#include "core/format/dsse.h"

namespace sallyport::cli {

std::string joined(const std::set<PersonId>& persons) {
  std::string text;
  for (const auto& person : persons) text += (text.empty() ? "" : ", ") + person.text();
  return text.empty() ? "nobody" : text;
}

Result<void> write_signed(const Arguments& arguments, const std::string& path, const OrderFile& file,
                          const std::string& envelope,
                          const std::function<std::string(const std::string& target)>& advice,
                          Output& output) {
  const bool is_envelope = parse_envelope(file.content()).ok();
  const auto target = is_envelope ? path : arguments.text_or("o", path + ".signed");
  if (arguments.has("dry-run")) {
    would_write({target}, output);
    return {};
  }
  output.json().text("file", target);
  output.next(advice(target));
  if (is_envelope) return file.replace(as_bytes(envelope));
  return write_new_file(target, as_bytes(envelope), Readers::by_umask);
}

}  // namespace sallyport::cli
