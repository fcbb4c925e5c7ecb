// SPDX-License-Identifier: Apache-2.0
// What may be added to a CMS after it was signed, because no signature covers it. What comes out is read again
// before it is returned.
#pragma once

#include <vector>

#include "core/base/bytes.h"

namespace sallyport {

// The value of each SignerInfo's signature, in their order: what time stamps are over.
Result<std::vector<Bytes>> signatures_of(BytesView cms);

// With these time stamps, one for each signature in the order of signatures_of, instead of those that may be there
// (id-aa-timeStampToken, RFC 3161).
Result<Bytes> with_time_stamps(BytesView cms, const std::vector<Bytes>& tokens);

// With this OCSP response, besides those that are there (id-ri-ocsp-response, RFC 5940). At most 8.
Result<Bytes> with_ocsp_response(BytesView cms, BytesView response);

}  // namespace sallyport
