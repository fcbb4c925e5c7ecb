// SPDX-License-Identifier: Apache-2.0
#include "core/format/pack.h"

#include <zstd.h>

namespace sallyport {
namespace {

constexpr int level_max = 19;  // the levels above need memory that a node may not have

Error malformed(std::string_view expected, std::string_view found) {
  return {Code::content_malformed, "frame", std::string(expected), std::string(found)};
}

// Whether the bytes are one frame of this content size, from the headers alone.
Result<void> check_framing(BytesView stored, std::size_t content_size) {
  const auto announced = ZSTD_getFrameContentSize(stored.data(), stored.size());
  if (announced == ZSTD_CONTENTSIZE_ERROR) return malformed("a zstd frame", "something else");
  if (announced == ZSTD_CONTENTSIZE_UNKNOWN) return malformed("a frame that announces its size", "none");
  if (announced != content_size)
    return malformed(std::to_string(content_size) + " bytes of content", std::to_string(announced));
  if (ZSTD_getDictID_fromFrame(stored.data(), stored.size()) != 0)
    return malformed("a frame without a dictionary", "one with");
  const auto size = ZSTD_findFrameCompressedSize(stored.data(), stored.size());
  if (ZSTD_isError(size) != 0) return malformed("a whole frame", ZSTD_getErrorName(size));
  if (size != stored.size())
    return malformed("one frame of " + std::to_string(stored.size()) + " bytes", std::to_string(size));
  return {};
}

struct FreeDecoder {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};
struct FreeEncoder {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

}  // namespace

struct FrameDecoder::State {
  std::unique_ptr<ZSTD_DCtx, FreeDecoder> context{ZSTD_createDCtx()};
};

FrameDecoder::FrameDecoder() : state_(std::make_unique<State>()) {
  CHECK(state_->context != nullptr);
}
FrameDecoder::FrameDecoder(FrameDecoder&&) noexcept = default;
FrameDecoder& FrameDecoder::operator=(FrameDecoder&&) noexcept = default;
FrameDecoder::~FrameDecoder() = default;

Result<void> FrameDecoder::decode(BytesView stored, std::span<std::uint8_t> content) {
  // A skippable frame announces size 0, and the empty content has no frame.
  if (content.empty()) return malformed("a frame with content", "none");
  TRY(check_framing(stored, content.size()));
  const auto size = ZSTD_decompressDCtx(state_->context.get(), content.data(), content.size(), stored.data(),
                                        stored.size());
  if (ZSTD_isError(size) != 0) return malformed("a frame that can be decoded", ZSTD_getErrorName(size));
  if (size != content.size())
    return malformed(std::to_string(content.size()) + " bytes of content", std::to_string(size));
  return {};
}

struct FrameEncoder::State {
  std::unique_ptr<ZSTD_CCtx, FreeEncoder> context{ZSTD_createCCtx()};
};

FrameEncoder::FrameEncoder(int level) : state_(std::make_unique<State>()) {
  CHECK(state_->context != nullptr && level >= 1 && level <= level_max);
  auto* context = state_->context.get();
  CHECK(ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)) == 0);
  CHECK(ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 1)) == 0);
  // The digest of the file says more than a checksum would.
  CHECK(ZSTD_isError(ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 0)) == 0);
}
FrameEncoder::FrameEncoder(FrameEncoder&&) noexcept = default;
FrameEncoder& FrameEncoder::operator=(FrameEncoder&&) noexcept = default;
FrameEncoder::~FrameEncoder() = default;

Result<Bytes> FrameEncoder::encode(BytesView content) {
  CHECK(!content.empty());
  Bytes stored(ZSTD_compressBound(content.size()));
  const auto size =
      ZSTD_compress2(state_->context.get(), stored.data(), stored.size(), content.data(), content.size());
  if (ZSTD_isError(size) != 0) return Error(Code::internal_error, "zstd", "", ZSTD_getErrorName(size));
  stored.resize(size);
  return stored;
}

}  // namespace sallyport
