// SPDX-License-Identifier: Apache-2.0
// What the command line answers with, made from the tables of commands and codes. The pages for reading elsewhere
// are in reference.h.
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
std::string usage_line(const Command& command);
// What an option's help does not say: " (required, may be repeated)".
std::string note_on(const Option& option);
std::string dashed(const Option& option);  // "-o", "--policy"
extern const std::string_view exit_codes;

// The nearest command or code, for "did you mean"; empty when none is near.
std::string nearest_command(std::string_view words);
std::string nearest_of(std::string_view word, const std::vector<std::string_view>& candidates);
std::string nearest_code(std::string_view name);

}  // namespace sallyport::cli
