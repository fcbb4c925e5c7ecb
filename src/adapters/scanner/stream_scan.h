// SPDX-License-Identifier: Apache-2.0
// One content over one connection: a command, the content in parts behind their lengths, one answer. What clamd's
// INSTREAM and the protocol of service.h have in common.
#pragma once

#include <memory>
#include <string_view>

#include "adapters/scanner/engine_connection.h"
#include "adapters/scanner/port.h"

namespace sallyport {

using ParseAnswer = Result<ScanAnswer> (*)(std::string_view);

// `command` is sent with a NUL behind it.
Result<std::unique_ptr<Scan>> begin_stream_scan(EngineConnection connection, std::string_view command,
                                                ParseAnswer parse);

Result<Sent> send_command(EngineConnection& connection, std::string_view command);

}  // namespace sallyport
