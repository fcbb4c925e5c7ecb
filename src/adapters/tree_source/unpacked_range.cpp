// SPDX-License-Identifier: Apache-2.0
#include "adapters/tree_source/unpacked_range.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "adapters/tree_source/archive_reader.h"
#include "core/base/text.h"

namespace sallyport {
namespace {

int filter_of(Compression compression) {
  switch (compression) {
    case Compression::gzip:
      return ARCHIVE_FILTER_GZIP;
    case Compression::xz:
      return ARCHIVE_FILTER_XZ;
    case Compression::zstd:
      return ARCHIVE_FILTER_ZSTD;
  }
  return ARCHIVE_FILTER_NONE;
}

}  // namespace

struct UnpackedRange::State {
  static la_ssize_t next_stored(archive* reader, void* of, const void** block);
  Error refused(std::string expected, std::string_view found) const {
    return {Code::archive_malformed, range.where, std::move(expected), printable(found.substr(0, 200))};
  }
  Error failed(std::string expected) const {
    if (refusal) return *refusal;
    const char* said = archive_error_string(reader.get());
    return refused(std::move(expected), said == nullptr ? std::string_view() : std::string_view(said));
  }

  Range range;
  std::uint64_t at;
  std::uint64_t end;
  std::uint64_t unpacked_max;
  std::uint64_t unpacked = 0;
  Bytes buffer{};
  Hasher hasher{Sha2::sha256};
  std::optional<Error> refusal{};  // of reading
  ArchiveReader reader{archive_read_new()};
};

la_ssize_t UnpackedRange::State::next_stored(archive* reader, void* of, const void** block) {
  auto& state = *static_cast<State*>(of);
  state.buffer.resize(
      static_cast<std::size_t>(std::min<std::uint64_t>(archive_block_size, state.end - state.at)));
  auto done = state.range.file->read_at(state.at, state.buffer);
  if (!done.ok()) {
    state.refusal = done.take_error();
    archive_set_error(reader, EIO, "%s", state.refusal->found.c_str());
    return -1;
  }
  state.at += state.buffer.size();
  *block = state.buffer.data();
  return static_cast<la_ssize_t>(state.buffer.size());
}

UnpackedRange::UnpackedRange(std::unique_ptr<State> state) : state_(std::move(state)) {}
UnpackedRange::~UnpackedRange() = default;

Result<std::unique_ptr<UnpackedRange>> UnpackedRange::open(Range range) {
  const auto begin = range.offset;
  const auto end = range.offset + range.size;
  const auto most = unpacked_size_max(range.size);
  const auto filter = filter_of(range.compression);
  std::unique_ptr<State> state(new State{std::move(range), begin, end, most});
  auto* reader = state->reader.get();
  CHECK(reader != nullptr);
  archive_read_support_format_raw(reader);
  if (filter == ARCHIVE_FILTER_GZIP) archive_read_support_filter_gzip(reader);
  if (filter == ARCHIVE_FILTER_XZ) archive_read_support_filter_xz(reader);
  if (filter == ARCHIVE_FILTER_ZSTD) archive_read_support_filter_zstd(reader);
  archive_entry* only = nullptr;
  const bool opened =
      archive_read_open2(reader, state.get(), nullptr, &State::next_stored, nullptr, nullptr) == ARCHIVE_OK &&
      archive_read_next_header(reader, &only) == ARCHIVE_OK;
  // What is in no compression that the library was told of, it would hand on as it is.
  if (!opened || archive_filter_code(reader, 0) != filter)
    return state->failed("content in the compression that it is said to be in");
  return std::unique_ptr<UnpackedRange>(new UnpackedRange(std::move(state)));
}

Result<BytesView> UnpackedRange::next() {
  auto& state = *state_;
  const void* block = nullptr;
  std::size_t size = 0;
  la_int64_t offset = 0;
  const int status = archive_read_data_block(state.reader.get(), &block, &size, &offset);
  // The library takes a read that fails for an end, wherever it looks for what may follow.
  if (state.refusal) return *state.refusal;
  if (status == ARCHIVE_EOF) {
    if (!state.range.unpacked) return BytesView();
    const auto digest = state.hasher.finish_sha256();
    if (digest != *state.range.unpacked)
      return state.refused("content of sha256 " + state.range.unpacked->text(), digest.text());
    state.range.unpacked.reset();
    return BytesView();
  }
  if (status != ARCHIVE_OK) return state.failed("whole content");
  state.unpacked += size;
  if (state.unpacked > state.unpacked_max)
    return state.refused("at most " + std::to_string(state.unpacked_max) + " bytes unpacked", "more");
  const BytesView bytes(static_cast<const std::uint8_t*>(block), size);
  if (state.range.unpacked) state.hasher.update(bytes);
  return bytes;
}

}  // namespace sallyport
