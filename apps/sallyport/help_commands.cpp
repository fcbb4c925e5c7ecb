// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include "apps/sallyport/help.h"
#include "apps/sallyport/output.h"
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
  TRY(write_text(folder + "/errors.md", errors_page()));
  TRY(write_text(folder + "/sallyport.bash-completion", bash_completion()));
  std::uint64_t pages = 0;
  for (const auto& group : command_groups()) {
    for (const auto& command : group.commands) {
      std::string name(command.path);
      for (auto& c : name) c = c == ' ' ? '-' : c;
      TRY(write_text(folder + "/sallyport-" + name + ".1", manual_page(command)));
      ++pages;
    }
  }
  output.line("Wrote errors.md, the completion and " + std::to_string(pages) + " manual pages to " +
              printable(folder));
  output.json().number("manual_pages", pages);
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
       "Writes errors.md, one manual page a command and the bash completion into the folder.",
       {"sallyport docs build/docs"},
       {{"DIR", "", "An existing folder", Need::required}},
       {},
       run_docs},
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
