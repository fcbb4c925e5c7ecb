// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/faulty.h"

namespace sallyport {

Result<void> FaultyFetcher::fetch(const FetchRequest& request, ByteSink& sink) {
  if (++calls_ != nth_) return inner_.fetch(request, sink);
  const Error fault(code_, request.url, "the file", "an injected fault");
  if (then_ == Fetched::nothing) return fault;
  MemorySink all;
  TRY(inner_.fetch(request, all));
  TRY(sink.write(BytesView(all.bytes()).first(all.bytes().size() / 2)));
  if (then_ == Fetched::half) return fault;
  return {};
}

}  // namespace sallyport
