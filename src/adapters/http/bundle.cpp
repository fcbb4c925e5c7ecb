// SPDX-License-Identifier: Apache-2.0
#include "adapters/http/bundle.h"

#include <algorithm>

namespace sallyport {
namespace {

constexpr std::uint64_t part_size = 1ULL << 20U;

}  // namespace

Result<BundleFetcher> BundleFetcher::open(const ByteSource& file) {
  auto directory = TRY(read_zip(file, bundle_limits).within("the bundle"));
  return BundleFetcher(file, std::move(directory));
}

Result<void> BundleFetcher::fetch(const FetchRequest& request, ByteSink& sink) {
  const std::string prefix = std::string(bundle_url) + "/";
  if (!request.url.starts_with(prefix)) return Error(Code::url_invalid, "URL", prefix, request.url);
  const auto* const member = directory_.find(request.url.substr(prefix.size()));
  if (member == nullptr) return Error(Code::server_file_missing, request.url, "the file", "none");
  if (member->size > request.size_max)
    return Error(Code::server_sends_too_much, request.url,
                 "at most " + std::to_string(request.size_max) + " bytes", std::to_string(member->size));
  Bytes buffer(static_cast<std::size_t>(std::min(part_size, member->size)));
  for (auto offset = request.offset; offset < member->size; offset += part_size) {
    const auto size = static_cast<std::size_t>(std::min(part_size, member->size - offset));
    const std::span<std::uint8_t> part(buffer.data(), size);
    TRY(file_->read_at(member->data_offset + offset, part));
    TRY(sink.write(part));
  }
  return {};
}

}  // namespace sallyport
