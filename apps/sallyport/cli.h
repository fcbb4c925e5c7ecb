// SPDX-License-Identifier: Apache-2.0
// From argv to one command and its arguments. The only file behind this header that knows CLI11 is cli.cpp.
#pragma once

#include <optional>
#include <string>

#include "apps/sallyport/command.h"
#include "apps/sallyport/output.h"

namespace sallyport::cli {

struct Invocation {
  const Command* command = nullptr;  // null: print `text` and exit 0
  std::optional<Arguments> arguments;
  std::string text;  // help
};

// usage_error says what was not understood and, where there is one, what may have been meant.
Result<Invocation> parse(int argc, const char* const* argv);
Form wanted_form(int argc, const char* const* argv);

// The command that the words name, as far as they name one: for the report of a misuse.
std::string named_command(int argc, const char* const* argv);

}  // namespace sallyport::cli
