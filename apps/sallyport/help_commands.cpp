// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>

#include "apps/sallyport/help.h"
#include "apps/sallyport/output.h"
#include "apps/sallyport/reference.h"
#include "core/base/text.h"

namespace sallyport::cli {
namespace {

Result<void> write_text(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) return Error(Code::io_failed, path, "a file that can be written", "");
  return {};
}

Result<void> run_docs(const Arguments& arguments, Output& output) {
  const std::string& folder = arguments.text("DIR");
  const auto pages = reference_pages();
  for (const auto& page : pages) {
    const auto path = folder + "/" + page.path;
    std::error_code failed;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), failed);
    if (failed) return Error(Code::io_failed, path, "a folder for it", failed.message());
    TRY(write_text(path, page.text));
  }
  output.line("Wrote " + std::to_string(pages.size()) + " pages to " + printable(folder));
  output.json().number("pages", pages.size());
  return {};
}

Result<void> run_completion(const Arguments& arguments, Output& output) {
  const auto& shell = arguments.text("SHELL");
  if (shell != "bash") return Error(Code::usage_error, "SHELL", "bash", printable(shell));
  output.text(bash_completion());
  output.json().text("completion", bash_completion());
  return {};
}

Result<void> run_version(const Arguments&, Output& output) {
  output.line("sallyport " SALLYPORT_VERSION);
  output.json().text("version", SALLYPORT_VERSION);
  return {};
}

}  // namespace

std::vector<Command> help_commands() {
  return {
      explain_command(),
      {"docs",
       "Write the reference pages that the program generates",
       "Writes errors.md, man/man1/*.1, man/man8/*.8 and bash-completion/completions/sallyport below the "
       "folder, from the "
       "tables that the help comes\nfrom.",
       {"sallyport docs build/docs", "sallyport docs /usr/local/share"},
       {{"DIR", "", "The folder; what is missing of it is made", Need::required}},
       {},
       run_docs},
      {"completion",
       "Print the completion for a shell",
       "Commands, options and codes at a press of the tab key.",
       {"source <(sallyport completion bash)", "sallyport completion bash >/etc/bash_completion.d/sallyport"},
       {{"SHELL", "", "bash", Need::required}},
       {},
       run_completion},
      {"version",
       "Show the version",
       "Shows the version of this program.",
       {"sallyport version"},
       {},
       {},
       run_version},
  };
}

}  // namespace sallyport::cli
