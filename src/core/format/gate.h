// SPDX-License-Identifier: Apache-2.0
// What the gate is asked and what it answers, as values and as one line of text each: the trace that a node
// records and that decisions are replayed from. docs/spec/gate.md.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/crypto/digest.h"

namespace sallyport {

enum class GateMode : std::uint8_t { observe, enforce };
enum class Access : std::uint8_t { execute, open };
enum class Asker : std::uint8_t { service, other, unknown };  // unknown: could not find out
enum class FileKind : std::uint8_t { regular, other };
enum class Place : std::uint8_t {
  code,
  data,  // reached through a mount that cannot be executed from
  host,  // on a file system of the host, not of the node
};
enum class Looks : std::uint8_t { plain, code, unknown };  // code: begins as an ELF file or with "#!"
enum class Steadiness : std::uint8_t { steady, written };  // written: somebody has it open for writing

struct GateQuestion {
  Access access;
  Asker asker;
  FileKind kind;
  Place place;
  Looks looks;
  Steadiness steadiness;
  std::uint64_t size;
  std::optional<FileDigest> digest;  // absent: not measured

  bool operator==(const GateQuestion&) const = default;
};

enum class GateReason : std::uint8_t {
  listed,         // of a generation that may run
  outside_scope,  // opened by a process that is none of a service's
  no_code,        // a folder, a device, a pipe: opened
  data,           // plain, and from where nothing can be executed
  unlisted,
  code_in_data,   // looks like code, and lies where data lies
  not_a_file,     // executed, and not a regular file
  unmeasured,     // could not be read
  being_written,  // listed as long as nobody writes to it, and somebody may
};
enum class GateAnswer : std::uint8_t { allow, deny };

// Those that are no reason to allow, in the order of their values.
inline constexpr std::array<GateReason, 5> gate_refusals{GateReason::unlisted, GateReason::code_in_data,
                                                         GateReason::not_a_file, GateReason::unmeasured,
                                                         GateReason::being_written};

struct GateVerdict {
  GateAnswer answer;
  GateReason reason;

  bool operator==(const GateVerdict&) const = default;
};

// One file of a generation, by nothing but its content.
struct ListedFile {
  std::uint64_t size;
  std::array<std::uint8_t, FileDigest::size> digest;

  auto operator<=>(const ListedFile&) const = default;
};

struct TraceLine {
  GateMode mode;
  GateQuestion question;
  GateVerdict verdict;

  bool operator==(const TraceLine&) const = default;
};

struct RefusalCount {
  std::uint64_t denied = 0;
  std::uint64_t would_deny = 0;  // in observe mode

  bool operator==(const RefusalCount&) const = default;
};

struct GateCounts {
  std::uint64_t answered = 0;
  std::uint64_t denied = 0;
  std::uint64_t would_deny = 0;                               // in observe mode
  std::uint64_t unrecorded = 0;                               // records that found no room: counted, not kept
  std::uint64_t overflows = 0;                                // the kernel has let something pass unasked
  std::uint64_t restarts = 0;                                 // of the process that answers
  std::uint64_t late = 0;                                     // not found out in time, and answered without
  std::array<RefusalCount, gate_refusals.size()> refusals{};  // of each of gate_refusals

  bool operator==(const GateCounts&) const = default;
};

constexpr std::size_t trace_line_size_max = 256;

std::string_view word(GateMode mode);
std::string_view word(Access access);
std::string_view word(GateReason reason);
std::string_view word(GateAnswer answer);
Result<GateMode> parse_gate_mode(std::string_view text);  // usage_error

// "enforce execute service regular code plain steady 123 <digest or -> deny unlisted", without a line end.
std::string print_trace(const TraceLine& line);
// Exactly what print_trace prints. Code: gate_trace_malformed.
Result<TraceLine> parse_trace(std::string_view line);

}  // namespace sallyport
