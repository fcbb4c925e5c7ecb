// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/cli.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>

#include "apps/sallyport/help.h"
#include "core/base/text.h"

namespace sallyport::cli {
namespace {

std::vector<std::string> words_of(int argc, const char* const* argv) {
  std::vector<std::string> words;
  for (int i = 1; i < argc; ++i) words.emplace_back(argv[i]);
  std::erase(words, "--json");
  return words;
}

constexpr std::size_t path_words_max = 3;  // "node gate run"

// The first `count` of them, as far as there are any.
std::string joined(const std::vector<std::string>& words, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < std::min(count, words.size()); ++i) text += (i == 0 ? "" : " ") + words[i];
  return text;
}

// The command is the longest path that the first words spell.
const Command* match(const std::vector<std::string>& words, std::size_t& used) {
  for (used = std::min(path_words_max, words.size()); used > 0; --used) {
    if (const auto* command = find_command(joined(words, used))) return command;
  }
  return nullptr;
}

// Of the longest noun that the first words spell ("node gate"), when nothing follows it but a wish for help.
std::string help_of_nouns(const std::vector<std::string>& words, bool asks_help) {
  for (std::size_t count = std::min(path_words_max - 1, words.size()); count > 0; --count) {
    auto help = help_of_noun(joined(words, count));
    if (!help.empty()) return count == words.size() || asks_help ? help : std::string();
  }
  return {};
}

Error not_understood(const std::vector<std::string>& words) {
  std::size_t count = 1;
  while (count < std::min(path_words_max, words.size()) && !words[count].starts_with("-")) ++count;
  std::string near;
  for (auto spelled = count; spelled > 0 && near.empty(); --spelled) {
    near = nearest_command(joined(words, spelled));
  }
  return {Code::usage_error, "command",
          near.empty() ? "a command of `sallyport --help`" : "perhaps `sallyport " + near + "`",
          printable(joined(words, std::min<std::size_t>(count, 2)))};
}

using Values = std::map<std::string, std::vector<std::string>, std::less<>>;

void declare(CLI::App& app, const Option& option, Values& values, std::map<std::string, bool>& flags,
             const std::string& name) {
  auto& into = values[std::string(option.name)];
  if (option.takes == Takes::nothing) {
    app.add_flag(name, flags[std::string(option.name)], "");
    return;
  }
  auto* added = app.add_option(name, into, "");
  if (option.takes == Takes::value) {
    added->expected(1)->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  } else {
    added->expected(1, CLI::detail::expected_max_vector_size)
        ->allow_extra_args(option.name.front() >= 'A' && option.name.front() <= 'Z' ? true : false);
  }
  if (option.need == Need::required) added->required();
}

// An option that the command does not have, before what it lacks: most often the one is the other misspelt.
std::optional<Error> unknown_option(const Command& command, const std::vector<std::string>& words) {
  for (const auto& word : words) {
    if (word == "--") return std::nullopt;
    if (!word.starts_with("--")) continue;
    const auto spelled = std::string_view(word).substr(
        2, word.find('=') == std::string::npos ? std::string::npos : word.find('=') - 2);
    std::vector<std::string_view> names;
    for (const auto& option : command.options) names.push_back(option.name);
    if (std::find(names.begin(), names.end(), spelled) != names.end()) continue;
    const auto near = nearest_of(spelled, names);
    return Error(Code::usage_error, std::string(command.path),
                 near.empty() ? usage_line(command) : "perhaps --" + near, printable(word));
  }
  return std::nullopt;
}

Result<Invocation> parse_command(const Command& command, std::vector<std::string> rest) {
  const auto words = rest;
  CLI::App app;
  app.set_help_flag();
  Values values;
  std::map<std::string, bool> flags;
  for (const auto& positional : command.positionals)
    declare(app, positional, values, flags, std::string(positional.name));
  for (const auto& option : command.options)
    declare(app, option, values, flags, (option.name.size() == 1 ? "-" : "--") + std::string(option.name));
  std::reverse(rest.begin(), rest.end());
  try {
    app.parse(rest);
  } catch (const CLI::ParseError& error) {
    if (auto unknown = unknown_option(command, words)) return *std::move(unknown);
    return Error(Code::usage_error, std::string(command.path), usage_line(command), printable(error.what()));
  }
  for (const auto& [name, given] : flags) {
    if (given) values[name].emplace_back("yes");
  }
  Invocation invocation;
  invocation.command = &command;
  invocation.arguments.emplace(std::move(values));
  return invocation;
}

}  // namespace

Form wanted_form(int argc, const char* const* argv) {
  return std::any_of(argv + 1, argv + argc,
                     [](const char* word) { return std::string_view(word) == "--json"; })
             ? Form::json
             : Form::text;
}

std::string named_command(int argc, const char* const* argv) {
  const auto words = words_of(argc, argv);
  std::size_t used = 0;
  const auto* command = match(words, used);
  if (command != nullptr) return std::string(command->path);
  return words.empty() || words[0].starts_with("-") ? std::string() : printable(words[0]);
}

Result<Invocation> parse(int argc, const char* const* argv) {
  auto words = words_of(argc, argv);
  Invocation help;
  if (words.empty() && wanted_form(argc, argv) == Form::json)
    return Error(Code::usage_error, "command", "sallyport COMMAND --json", "no command");
  if (words.empty() || words[0] == "--help" || words[0] == "-h" ||
      words == std::vector<std::string>{"help"}) {
    help.text = overview();
    return help;
  }
  if (words[0] == "--version") words[0] = "version";
  if (words[0] == "help") words.erase(words.begin()), words.emplace_back("--help");
  std::size_t used = 0;
  const auto* command = match(words, used);
  const bool asks_help = std::any_of(words.begin(), words.end(),
                                     [](const auto& word) { return word == "--help" || word == "-h"; });
  if (command == nullptr) {
    help.text = help_of_nouns(words, asks_help);
    if (!help.text.empty()) return help;
    return not_understood(words);
  }
  if (asks_help) {
    help.text = help_of(*command);
    return help;
  }
  return parse_command(*command, {words.begin() + static_cast<std::ptrdiff_t>(used), words.end()});
}

}  // namespace sallyport::cli
