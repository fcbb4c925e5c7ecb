// SPDX-License-Identifier: Apache-2.0
// Every text that is made from the tables of commands and codes.
#pragma once

#include <string>
#include <string_view>

#include "apps/sallyport/command.h"

namespace sallyport::cli {

std::string overview();                       // sallyport --help
std::string help_of(const Command& command);  // sallyport COMMAND --help
std::string help_of_noun(
    std::string_view noun);                 // sallyport package --help; empty when there is no such noun
std::string explain(const CodeInfo& code);  // sallyport explain CODE
std::string errors_page();                  // docs/errors.md
std::string manual_page(const Command& command);  // roff
std::string bash_completion();
std::string usage_line(const Command& command);

// The nearest command or code, for "did you mean"; empty when none is near.
std::string nearest_command(std::string_view words);
std::string nearest_code(std::string_view name);

}  // namespace sallyport::cli
