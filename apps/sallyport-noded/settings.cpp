// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport-noded/settings.h"

#include <charconv>
#include <filesystem>
#include <string_view>

#include "adapters/services/supervisor.h"
#include "apps/sallyport-noded/help_text.h"

namespace sallyport::noded {
namespace {

Error misuse(std::string_view option, std::string expected, std::string_view found) {
  return {Code::usage_error, std::string(option), std::move(expected), std::string(found)};
}

Result<std::int64_t> parse_interval(std::string_view text) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || seconds < 1 || seconds > 604800) {
    return misuse("--verify-interval", "1 to 604800", text);
  }
  return seconds;
}

Result<void> set(Settings& settings, std::string_view option, std::string_view value) {
  if (option == "--root") {
    settings.root = value;
  } else if (option == "--program") {
    settings.program = value;
  } else if (option == "--verify-interval") {
    settings.verify_interval_seconds = TRY(parse_interval(value));
  } else {
    return misuse(option, "an option of --help", option);
  }
  return {};
}

std::string absolute(const std::string& path) {
  std::error_code failed;
  const auto found = std::filesystem::canonical(path, failed);
  return failed ? path : found.string();
}

}  // namespace

Result<Settings> parse(int argc, const char* const* argv) {
  Settings settings;
  settings.program = std::filesystem::path(own_program()).parent_path() / "sallyport";
  for (int i = 1; i < argc; ++i) {
    const std::string_view option = argv[i];
    if (option == "--help") settings.show = help_text;
    if (option == "--version") settings.show = "sallyport-noded " SALLYPORT_VERSION "\n";
    if (!settings.show.empty()) return settings;
    if (++i == argc) return misuse(option, "a value", "none");
    TRY(set(settings, option, argv[i]));
  }
  if (settings.root.empty()) return misuse("--root", "the node's root folder", "none");
  settings.root = absolute(settings.root);
  settings.program = absolute(settings.program);
  return settings;
}

}  // namespace sallyport::noded
