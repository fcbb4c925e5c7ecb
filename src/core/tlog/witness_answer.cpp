// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/witness_answer.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"
#include "core/tlog/lines.h"

namespace sallyport::tlog {
namespace {

struct Status {
  Code code;
  unsigned number;
};
// The first one of a number is what it means to whoever reads it.
constexpr std::array<Status, 8> statuses{{{Code::witness_request_malformed, 400},
                                          {Code::note_malformed, 400},
                                          {Code::checkpoint_malformed, 400},
                                          {Code::log_signature_invalid, 403},
                                          {Code::log_unknown, 404},
                                          {Code::witness_behind, 409},
                                          {Code::log_forked, 422},
                                          {Code::node_busy, 503}}};

Error refused(std::string expected, unsigned status, std::string_view body) {
  constexpr std::size_t shown_max = 80;
  return {Code::server_refused, "the witness's answer", std::move(expected),
          "status " + std::to_string(status) + ", " + printable(body.substr(0, shown_max))};
}

// A type may have parameters behind it.
bool is_type(std::string_view content_type, std::string_view type) {
  return content_type == type || (content_type.starts_with(type) &&
                                  (content_type[type.size()] == ';' || content_type[type.size()] == ' '));
}

std::optional<std::uint64_t> parse_tree_size(std::string_view body) {
  Lines lines(body);
  const auto line = lines.next();
  return line && lines.at_end() ? parse_decimal(*line, tree_size_max) : std::nullopt;
}

}  // namespace

unsigned http_status(Code code) {
  const auto* const found = std::ranges::find(statuses, code, &Status::code);
  return found == statuses.end() ? 500 : found->number;
}

std::string print_tree_size(std::uint64_t size) {
  return std::to_string(size) + "\n";
}

Result<WitnessAnswer> parse_witness_answer(unsigned status, std::string_view content_type,
                                           std::string_view body) {
  if (body.size() > witness_answer_size_max) return refused("at most 64 KiB", status, {});
  if (status == 200) return WitnessAnswer(TRY(parse_signatures(body)));
  if (status == 409) {
    const auto size = is_type(content_type, tree_size_type) ? parse_tree_size(body) : std::nullopt;
    if (size) return WitnessAnswer(StandsAt{*size});
    return refused("a size as " + std::string(tree_size_type), status, body);
  }
  const auto* const meant = std::ranges::find(statuses, status, &Status::number);
  if (meant == statuses.end() || meant->code == Code::node_busy)
    return refused("cosignatures, or a size", status, body);
  return Error(meant->code, "the witness's answer", "a cosignature", "status " + std::to_string(status));
}

}  // namespace sallyport::tlog
