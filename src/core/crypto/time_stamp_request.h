// SPDX-License-Identifier: Apache-2.0
// What a time stamp authority is asked, and what it answers (RFC 3161, section 2.4).
#pragma once

#include "core/crypto/time_stamp.h"

namespace sallyport {

// A TimeStampReq over the SHA-256 of the signature, with this nonce (1 to 20 bytes), that asks for the certificate.
Result<Bytes> print_time_stamp_query(BytesView signature, BytesView nonce);

// The token of a TimeStampResp, if it answers exactly this question and the token proves itself: by the
// certificates that it carries, and at its own time, because whose word counts is for the policy to say.
// Refuses with time_stamp_malformed, time_stamp_not_granted (with the authority's reason), time_stamp_invalid
// (another imprint or nonce) and the rules of time_stamp.h.
struct TimeStampReply {
  Bytes token;
  TimeStamp stamp;
};
Result<TimeStampReply> read_time_stamp_reply(BytesView reply, BytesView signature, BytesView nonce);

}  // namespace sallyport
