// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/file_digest.h"

#include <algorithm>
#include <vector>

#include "core/crypto/sha256_blocks.h"

namespace sallyport {
namespace {

constexpr std::size_t block_size = BlockHasher::block_size;
constexpr std::size_t digest_size = BlockHasher::digest_size;
constexpr std::size_t descriptor_size = 256;
// How many data blocks are digested before their digests go up the tree: enough to work side by side.
constexpr std::size_t batch_max = 48;
// Blocks are digested by so many at a time. What is left over waits for more, or for the end of the file: most files
// are small, and their last blocks one after the other would cost as much as the rest of them.
constexpr std::size_t group = 3;

using Root = std::array<std::uint8_t, digest_size>;

// One level of the Merkle tree: the block of digests that is being filled, and how many it ever got.
struct Level {
  std::array<std::uint8_t, block_size> block;
  std::size_t fill = 0;
  std::uint64_t count = 0;
};

// struct fsverity_descriptor: version, algorithm, log2 of the block size, salt size, 4 reserved bytes, size
// of the data, root (64 bytes), salt (32), reserved (144); integers are little endian, everything else is
// zero.
std::array<std::uint8_t, descriptor_size> descriptor(std::uint64_t size, const Root& root) {
  std::array<std::uint8_t, descriptor_size> out{1, 1, 12, 0};
  for (std::size_t i = 0; i < 8; ++i) out[8 + i] = static_cast<std::uint8_t>(size >> (8 * i) & 0xffU);
  std::copy(root.begin(), root.end(), out.begin() + 16);
  return out;
}

}  // namespace

struct FileDigester::State {
  BlockHasher hasher;
  std::array<std::uint8_t, group * block_size> tail;  // less than a group of blocks, the last one not full
  std::size_t tail_fill = 0;
  std::uint64_t size = 0;
  std::vector<Level> levels;
  bool finished = false;

  void add(std::size_t index, const std::uint8_t* digest);
  void close(std::size_t index);
  void add_blocks(const std::uint8_t* data, std::size_t count);
  Root root();
};

// NOLINTNEXTLINE(misc-no-recursion): one step up the tree each time, and no file has more than nine levels
void FileDigester::State::add(std::size_t index, const std::uint8_t* digest) {
  if (index == levels.size()) levels.emplace_back();
  Level& level = levels[index];
  std::copy_n(digest, digest_size, level.block.data() + level.fill);
  level.fill += digest_size;
  ++level.count;
  if (level.fill == block_size) close(index);
}

// Digests the level's block, padded with zeros, into the level above.
// NOLINTNEXTLINE(misc-no-recursion): see add()
void FileDigester::State::close(std::size_t index) {
  Level& level = levels[index];
  std::fill(level.block.begin() + static_cast<std::ptrdiff_t>(level.fill), level.block.end(),
            std::uint8_t{0});
  level.fill = 0;
  Root digest{};
  hasher.digest(level.block.data(), 1, digest.data());
  add(index + 1, digest.data());
}

void FileDigester::State::add_blocks(const std::uint8_t* data, std::size_t count) {
  std::array<std::uint8_t, batch_max * digest_size> digests;
  while (count > 0) {
    const std::size_t batch = std::min(count, batch_max);
    hasher.digest(data, batch, digests.data());
    for (std::size_t i = 0; i < batch; ++i) add(0, digests.data() + i * digest_size);
    data += batch * block_size;
    count -= batch;
  }
}

// The one digest of the top level; zeros for an empty file.
Root FileDigester::State::root() {
  Root root{};
  if (size == 0) return root;
  const std::size_t blocks = (tail_fill + block_size - 1) / block_size;
  std::fill(tail.data() + tail_fill, tail.data() + blocks * block_size, std::uint8_t{0});
  add_blocks(tail.data(), blocks);
  std::size_t top = 0;
  for (; levels[top].count > 1; ++top) {
    if (levels[top].fill > 0) close(top);
  }
  std::copy_n(levels[top].block.data(), digest_size, root.data());
  return root;
}

FileDigester::FileDigester() : state_(std::make_unique<State>()) {}
FileDigester::FileDigester(FileDigester&&) noexcept = default;
FileDigester& FileDigester::operator=(FileDigester&&) noexcept = default;
FileDigester::~FileDigester() = default;

void FileDigester::update(BytesView bytes) {
  CHECK(state_ != nullptr && !state_->finished);
  State& s = *state_;
  s.size += bytes.size();
  if (s.tail_fill > 0) {
    const std::size_t taken = std::min(bytes.size(), s.tail.size() - s.tail_fill);
    std::copy_n(bytes.data(), taken, s.tail.data() + s.tail_fill);
    s.tail_fill += taken;
    bytes = bytes.subspan(taken);
    if (s.tail_fill < s.tail.size()) return;
    s.add_blocks(s.tail.data(), group);
    s.tail_fill = 0;
  }
  const std::size_t groups = bytes.size() / s.tail.size();
  s.add_blocks(bytes.data(), groups * group);
  bytes = bytes.subspan(groups * s.tail.size());
  std::copy_n(bytes.data(), bytes.size(), s.tail.data());
  s.tail_fill = bytes.size();
}

FileDigest FileDigester::finish() {
  CHECK(state_ != nullptr && !state_->finished);
  const auto described = descriptor(state_->size, state_->root());
  Root out{};
  state_->hasher.digest_one(described.data(), described.size(), out.data());
  state_->finished = true;
  return FileDigest(out);
}

void FileDigester::restart() {
  CHECK(state_ != nullptr);
  state_->tail_fill = 0;
  state_->size = 0;
  state_->levels.clear();
  state_->finished = false;
}

FileDigest file_digest(BytesView content) {
  FileDigester digester;
  digester.update(content);
  return digester.finish();
}

}  // namespace sallyport
