// SPDX-License-Identifier: Apache-2.0
#include "adapters/scanner/clamd.h"

#include <algorithm>
#include <array>

#include "adapters/scanner/clamd_connection.h"
#include "adapters/scanner/clamd_database.h"
#include "adapters/scanner/clamd_reply.h"

namespace sallyport {
namespace {

constexpr std::size_t chunk_size_max = 1U << 20U;

BytesView command(std::string_view text) {  // with its NUL
  return as_bytes({text.data(), text.size() + 1});
}

class ClamdScan final : public Scan {
 public:
  explicit ClamdScan(ClamdConnection connection) : connection_(std::move(connection)) {}

  Result<void> start() {
    sent_ = TRY(connection_.send(command("zINSTREAM")));
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
    auto answer = TRY(parse_scan_reply(reply));
    // Nothing but a refusal to look can come before the last byte.
    if (sent_ == Sent::interrupted && answer.result != ScanResult::not_scanned)
      return Error(Code::scanner_failed, "clamd", "an answer about the whole content",
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

  ClamdConnection connection_;
  Sent sent_ = Sent::all;
};

}  // namespace

Result<EngineInfo> Clamd::info() {
  auto connection = TRY(ClamdConnection::open(options_.socket, options_.patience));
  TRY(connection.send(command("zVERSION")));
  const auto reply = TRY(connection.receive());
  auto version = TRY(parse_version_reply(reply));
  if (version.database_time)
    return EngineInfo{"clamd", std::move(version.engine), std::move(version.database),
                      *version.database_time};
  auto database = TRY(find_clamd_database(connection.peer_process()));
  return EngineInfo{"clamd", std::move(version.engine), std::move(database.version), database.time};
}

Result<std::unique_ptr<Scan>> Clamd::begin() {
  auto scan = std::make_unique<ClamdScan>(TRY(ClamdConnection::open(options_.socket, options_.patience)));
  TRY(scan->start());
  return std::unique_ptr<Scan>(std::move(scan));
}

}  // namespace sallyport
