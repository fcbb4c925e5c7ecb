// SPDX-License-Identifier: Apache-2.0
#include "core/format/gate.h"

#include <charconv>
#include <span>
#include <vector>

#include "core/format/split.h"

namespace sallyport {
namespace {

// In the order of the enumerators.
constexpr std::array<std::string_view, 2> modes{"observe", "enforce"};
constexpr std::array<std::string_view, 2> accesses{"execute", "open"};
constexpr std::array<std::string_view, 3> askers{"service", "other", "unknown"};
constexpr std::array<std::string_view, 2> kinds{"regular", "other"};
constexpr std::array<std::string_view, 3> places{"code", "data", "host"};
constexpr std::array<std::string_view, 3> all_looks{"plain", "code", "unknown"};
constexpr std::array<std::string_view, 2> steadinesses{"steady", "written"};
constexpr std::array<std::string_view, 2> answers{"allow", "deny"};
constexpr std::array<std::string_view, 9> reasons{"listed",     "outside-scope", "no-code",
                                                  "data",       "unlisted",      "code-in-data",
                                                  "not-a-file", "unmeasured",    "being-written"};

template <class Enum, std::size_t count>
std::string_view word_of(Enum value, const std::array<std::string_view, count>& words) {
  return words.at(static_cast<std::size_t>(value));
}

Error malformed(std::string_view what, std::string_view found) {
  return {Code::gate_trace_malformed, std::string(what), "a word of docs/spec/gate.md",
          std::string(found.substr(0, 80))};
}

template <class Enum>
Result<Enum> parse_word(std::string_view what, std::string_view text,
                        std::span<const std::string_view> words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == text) return static_cast<Enum>(i);
  }
  return malformed(what, text);
}

Result<std::uint64_t> parse_size(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || std::to_string(value) != text) {
    return malformed("size", text);
  }
  return value;
}

Result<std::optional<FileDigest>> parse_digest(std::string_view text) {
  if (text == "-") return std::optional<FileDigest>();
  auto digest = FileDigest::parse(text);
  if (!digest.ok()) return malformed("digest", text);
  return std::optional<FileDigest>(digest.value());
}

Result<GateQuestion> parse_question(const std::vector<std::string_view>& parts) {
  const auto access = TRY(parse_word<Access>("access", parts[1], accesses));
  const auto asker = TRY(parse_word<Asker>("asker", parts[2], askers));
  const auto kind = TRY(parse_word<FileKind>("kind", parts[3], kinds));
  const auto place = TRY(parse_word<Place>("place", parts[4], places));
  const auto looks = TRY(parse_word<Looks>("looks", parts[5], all_looks));
  const auto steadiness = TRY(parse_word<Steadiness>("steadiness", parts[6], steadinesses));
  const auto size = TRY(parse_size(parts[7]));
  const auto digest = TRY(parse_digest(parts[8]));
  return GateQuestion{access, asker, kind, place, looks, steadiness, size, digest};
}

}  // namespace

std::string_view word(GateMode mode) {
  return word_of(mode, modes);
}

std::string_view word(Access access) {
  return word_of(access, accesses);
}

std::string_view word(GateReason reason) {
  return word_of(reason, reasons);
}

std::string_view word(GateAnswer answer) {
  return word_of(answer, answers);
}

Result<GateMode> parse_gate_mode(std::string_view text) {
  auto mode = parse_word<GateMode>("mode", text, modes);
  if (!mode.ok())
    return Error(Code::usage_error, "mode", "observe or enforce", std::string(text.substr(0, 80)));
  return mode;
}

std::string print_trace(const TraceLine& line) {
  const auto& q = line.question;
  std::string text(word(line.mode));
  for (const auto part :
       {word(q.access), word_of(q.asker, askers), word_of(q.kind, kinds), word_of(q.place, places),
        word_of(q.looks, all_looks), word_of(q.steadiness, steadinesses)}) {
    text += " " + std::string(part);
  }
  text += " " + std::to_string(q.size) + " " + (q.digest ? q.digest->text() : "-");
  return text + " " + std::string(word(line.verdict.answer)) + " " + std::string(word(line.verdict.reason));
}

Result<TraceLine> parse_trace(std::string_view line) {
  if (line.size() > trace_line_size_max) return malformed("line", line);
  const auto parts = split(line);
  if (parts.size() != 11) return malformed("line", line);
  const auto mode = TRY(parse_word<GateMode>("mode", parts[0], modes));
  const auto question = TRY(parse_question(parts));
  const auto answer = TRY(parse_word<GateAnswer>("answer", parts[9], answers));
  const auto reason = TRY(parse_word<GateReason>("reason", parts[10], reasons));
  return TraceLine{mode, question, {answer, reason}};
}

}  // namespace sallyport
