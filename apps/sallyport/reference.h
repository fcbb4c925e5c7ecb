// SPDX-License-Identifier: Apache-2.0
// The pages that the program writes about itself, from the same tables as its help.
#pragma once

#include <string>
#include <vector>

#include "apps/sallyport/command.h"

namespace sallyport::cli {

struct Page {
  std::string path;  // below a folder like /usr/share: "man/man1/sallyport.1"
  std::string text;
};

// errors.md, a manual page for the program, one for each command and each daemon, and the completion.
std::vector<Page> reference_pages();

std::string errors_page();
std::string manual_page(const Command& command);  // roff
std::string manual_overview();                    // sallyport(1)
std::string bash_completion();

}  // namespace sallyport::cli
