// SPDX-License-Identifier: Apache-2.0
// Services in memory under their URLs; what is asked elsewhere is unreachable.
#pragma once

#include <map>
#include <string>

#include "adapters/http/port.h"

namespace sallyport {

class MemoryPoster final : public Poster {
 public:
  std::map<std::string, std::function<Result<HttpAnswer>(const PostRequest&)>> services;

  Result<HttpAnswer> post(const PostRequest& request) const override {
    TRY(check_url(request.url));
    const auto found = services.find(request.url);
    if (found == services.end()) return Error(Code::server_unreachable, request.url, "an answer", "none");
    auto answer = TRY(found->second(request));
    if (answer.body.size() <= request.answer_size_max) return answer;
    return Error(Code::server_sends_too_much, request.url);
  }
};

}  // namespace sallyport
