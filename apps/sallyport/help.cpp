// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/help.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace sallyport::cli {
namespace {

constexpr std::string_view global_options =
    "  --json               One JSON object on standard output, on success and on failure\n"
    "  --help               This text\n";

std::string spelled(const Option& option) {
  if (option.takes == Takes::nothing) return dashed(option);
  return fmt::format("{} {}", dashed(option), option.metavar);
}

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> previous(b.size() + 1);
  std::iota(previous.begin(), previous.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::vector<std::size_t> row{i + 1};
    for (std::size_t k = 0; k < b.size(); ++k) {
      row.push_back(std::min({previous[k + 1] + 1, row[k] + 1, previous[k] + (a[i] == b[k] ? 0U : 1U)}));
    }
    previous = std::move(row);
  }
  return previous.back();
}

// What stays together on a line: the command, each operand, each option with its value.
std::vector<std::string> usage_words(const Command& command) {
  std::vector<std::string> words{fmt::format("sallyport {}", command.path)};
  for (const auto& positional : command.positionals) {
    words.push_back(positional.need == Need::required ? std::string(positional.name)
                                                      : fmt::format("[{}]", positional.name));
    if (positional.takes == Takes::values) words.back() += "…";
  }
  for (const auto& option : command.options)
    words.push_back(option.need == Need::required ? spelled(option) : fmt::format("[{}]", spelled(option)));
  return words;
}

constexpr std::size_t line_size = 100;

// Lines of a screen, all but the first indented by four more.
std::string wrapped(const std::vector<std::string>& words) {
  std::string text = "  " + words.front();
  std::size_t size = text.size();
  for (std::size_t i = 1; i < words.size(); ++i) {
    const bool fits = size + 1 + words[i].size() <= line_size;
    text += (fits ? " " : "\n      ") + words[i];
    size = (fits ? size + 1 : 6) + words[i].size();
  }
  return text + "\n";
}

// What is longer than its column has its help on the next line.
std::string entry(std::string_view term, const std::string& help) {
  constexpr std::size_t column = 20;
  if (term.size() <= column) return fmt::format("  {:<{}} {}\n", term, column, help);
  return fmt::format("  {}\n  {:<{}} {}\n", term, "", column, help);
}

std::size_t longest_path() {
  std::size_t longest = 0;
  for (const auto& group : command_groups()) {
    for (const auto& command : group.commands) longest = std::max(longest, command.path.size());
  }
  return longest + 2;
}

// Keeps the nearest of several candidates, if it is near enough to be meant.
class Nearest {
 public:
  explicit Nearest(std::string_view wanted) : wanted_(wanted), best_(wanted.size() / 3 + 2) {}
  void offer(std::string_view candidate) {
    const auto far = distance(wanted_, candidate);
    if (far >= best_) return;
    best_ = far;
    found_ = candidate;
  }
  std::string found() const { return found_; }

 private:
  std::string_view wanted_;
  std::size_t best_;
  std::string found_;
};

}  // namespace

const std::string_view exit_codes =
    "Exit codes: 0 ok, 1 fault, 2 usage, 3 integrity or authenticity refused, 4 policy refused or approvals "
    "missing,\n"
    "5 unreachable, 6 not allowed, 7 conflict (rollback, replay, busy), 8 health failed and rolled back, 10 "
    "difference found.\n";

std::string dashed(const Option& option) {
  return (option.name.size() == 1 ? "-" : "--") + std::string(option.name);
}

std::string note_on(const Option& option) {
  const bool is_option = option.name.front() < 'A' || option.name.front() > 'Z';
  std::string note = is_option && option.need == Need::required ? "required" : "";
  if (option.takes == Takes::values) note += note.empty() ? "may be repeated" : ", may be repeated";
  return note.empty() ? note : " (" + note + ")";
}

std::string usage_line(const Command& command) {
  return fmt::format("{}", fmt::join(usage_words(command), " "));
}

std::string overview() {
  std::string out =
      "Sallyport: nothing gets into a node, and nothing runs on it, unless its vendor signed it, the "
      "operator's own people\n"
      "approved exactly this deployment, it was scanned, and every byte still is what they saw.\n\n"
      "Usage: sallyport COMMAND [OPTIONS]        sallyport COMMAND --help\n";
  for (const auto& group : command_groups()) {
    out += fmt::format("\n{}\n", group.title);
    for (const auto& command : group.commands)
      out += fmt::format("  {:<{}} {}\n", command.path, longest_path(), command.summary);
  }
  out += fmt::format("\nOptions of every command\n{}\n{}", global_options, exit_codes);
  return out;
}

std::string help_of(const Command& command) {
  std::string out = fmt::format("{}\n\nExamples\n", command.summary);
  for (const auto& example : command.examples) out += fmt::format("  {}\n", example);
  out += fmt::format("\nUsage\n{}\n{}\n", wrapped(usage_words(command)), command.details);
  if (!command.positionals.empty() || !command.options.empty()) out += "\nOptions\n";
  for (const auto& positional : command.positionals)
    out += entry(positional.name, std::string(positional.help) + note_on(positional));
  for (const auto& option : command.options) {
    out += entry(spelled(option), std::string(option.help) + note_on(option));
  }
  return out + fmt::format("{}\n{}", global_options, exit_codes);
}

std::string help_of_noun(std::string_view noun) {
  std::string out;
  for (const auto& group : command_groups()) {
    for (const auto& command : group.commands) {
      if (command.path.starts_with(std::string(noun) + " "))
        out += fmt::format("  {:<{}} {}\n", command.path, longest_path(), command.summary);
    }
  }
  if (out.empty()) return out;
  return fmt::format("Commands of `sallyport {}`\n{}\nsallyport {} COMMAND --help tells more.\n", noun, out,
                     noun);
}

std::string explain(const CodeInfo& code) {
  const bool refused = kind_of(code.code) == Kind::refused;
  return fmt::format("{}\n\n{}\n\n  kind         {}\n  exit code    {}\n\nWhat to do: {}\n", code.name,
                     code.meaning,
                     refused ? "refused: the evidence says no" : "fault: it could not be found out",
                     static_cast<int>(code.exit), code.next_step);
}

std::string nearest_of(std::string_view word, const std::vector<std::string_view>& candidates) {
  Nearest nearest(word);
  for (const auto candidate : candidates) nearest.offer(candidate);
  return nearest.found();
}

std::string nearest_command(std::string_view words) {
  Nearest nearest(words);
  for (const auto& group : command_groups()) {
    for (const auto& command : group.commands) nearest.offer(command.path);
  }
  return nearest.found();
}

std::string nearest_code(std::string_view name) {
  Nearest nearest(name);
  for (const auto& code : all_codes()) nearest.offer(code.name);
  return nearest.found();
}

}  // namespace sallyport::cli
