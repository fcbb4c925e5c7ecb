// SPDX-License-Identifier: Apache-2.0
#include "core/format/content.h"

#include "core/base/checked.h"
#include "core/crypto/file_digest.h"
#include "core/format/tree_check.h"

namespace sallyport {
namespace {

Result<void> check_size(const ContentObject& object, std::uint64_t size) {
  if (size == object.size) return {};
  return Error(Code::content_malformed, "content " + object.digest.text(), std::to_string(object.size),
               std::to_string(size));
}

}  // namespace

ContentReader::ContentReader(const ByteSource& file, std::uint64_t pack_offset, std::uint64_t pack_size)
    : file_(file), pack_offset_(pack_offset), pack_size_(pack_size) {
  CHECK(inside(pack_offset, pack_size, file.size()));
}

Result<BytesView> ContentReader::decode(const Frame& frame) {
  const bool bounded = frame.stored_size <= frame_stored_size_max && frame.size <= frame_content_size_max;
  if (!bounded || !inside(frame.offset, frame.stored_size, pack_size_))
    return Error(Code::content_malformed, "frame at " + std::to_string(frame.offset),
                 "a frame inside of content.pack", "one that reaches beyond");
  // Grown only: most files are small, and clearing a large buffer for each of them would cost more.
  if (stored_.size() < frame.stored_size) stored_.resize(frame.stored_size);
  if (content_.size() < frame.size) content_.resize(frame.size);
  const std::span<std::uint8_t> stored(stored_.data(), frame.stored_size);
  const std::span<std::uint8_t> content(content_.data(), frame.size);
  TRY(file_.read_at(pack_offset_ + frame.offset, stored));
  TRY(decoder_.decode(stored, content));
  return BytesView(content);
}

Result<std::uint64_t> ContentReader::pass(const ContentObject& object, const Sink& sink) {
  std::uint64_t size = 0;
  for (const auto& frame : object.frames) {
    auto part = decode(frame);
    if (!part.ok()) return std::move(part).within("content " + object.digest.text()).take_error();
    size += part.value().size();
    TRY(sink(part.value()));
  }
  return size;
}

Result<void> ContentReader::copy(const ContentObject& object, const Sink& sink) {
  return check_size(object, TRY(pass(object, sink)));
}

Result<void> ContentReader::read(const ContentObject& object, const Sink& sink) {
  FileDigester digester;
  const auto size = TRY(pass(object, [&](BytesView part) {
    digester.update(part);
    return sink(part);
  }));
  const auto found = digester.finish();
  if (found != object.digest)
    return Error(Code::content_digest_mismatch, "content " + object.digest.text(), object.digest.text(),
                 found.text());
  return check_size(object, size);
}

}  // namespace sallyport
