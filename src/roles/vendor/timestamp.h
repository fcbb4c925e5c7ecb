// SPDX-License-Identifier: Apache-2.0
// Adds to a signed package what others say about its signature: an RFC 3161 time stamp, or an OCSP response.
// The signature itself and everything that it covers stay as they are; the package's digest changes.
#pragma once

#include <optional>

#include "core/base/progress.h"
#include "core/base/sink.h"
#include "core/base/workers.h"
#include "core/crypto/time_stamp_request.h"

namespace sallyport::vendor {

// The query for a time stamp authority. Without a nonce it is made from the signature: who carries query and
// reply by hand asks once, and the reply is known by it later.
Result<Bytes> time_stamp_query(const ByteSource& package, Workers& workers,
                               const std::optional<Bytes>& nonce);

struct StampReport {
  Sha256Digest package;  // of the new file
  std::uint64_t size;
  TimeStamp stamp;
};

// Refuses with the rules of a signed package, and of time_stamp_request.h for a reply to exactly the query above.
Result<StampReport> add_time_stamp(const ByteSource& package, BytesView reply,
                                   const std::optional<Bytes>& nonce, ByteSink& output, Workers& workers,
                                   Progress& progress = no_progress);

struct StapleReport {
  Sha256Digest package;
  std::uint64_t size;
  std::string responder;
};

// The response is to be of the one form (ocsp_malformed); whether it is by the right authority is found out by
// whoever knows that: `verify`.
Result<StapleReport> add_ocsp_response(const ByteSource& package, BytesView response, ByteSink& output,
                                       Workers& workers, Progress& progress = no_progress);

}  // namespace sallyport::vendor
