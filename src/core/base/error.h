// SPDX-License-Identifier: Apache-2.0
// What can go wrong, named. Every refusal and every fault of the program carries one Code; the table in
// codes.def is the only list, and docs/errors.md, `sallyport explain`, the event log and the exit codes
// are generated from it.
//
// Two kinds, never mixed up: `refused` means that the evidence says no (a verdict); `fault` means that we
// could not find out. Both fail closed. Only a refusal is evidence about the input.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport {

enum class Kind : std::uint8_t { refused, fault };

// Exit codes of the command line contract.
enum class Exit : std::uint8_t {
  ok = 0,
  fault = 1,
  usage = 2,
  integrity = 3,  // integrity or authenticity refused
  policy = 4,     // policy refused, or approvals missing
  unreachable = 5,
  not_allowed = 6,
  conflict = 7,     // rollback, replay, busy
  unhealthy = 8,    // health failed, rolled back
  difference = 10,  // `diff` or `--check` found a difference
};

enum class Code : std::uint16_t {
#define SALLYPORT_CODE(name, exit, meaning, next_step) name,
#include "core/base/codes.def"
#undef SALLYPORT_CODE
};

struct CodeInfo {
  Code code;
  std::string_view name;  // kebab-case, stable: this is what scripts and logs see
  Exit exit;
  std::string_view meaning;    // one sentence for people
  std::string_view next_step;  // what the reader should do now
};

std::span<const CodeInfo> all_codes();
const CodeInfo& info(Code code);
std::string_view name(Code code);
Exit exit_of(Code code);
Kind kind_of(Code code);
std::optional<Code> find_code(std::string_view name);

// What an error repeats of a text that somebody gave: no more of it than echo_size_max, and then how long it was. The
// longest path of the system is never cut.
constexpr std::size_t echo_size_max = 4096;
std::string echoed(std::string text);

// One refusal or fault. `where` names the thing (file, member, field, person); `expected` and `found` are
// filled where there is something to compare; `effect` says what happened to the system and is set by the
// role that knows. Texts may hold bytes of an attacker: whoever prints them escapes them (base/text.h).
struct Error {
  Code code;
  std::string where;
  std::string expected;
  std::string found;
  std::string effect;
  std::vector<std::string> steps;  // what was being done, innermost first

  explicit Error(Code c, std::string w = {}) : code(c), where(echoed(std::move(w))) {}
  Error(Code c, std::string w, std::string e, std::string f)
      : code(c), where(echoed(std::move(w))), expected(echoed(std::move(e))), found(echoed(std::move(f))) {}
};

}  // namespace sallyport
