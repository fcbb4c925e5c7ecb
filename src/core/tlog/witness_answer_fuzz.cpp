// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "core/tlog/witness_answer.h"

// The first byte chooses a status, the rest up to a line end is the content type.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  constexpr std::array<unsigned, 8> statuses{200, 409, 400, 403, 404, 422, 500, 999};
  if (size == 0) return 0;
  const auto text = as_text(BytesView(data + 1, size - 1));
  const auto end = text.find('\n');
  const auto body = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  const auto answer =
      tlog::parse_witness_answer(statuses.at(data[0] % statuses.size()), text.substr(0, end), body);
  if (!answer.ok()) return 0;
  if (const auto* stands = std::get_if<tlog::StandsAt>(&answer.value())) {
    CHECK(tlog::print_tree_size(stands->size) == body);
    return 0;
  }
  std::string printed;
  for (const auto& signature : std::get<0>(answer.value())) printed += tlog::print_signature(signature);
  CHECK(printed == body);
  return 0;
}
