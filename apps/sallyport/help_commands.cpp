// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>

#include "apps/sallyport/help.h"
#include "apps/sallyport/output.h"
#include "apps/sallyport/reference.h"
#include "core/base/text.h"

namespace sallyport::cli {
namespace {

Result<void> run_explain(const Arguments& arguments, Output& output) {
  const std::string& name = arguments.text("CODE");
  const auto code = find_code(name);
  if (!code) {
    const auto near = nearest_code(name);
    return Error(Code::usage_error, "CODE", near.empty() ? "a code of docs/errors.md" : "perhaps " + near,
                 printable(name));
  }
  const CodeInfo& about = info(*code);
  output.line(explain(about));
  output.json().text("code", about.name).text("kind", kind_of(*code) == Kind::refused ? "refused" : "fault");
  output.json()
      .number("exit", static_cast<std::uint64_t>(about.exit))
      .text("meaning", about.meaning)
      .text("next_step", about.next_step);
  return {};
}

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
      {"explain",
       "Explain a code of a refusal or a fault, offline",
       "Says what the code means, whether it is a verdict (refused) or not (fault), its exit code, and what "
       "to do next.",
       {"sallyport explain member-digest-mismatch"},
       {{"CODE", "", "The code, as messages, logs and reports show it", Need::required}},
       {},
       run_explain},
      {"docs",
       "Write the reference pages that the program generates",
       "Writes errors.md, man/man1/*.1 and bash-completion/completions/sallyport below the folder, from the "
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
