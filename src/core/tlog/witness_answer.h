// SPDX-License-Identifier: Apache-2.0
// What a witness answers over HTTP (C2SP tlog-witness, add-checkpoint), for both sides. docs/spec/log.md.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "core/tlog/note.h"

namespace sallyport::tlog {

constexpr std::string_view add_checkpoint_path = "/add-checkpoint";
constexpr std::string_view tree_size_type = "text/x.tlog.size";
constexpr std::size_t witness_answer_size_max = 64U << 10U;

// The status of each way in which a witness says no, and of not being able to say anything (5xx).
unsigned http_status(Code code);

// What it saw last, if the question did not begin there.
struct StandsAt {
  std::uint64_t size;
};
std::string print_tree_size(std::uint64_t size);

using WitnessAnswer = std::variant<std::vector<NoteSignature>, StandsAt>;

// 200 with signature lines (note_malformed otherwise), or 409 with a size (server_refused otherwise). What else a
// witness may say is the error that http_status() has this number for; anything else is server_refused. Nothing here
// was verified.
Result<WitnessAnswer> parse_witness_answer(unsigned status, std::string_view content_type,
                                           std::string_view body);

}  // namespace sallyport::tlog
