// SPDX-License-Identifier: Apache-2.0
#include "adapters/scanner/clamd.h"

#include "adapters/scanner/clamd_database.h"
#include "adapters/scanner/clamd_reply.h"
#include "adapters/scanner/stream_scan.h"

namespace sallyport {

Result<EngineInfo> Clamd::info() {
  auto connection = TRY(EngineConnection::open(options_.socket, options_.patience, "clamd"));
  TRY(send_command(connection, "zVERSION"));
  const auto reply = TRY(connection.receive());
  auto version = TRY(parse_version_reply(reply));
  if (version.database_time)
    return EngineInfo{"clamd", std::move(version.engine), std::move(version.database),
                      *version.database_time};
  auto database = TRY(find_clamd_database(connection.peer_process()));
  return EngineInfo{"clamd", std::move(version.engine), std::move(database.version), database.time};
}

Result<std::unique_ptr<Scan>> Clamd::begin() {
  return begin_stream_scan(TRY(EngineConnection::open(options_.socket, options_.patience, "clamd")),
                           "zINSTREAM", parse_scan_reply);
}

}  // namespace sallyport
