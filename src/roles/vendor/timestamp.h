// SPDX-License-Identifier: Apache-2.0
// Adds to a signed package what others say about its signature: an RFC 3161 time stamp, or an OCSP response.
// The signature itself and everything that it covers stay as they are; the package's digest changes.
#pragma once

#include <vector>

#include "core/base/progress.h"
#include "core/base/sink.h"
#include "core/base/workers.h"
#include "core/crypto/time_stamp_request.h"

namespace sallyport::vendor {

// The queries for a time stamp authority, one for each signature: those of the first block, then those of the second.
// The nonce is made from the signature: who carries query and reply by hand asks once, and the reply is known by it
// later. signature_missing when nobody has signed the package.
Result<std::vector<Bytes>> time_stamp_queries(const ByteSource& package, Workers& workers);

struct StampReport {
  Sha256Digest package;  // of the new file
  std::uint64_t size;
  std::vector<TimeStamp> stamps;  // in the order of the queries
};

// Every signature of the package gets its stamp, or none does. Refuses with the rules of a signed package, and of
// time_stamp_request.h for replies to exactly the queries above in their order; usage_error for another number of them.
Result<StampReport> add_time_stamps(const ByteSource& package, const std::vector<Bytes>& replies,
                                    ByteSink& output, Workers& workers, Progress& progress = no_progress);

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
