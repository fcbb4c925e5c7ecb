// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyportd/arguments.h"

#include <string_view>

#include "apps/sallyportd/help_text.h"
#include "roles/server/openapi.h"

namespace sallyport::sallyportd {
namespace {

Error misuse(std::string_view option, std::string expected, std::string_view found) {
  return {Code::usage_error, std::string(option), std::move(expected), std::string(found)};
}

}  // namespace

Result<Arguments> parse(int argc, const char* const* argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string_view option = argv[i];
    if (option == "--help") arguments.show = help_text;
    if (option == "--version") arguments.show = "sallyportd " SALLYPORT_VERSION "\n";
    if (option == "--openapi") arguments.show = server::print_openapi();
    if (!arguments.show.empty()) return arguments;
    if (option == "--check") {
      arguments.only_checks = true;
      continue;
    }
    if (option != "--config") return misuse(option, "an option of --help", option);
    if (++i == argc) return misuse(option, "a value", "none");
    arguments.config = argv[i];
  }
  if (arguments.config.empty()) return misuse("--config", "the configuration file", "none");
  return arguments;
}

}  // namespace sallyport::sallyportd
