// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/reference.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "apps/sallyport-noded/help_text.h"
#include "apps/sallyport/help.h"
#include "apps/sallyportd/help_text.h"

namespace sallyport::cli {
namespace {

// Text as troff takes it for text: no escapes, no requests, and hyphens that can be copied into a shell.
std::string roff(std::string_view text) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    line_begins = c == '\n';
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

std::string page_name(std::string_view path) {
  std::string name = fmt::format("sallyport {}", path);
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

std::string header(const std::string& name, std::string_view summary, int section = 1) {
  return fmt::format(".TH \"{}\" {} \"\" \"Sallyport {}\" \"Sallyport\"\n.SH NAME\n{} \\- {}\n", name,
                     section, SALLYPORT_VERSION, roff(name), roff(summary));
}

// Of a program that is no command of this one, from what its --help says: "NAME: summary", an empty line, and the rest.
Page program_page(std::string_view help) {
  const auto colon = help.find(": ");
  const auto end = help.find('\n');
  const std::string name(help.substr(0, colon));
  return {"man/man8/" + name + ".8", header(name, help.substr(colon + 2, end - colon - 2), 8) +
                                         ".SH DESCRIPTION\n.nf\n" + roff(help.substr(end + 2)) +
                                         ".fi\n.SH SEE ALSO\n.BR sallyport (1)\n"};
}

std::string option_entry(const Option& option) {
  const bool positional = option.name.front() >= 'A' && option.name.front() <= 'Z';
  auto term = fmt::format("\\fB{}\\fR", roff(positional ? std::string(option.name) : dashed(option)));
  if (!positional && option.takes != Takes::nothing) term += fmt::format(" \\fI{}\\fR", roff(option.metavar));
  return fmt::format(".TP\n{}\n{}{}\n", term, roff(option.help), note_on(option));
}

std::string exit_status() {
  return fmt::format(".SH EXIT STATUS\n{}", roff(exit_codes.substr(std::string_view("Exit codes: ").size())));
}

std::string words_of(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

std::string options_of(const Command& command) {
  std::vector<std::string> words;
  for (const auto& option : command.options) words.push_back(dashed(option));
  words.insert(words.end(), {"--json", "--help"});
  return words_of(words);
}

// "package" → its commands by their second word; a command of one word has itself under "".
using Verbs = std::map<std::string, std::map<std::string, const Command*>>;

Verbs verbs() {
  Verbs all;
  for (const auto& group : command_groups()) {
    for (const auto& command : group.commands) {
      const auto space = std::min(command.path.find(' '), command.path.size());
      const auto rest = command.path.substr(std::min(space + 1, command.path.size()));
      all[std::string(command.path.substr(0, space))][std::string(rest)] = &command;
    }
  }
  return all;
}

template <class Map>
std::string keys_of(const Map& map) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : map) keys.push_back(key);
  return words_of(keys);
}

std::string all_code_names() {
  std::vector<std::string> names;
  for (const auto& code : all_codes()) names.emplace_back(code.name);
  return words_of(names);
}

using Commands = std::map<std::string, const Command*>;

// "gate run" → "gate".
std::string first_word(const std::string& words) {
  return words.substr(0, words.find(' '));
}

// The second word of the command line where only certain words make sense.
std::string words_after(const std::string& noun, const Commands& commands) {
  if (noun == "explain") return all_code_names();
  if (noun == "completion") return "bash";
  if (commands.contains("")) return {};
  std::map<std::string, int> words;
  for (const auto& [verb, command] : commands) words[first_word(verb)] = 1;
  return keys_of(words);
}

// The third one, of commands of three words.
std::string third_words(const Commands& commands) {
  std::map<std::string, std::vector<std::string>> thirds;
  for (const auto& [verb, command] : commands) {
    const auto first = first_word(verb);
    if (first != verb) thirds[first].push_back(verb.substr(first.size() + 1));
  }
  std::string out;
  for (const auto& [first, words] : thirds) {
    out += fmt::format("      [ \"$COMP_CWORD ${{COMP_WORDS[2]}}\" != '3 {}' ] || words='{}'\n", first,
                       words_of(words));
  }
  return out;
}

std::string completion_case(const std::string& noun, const Commands& commands) {
  auto out = fmt::format("    {})\n", noun);
  const auto words = words_after(noun, commands);
  if (!words.empty()) out += fmt::format("      [ \"$COMP_CWORD\" -ne 2 ] || words='{}'\n", words);
  if (const auto alone = commands.find(""); alone != commands.end())
    return out + fmt::format("      options='{}' ;;\n", options_of(*alone->second));
  out += third_words(commands);
  out += "      case \"${COMP_WORDS[2]} ${COMP_WORDS[3]:-} \" in\n";
  for (const auto& [verb, command] : commands)
    out += fmt::format("        '{} '*) options='{}' ;;\n", verb, options_of(*command));
  return out + "      esac ;;\n";
}

}  // namespace

std::string errors_page() {
  std::string out =
      "# Codes\n\nGenerated by `sallyport docs` from `src/core/base/codes.def`; do not edit. `sallyport "
      "explain CODE` says the same.\n\n"
      "*Refused* means that the evidence says no. *Fault* means that it could not be found out. Both leave "
      "the system as it was,\n"
      "unless the message's *effect* line says otherwise.\n\n"
      "| code | kind | exit | meaning | what to do |\n|---|---|---|---|---|\n";
  for (const auto& code : all_codes()) {
    out += fmt::format("| `{}` | {} | {} | {} | {} |\n", code.name,
                       kind_of(code.code) == Kind::refused ? "refused" : "fault", static_cast<int>(code.exit),
                       code.meaning, code.next_step);
  }
  return out;
}

std::string manual_page(const Command& command) {
  std::string out = header(page_name(command.path), command.summary);
  out += fmt::format(".SH SYNOPSIS\n{}\n.SH DESCRIPTION\n{}\n", roff(usage_line(command)),
                     roff(command.details));
  out += ".SH EXAMPLES\n.nf\n";
  for (const auto& example : command.examples) out += fmt::format("{}\n", roff(example));
  out += ".fi\n.SH OPTIONS\n";
  for (const auto& positional : command.positionals) out += option_entry(positional);
  for (const auto& option : command.options) out += option_entry(option);
  out += option_entry({"json", "", "One JSON object on standard output, on success and on failure",
                       Need::optional, Takes::nothing});
  return out + exit_status() + ".SH SEE ALSO\n.BR sallyport (1),\n.BR sallyport\\-explain (1)\n";
}

std::string manual_overview() {
  std::string out = header("sallyport", "the guarded door for the software of core-network nodes");
  out += ".SH SYNOPSIS\n.B sallyport\n.I COMMAND\n[OPTIONS]\n.SH DESCRIPTION\n";
  out += roff(
      "Nothing gets into a node, and nothing runs on it, unless its vendor signed it, it was scanned, the "
      "operator's own people\napproved exactly this deployment, and every byte still is what they saw. Each "
      "command has a page of its own;\nresults go to standard output, everything else to standard error.\n");
  for (const auto& group : command_groups()) {
    out += fmt::format(".SH {}\n", roff(group.title));
    for (const auto& command : group.commands)
      out += fmt::format(".TP\n.BR {} (1)\n{}\n", roff(page_name(command.path)), roff(command.summary));
  }
  out += ".SH ENVIRONMENT\n.TP\n.B SALLYPORT_EVENTS\nThe event log of the commands that have \\-\\-events.\n";
  out += ".TP\n.B SOURCE_DATE_EPOCH\nThe release time of package build, in seconds.\n";
  return out + exit_status();
}

std::string bash_completion() {
  const auto all = verbs();
  auto out = fmt::format(
      "# bash completion for sallyport, as `sallyport completion bash` prints it\n"
      "_sallyport() {{\n"
      "  local current=\"${{COMP_WORDS[COMP_CWORD]}}\" words='' options=''\n"
      "  COMPREPLY=()\n"
      "  [ \"$COMP_CWORD\" -ne 1 ] || words='{} --help'\n"
      "  case \"${{COMP_WORDS[1]}}\" in\n",
      keys_of(all));
  for (const auto& [noun, commands] : all) out += completion_case(noun, commands);
  return out +
         "  esac\n"
         "  if [ -n \"$words\" ]; then\n"
         "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
         "  elif [[ $current == -* ]]; then\n"
         "    mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$current\")\n"
         "  else\n"
         "    compopt -o filenames 2>/dev/null\n"
         "    mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
         "  fi\n"
         "}\n"
         "complete -F _sallyport sallyport\n";
}

std::vector<Page> reference_pages() {
  std::vector<Page> pages = {{"errors.md", errors_page()},
                             {"bash-completion/completions/sallyport", bash_completion()},
                             {"man/man1/sallyport.1", manual_overview()}};
  for (const auto help : {noded::help_text, sallyportd::help_text}) pages.push_back(program_page(help));
  for (const auto& group : command_groups()) {
    for (const auto& command : group.commands)
      pages.push_back({"man/man1/" + page_name(command.path) + ".1", manual_page(command)});
  }
  return pages;
}

}  // namespace sallyport::cli
