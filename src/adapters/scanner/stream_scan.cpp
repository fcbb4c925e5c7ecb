// SPDX-License-Identifier: Apache-2.0
#include "adapters/scanner/stream_scan.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace sallyport {
namespace {

constexpr std::size_t chunk_size_max = 1U << 20U;

class StreamScan final : public Scan {
 public:
  StreamScan(EngineConnection connection, ParseAnswer parse)
      : connection_(std::move(connection)), parse_(parse) {}

  Result<void> start(std::string_view command) {
    sent_ = TRY(send_command(connection_, command));
    return {};
  }

  Result<void> feed(BytesView part) override {
    while (!part.empty() && sent_ == Sent::all) {
      const auto chunk = part.first(std::min(part.size(), chunk_size_max));
      sent_ = TRY(send_chunk(chunk));
      part = part.subspan(chunk.size());
    }
    return {};
  }

  Result<ScanAnswer> finish() override {
    if (sent_ == Sent::all) sent_ = TRY(send_chunk({}));
    const auto reply = TRY(connection_.receive());
    auto answer = TRY(parse_(reply));
    // Nothing but a refusal to look can come before the last byte.
    if (sent_ == Sent::interrupted && answer.result != ScanResult::not_scanned)
      return Error(Code::scanner_failed, connection_.name(), "an answer about the whole content",
                   "an early one: " + reply);
    return answer;
  }

 private:
  Result<Sent> send_chunk(BytesView chunk) {
    const auto size = static_cast<std::uint32_t>(chunk.size());
    std::array<std::uint8_t, 4> prefix{};
    for (unsigned i = 0; i < 4; ++i) prefix[i] = static_cast<std::uint8_t>(size >> (24U - 8U * i));
    const auto sent = TRY(connection_.send(prefix));
    if (sent == Sent::interrupted || chunk.empty()) return sent;
    return connection_.send(chunk);
  }

  EngineConnection connection_;
  ParseAnswer parse_;
  Sent sent_ = Sent::all;
};

}  // namespace

Result<Sent> send_command(EngineConnection& connection, std::string_view command) {
  const std::string text(command);
  return connection.send(as_bytes({text.c_str(), text.size() + 1}));
}

Result<std::unique_ptr<Scan>> begin_stream_scan(EngineConnection connection, std::string_view command,
                                                ParseAnswer parse) {
  auto scan = std::make_unique<StreamScan>(std::move(connection), parse);
  TRY(scan->start(command));
  return std::unique_ptr<Scan>(std::move(scan));
}

}  // namespace sallyport
