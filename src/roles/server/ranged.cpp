// SPDX-License-Identifier: Apache-2.0
#include "roles/server/ranged.h"

#include "roles/server/problem.h"
#include "roles/server/range.h"

namespace sallyport::server {

WebAnswer answer_with_range(const WebQuestion& question, Served served) {
  const auto size = served.size;
  WebHeaders headers{{"ETag", served.tag}, {"Accept-Ranges", "bytes"}, {"Content-Type", served.media_type}};
  const auto* const range = question.header("range");
  const auto* const only_if = question.header("if-range");
  const bool is_whole = range == nullptr || (only_if != nullptr && *only_if != served.tag);
  const auto part = is_whole ? Ranged(WholeContent{}) : parse_range(*range, size);
  if (std::holds_alternative<OutsideOfContent>(part)) {
    auto answer = answer_with(Trouble::range_not_satisfiable);
    answer.headers.emplace_back("Content-Range", "bytes */" + std::to_string(size));
    return answer;
  }
  const auto* const some = std::get_if<ByteRange>(&part);
  const auto begin = some == nullptr ? 0 : some->offset;
  WebFile sent{std::move(served.file), served.offset + begin, some == nullptr ? size : some->size};
  if (some != nullptr)
    headers.emplace_back("Content-Range", "bytes " + std::to_string(begin) + "-" +
                                              std::to_string(begin + some->size - 1) + "/" +
                                              std::to_string(size));
  WebAnswer answer{some == nullptr ? 200U : 206U, std::move(headers), {}, std::move(sent)};
  return answer;
}

}  // namespace sallyport::server
