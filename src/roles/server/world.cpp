// SPDX-License-Identifier: Apache-2.0
#include "roles/server/world.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "roles/server/problem.h"

namespace sallyport::server {
namespace {

class HeldBody final : public WebBody {
 public:
  HeldBody(std::uint64_t size_max, SmallBody then) : size_max_(size_max), then_(std::move(then)) {}
  std::uint64_t size_max() const override { return size_max_; }
  std::optional<WebAnswer> take(BytesView part) override {
    bytes_.insert(bytes_.end(), part.begin(), part.end());
    return std::nullopt;
  }
  WebAnswer finish() override {
    auto answer = then_(bytes_);
    return answer.ok() ? std::move(answer).value() : answer_with(problem(answer.error()));
  }

 private:
  std::uint64_t size_max_;
  SmallBody then_;
  Bytes bytes_;
};

}  // namespace

WebAnswer answer_json(unsigned status, std::string body, WebHeaders headers) {
  headers.emplace_back("Content-Type", "application/json");
  WebAnswer answer{status, std::move(headers), std::move(body), {}};
  return answer;
}

WebAnswer answer_empty(unsigned status, WebHeaders headers) {
  WebAnswer answer{status, std::move(headers), {}, {}};
  return answer;
}

bool has_media_type(const WebQuestion& question, const std::vector<std::string_view>& media_types) {
  const auto* const header = question.header("content-type");
  if (header == nullptr) return false;
  for (const auto& [name, value] : question.headers)
    if (name == "content-encoding" && value != "identity") return false;
  auto type = std::string_view(*header).substr(0, header->find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  return std::find(media_types.begin(), media_types.end(), type) != media_types.end();
}

WebAnswer media_type_refused(const WebQuestion& question, const std::vector<std::string_view>& media_types) {
  const auto* const found = question.header("content-type");
  return answer_with(Trouble::media_type_not_supported,
                     fmt::format("expected Content-Type: {}, without Content-Encoding; found {}",
                                 fmt::join(media_types, " or "), found == nullptr ? "none" : *found));
}

WebBegun take_small_body(const Call& call, std::uint64_t size_max,
                         const std::vector<std::string_view>& media_types, SmallBody then) {
  if (!has_media_type(call.question, media_types)) return media_type_refused(call.question, media_types);
  return std::make_unique<HeldBody>(size_max, std::move(then));
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view plain = "-._~";
  std::string out;
  for (const char c : text) {
    const bool stays = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       plain.find(c) != std::string_view::npos;
    out += stays ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace sallyport::server
