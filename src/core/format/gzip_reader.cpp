// SPDX-License-Identifier: Apache-2.0
#include "core/format/gzip_reader.h"

#include <zlib.h>

#include <climits>

namespace sallyport {
namespace {

constexpr int gzip_alone = 15 + 16;  // zlib: a window of 32 KiB, and the header of gzip, of no other

}  // namespace

struct GzipReader::State {
  z_stream stream{};
  Bytes stored;
  bool ended = false;
};

GzipReader::GzipReader() : state_(std::make_unique<State>()) {
  CHECK(inflateInit2(&state_->stream, gzip_alone) == Z_OK);
}
GzipReader::~GzipReader() {
  inflateEnd(&state_->stream);
}

void GzipReader::give(BytesView stored) {
  CHECK(left() == 0 && stored.size() < UINT_MAX);
  state_->stored = copy(stored);  // zlib takes no constant bytes
  state_->stream.next_in = state_->stored.data();
  state_->stream.avail_in = static_cast<uInt>(stored.size());
}

Result<std::size_t> GzipReader::take(std::span<std::uint8_t> room) {
  CHECK(room.size() < UINT_MAX);
  if (state_->ended) return std::size_t{0};
  auto& stream = state_->stream;
  stream.next_out = room.data();
  stream.avail_out = static_cast<uInt>(room.size());
  const int answer = inflate(&stream, Z_NO_FLUSH);
  if (answer != Z_OK && answer != Z_STREAM_END && answer != Z_BUF_ERROR)
    return Error(Code::archive_malformed, "compressed stream", "a gzip stream with its check sum and size",
                 stream.msg == nullptr ? "something else" : stream.msg);
  state_->ended = answer == Z_STREAM_END;
  return room.size() - stream.avail_out;
}

bool GzipReader::ended() const {
  return state_->ended;
}
std::size_t GzipReader::left() const {
  return state_->stream.avail_in;
}

}  // namespace sallyport
