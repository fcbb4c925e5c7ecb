// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/memory.h"

namespace sallyport {

Result<void> MemoryFetcher::fetch(const FetchRequest& request, ByteSink& sink) {
  TRY(check_url(request.url));
  asked.push_back(request.url);
  const auto found = files.find(request.url);
  if (found == files.end()) return Error(Code::server_file_missing, request.url, "the file", "none");
  const BytesView all = found->second;
  if (all.size() > request.size_max)
    return Error(Code::server_sends_too_much, request.url,
                 "at most " + std::to_string(request.size_max) + " bytes", std::to_string(all.size()));
  if (request.offset >= all.size() && request.offset > 0)
    return Error(Code::server_refused, request.url, "the rest of the file", "there is none");
  return sink.write(all.subspan(request.offset));
}

}  // namespace sallyport
