// SPDX-License-Identifier: Apache-2.0
// What other tools do to members before they store them.
#pragma once

#include <zlib.h>

#include "core/base/bytes.h"
#include "core/base/check.h"

namespace sallyport {

inline Bytes deflated_for_test(BytesView data) {
  z_stream stream{};
  CHECK(deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  Bytes out(deflateBound(&stream, static_cast<uLong>(data.size())));
  Bytes in = copy(data);
  stream.next_in = in.data();
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = out.data();
  stream.avail_out = static_cast<uInt>(out.size());
  CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace sallyport
