// SPDX-License-Identifier: Apache-2.0
#include "adapters/scanner/service.h"

#include "adapters/scanner/stream_scan.h"
#include "core/format/fields.h"

namespace sallyport {
namespace {

constexpr std::size_t reply_size_max = 4096;
constexpr std::string_view info_command = "sallyport-engine/1 info";
constexpr std::string_view scan_command = "sallyport-engine/1 scan";

Result<JsonDocument> parse_reply(std::string_view reply) {
  return JsonDocument::parse(as_bytes(reply), reply_size_max, Code::scanner_failed);
}

Result<ScanResult> read_result(JsonObject& object) {
  const auto text = TRY(object.text("result", 20));
  if (text == "clean") return ScanResult::clean;
  if (text == "found") return ScanResult::found;
  if (text == "not-scanned") return ScanResult::not_scanned;
  return object.malformed("result", "clean, found or not-scanned", text);
}

}  // namespace

Result<EngineInfo> parse_service_info(std::string_view reply) {
  const auto document = TRY(parse_reply(reply));
  auto object = TRY(document.object());
  auto engine = TRY(fields::label(object, "engine", 100));
  auto version = TRY(fields::label(object, "version", 200));
  auto database = TRY(fields::label(object, "database", 200));
  const auto time = TRY(fields::parsed<Instant>(object, "database_time"));
  TRY(object.finish());
  return EngineInfo{std::move(engine), std::move(version), std::move(database), time, EngineTrial::malware};
}

Result<ScanAnswer> parse_service_answer(std::string_view reply) {
  const auto document = TRY(parse_reply(reply));
  auto object = TRY(document.object());
  const auto result = TRY(read_result(object));
  auto detail = TRY(object.text("detail", 1000));
  TRY(object.finish());
  if (detail.empty() != (result == ScanResult::clean))
    return object.malformed("detail", "words unless the result is clean", detail);
  return ScanAnswer{result, std::move(detail)};
}

Result<EngineInfo> ServiceScanner::info() {
  auto connection = TRY(EngineConnection::open(socket_, patience_, socket_));
  TRY(send_command(connection, info_command));
  return parse_service_info(TRY(connection.receive()));
}

Result<std::unique_ptr<Scan>> ServiceScanner::begin() {
  return begin_stream_scan(TRY(EngineConnection::open(socket_, patience_, socket_)), scan_command,
                           parse_service_answer);
}

}  // namespace sallyport
