// SPDX-License-Identifier: Apache-2.0
// One compressed stream that takes up the whole of its place: what libraries that read gzip, xz and zstd pass over is
// looked at here. Several streams in one file, padding, bytes behind the end and streams without an end are read in
// several ways by several tools. docs/spec/wrap.md, *tar*.
#pragma once

#include <cstdint>

#include "core/base/bytes.h"

namespace sallyport {

enum class StreamKind : std::uint8_t { plain, gzip, xz, zstd };

// By its first bytes; six are enough.
StreamKind stream_kind_of(BytesView begin);

// archive_malformed: not exactly one stream from the first to the last byte of this part of the file. What is inside is
// for whoever decodes it, and so are the check sums of xz and zstd.
//   xz    .xz file format 1.1.0: one stream without padding, whose index accounts for every byte, with CRC32, CRC64 or
//         SHA-256
//   zstd  RFC 8878: one frame, none that is skipped
Result<void> check_xz_frame(const ByteSource& file, std::uint64_t offset, std::uint64_t size);
Result<void> check_zstd_frame(const ByteSource& file, std::uint64_t offset, std::uint64_t size);

}  // namespace sallyport
