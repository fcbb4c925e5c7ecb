// SPDX-License-Identifier: Apache-2.0
// What may be added to a CMS after it was signed, because no signature covers it. What comes out is read again
// before it is returned.
#pragma once

#include "core/base/bytes.h"

namespace sallyport {

// The value of the one signature: what a time stamp is over. not_supported when there are several.
Result<Bytes> signature_of(BytesView cms);

// The one signature with this time stamp, instead of one that it may have had (id-aa-timeStampToken, RFC 3161).
Result<Bytes> with_time_stamp(BytesView cms, BytesView token);

// With this OCSP response, besides those that are there (id-ri-ocsp-response, RFC 5940). At most 8.
Result<Bytes> with_ocsp_response(BytesView cms, BytesView response);

}  // namespace sallyport
