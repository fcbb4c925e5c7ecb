// SPDX-License-Identifier: Apache-2.0
#include "adapters/confine/messages.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <climits>
#include <string>

#include "adapters/confine/descriptor.h"

namespace sallyport::confine {
namespace {

constexpr std::size_t field_size_max = 900;
constexpr std::size_t told_size_max = 64U << 10U;
constexpr std::array<std::string_view, 4> attempt_ends{"refused", "passed", "declared", "not-tried"};

void tell(int pipe, std::initializer_list<std::string_view> fields) {
  std::string line;
  for (const auto field : fields) {
    if (!line.empty()) line += '\t';
    for (const char c : field.substr(0, field_size_max)) line += c == '\t' || c == '\n' ? ' ' : c;
  }
  line += '\n';
  // If nobody listens there is nobody to tell that to.
  if (line.size() <= PIPE_BUF && ::write(pipe, line.data(), line.size()) < 0) return;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

void take(const std::vector<std::string>& fields, Told& told) {
  if (fields[0] == "process" && fields.size() == 2) {
    std::from_chars(fields[1].data(), fields[1].data() + fields[1].size(), told.pid);
  } else if (fields[0] == "coverage" && fields.size() == 4) {
    const auto force = fields[2] == "in-force" ? Force::in_force : Force::not_available;
    told.coverage.push_back({fields[1], force, fields[3]});
  } else if (fields[0] == "attempt" && fields.size() == 4) {
    const auto* const end = std::find(attempt_ends.begin(), attempt_ends.end(), fields[2]);
    if (end == attempt_ends.end()) return;
    told.attempts.push_back({fields[1], static_cast<AttemptEnd>(end - attempt_ends.begin()), fields[3]});
  } else if (fields[0] == "error" && fields.size() == 5 && !told.error) {
    const auto code = find_code(fields[1]);
    told.error = Error(code.value_or(Code::internal_error), fields[2], fields[3], fields[4]);
  }
}

Result<std::string> read_all(int pipe) {
  std::string text;
  std::array<char, 4096> chunk;
  for (;;) {
    const auto size = ::read(pipe, chunk.data(), chunk.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return last_error("what the start tells");
    if (size == 0) return text;
    text.append(chunk.data(), static_cast<std::size_t>(size));
    if (text.size() > told_size_max) return Error(Code::internal_error, "what the start tells");
  }
}

}  // namespace

void tell_process(int pipe, int pid) {
  tell(pipe, {"process", std::to_string(pid)});
}

void tell_coverage(int pipe, const std::vector<Coverage>& coverage) {
  for (const auto& [facility, force, detail] : coverage) {
    tell(pipe, {"coverage", facility, force == Force::in_force ? "in-force" : "not-available", detail});
  }
}

void tell_attempt(int pipe, const Attempt& attempt) {
  tell(pipe,
       {"attempt", attempt.way, attempt_ends.at(static_cast<std::size_t>(attempt.end)), attempt.detail});
}

void tell_error(int pipe, const Error& error) {
  tell(pipe, {"error", name(error.code), error.where, error.expected, error.found});
}

Result<Told> listen_to(int pipe) {
  const auto text = TRY(read_all(pipe));
  Told told;
  for (const auto& line : split(text, '\n')) take(split(line, '\t'), told);
  return told;
}

}  // namespace sallyport::confine
