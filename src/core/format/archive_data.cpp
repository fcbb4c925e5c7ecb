// SPDX-License-Identifier: Apache-2.0
#include <zlib.h>

#include <algorithm>

#include "core/format/archive.h"

namespace sallyport {
namespace {

constexpr std::uint64_t part_size_max = 1ULL << 20U;
constexpr int raw_deflate = -15;  // zlib: no header of its own, a window of 32 KiB

// One raw deflate stream (RFC 1951) of a known size on both sides.
class Inflater {
 public:
  Inflater() { ready_ = inflateInit2(&stream_, raw_deflate) == Z_OK; }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }

  bool ready() const { return ready_; }
  bool ended() const { return ended_; }
  // Bytes of the input that are left; there are some only behind the end of the stream, or where the room is used up.
  std::size_t left() const { return stream_.avail_in; }
  void give(Bytes& input) {
    stream_.next_in = input.data();
    stream_.avail_in = static_cast<uInt>(input.size());
  }
  // How many bytes came out; nothing when this is no deflate stream. None came out and it has not ended: it wants more.
  std::optional<std::size_t> take(Bytes& room) {
    stream_.next_out = room.data();
    stream_.avail_out = static_cast<uInt>(room.size());
    const int answer = inflate(&stream_, Z_NO_FLUSH);
    if (answer != Z_OK && answer != Z_STREAM_END && answer != Z_BUF_ERROR) return std::nullopt;
    ended_ = answer == Z_STREAM_END;
    return room.size() - stream_.avail_out;
  }

 private:
  z_stream stream_{};
  bool ready_ = false;
  bool ended_ = false;
};

Error wrong_data(const ArchiveMember& member, std::string found) {
  return Error(Code::zip_data_malformed, member.name.text(),
               "one deflate stream of " + std::to_string(member.stored_size) + " bytes that holds " +
                   std::to_string(member.size),
               std::move(found));
}

class Inflation {
 public:
  Inflation(const ArchiveMember& member, const PartSink& sink) : member_(member), sink_(sink) {}

  Result<void> feed(Bytes& input) {
    if (!inflater_.ready()) return Error(Code::internal_error, "zlib");
    inflater_.give(input);
    while (true) {
      const auto size = inflater_.take(room_);
      if (!size) return wrong_data(member_, "something else");
      if (*size > member_.size - produced_) return wrong_data(member_, "more");
      produced_ += *size;
      if (*size != 0) TRY(sink_(BytesView(room_).first(*size)));
      if (inflater_.ended())
        return inflater_.left() == 0 ? Result<void>() : wrong_data(member_, "bytes behind its end");
      if (*size < room_.size()) return {};
    }
  }
  bool ended() const { return inflater_.ended(); }
  Result<void> finish() const {
    if (inflater_.ended() && produced_ == member_.size) return {};
    return wrong_data(member_,
                      std::to_string(produced_) + (inflater_.ended() ? " bytes" : " bytes, and no end"));
  }

 private:
  const ArchiveMember& member_;
  const PartSink& sink_;
  Inflater inflater_;
  Bytes room_ = Bytes(part_size_max / 4);
  std::uint64_t produced_ = 0;
};

Result<void> inflate_member(const ByteSource& file, const ArchiveMember& member, const PartSink& sink) {
  Inflation inflation(member, sink);
  for (std::uint64_t done = 0; done < member.stored_size;) {
    if (inflation.ended()) return wrong_data(member, "bytes behind its end");
    const auto size = std::min(member.stored_size - done, part_size_max);
    auto part = TRY(file.read(member.data_offset + done, size, part_size_max));
    TRY(inflation.feed(part));
    done += size;
  }
  return inflation.finish();
}

Result<void> copy_member(const ByteSource& file, const ArchiveMember& member, const PartSink& sink) {
  for (std::uint64_t done = 0; done < member.size;) {
    const auto size = std::min(member.size - done, part_size_max);
    TRY(sink(TRY(file.read(member.data_offset + done, size, part_size_max))));
    done += size;
  }
  return {};
}

}  // namespace

Result<std::uint32_t> read_archived(const ByteSource& file, const ArchiveMember& member,
                                    const PartSink& sink) {
  std::uint32_t crc = 0;
  const PartSink counted = [&](BytesView part) {
    crc = crc32(crc, part);
    return sink(part);
  };
  TRY(member.coding == Coding::deflated ? inflate_member(file, member, counted)
                                        : copy_member(file, member, counted));
  return crc;
}

Result<Bytes> read_archived(const ByteSource& file, const ArchiveMember& member, std::uint64_t size_max) {
  if (member.size > size_max) {
    return Error(Code::zip_limit_exceeded, member.name.text(),
                 "at most " + std::to_string(size_max) + " bytes", std::to_string(member.size) + " bytes");
  }
  Bytes bytes;
  const auto crc = TRY(read_archived(file, member, [&](BytesView part) -> Result<void> {
    bytes.insert(bytes.end(), part.begin(), part.end());
    return {};
  }));
  if (crc == member.crc32) return bytes;
  return Error(Code::zip_checksum_mismatch, member.name.text(), std::to_string(member.crc32),
               std::to_string(crc));
}

}  // namespace sallyport
