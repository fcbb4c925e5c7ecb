// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/leaf_index.h"

#include <algorithm>
#include <array>

namespace sallyport::tlog {
namespace {

// The file: "sallyport-leaf-index/1\n"; the hash of the leaves; 256 times, for each first byte, the number of leaves up
// to and with it (4 bytes, big endian) and the beginning of the SHA-256 of their records (8 bytes); the SHA-256 of all
// that; then the records: bytes 1 to 8 of the leaf hash, and its place (2 bytes), sorted.
constexpr std::string_view magic = "sallyport-leaf-index/1\n";
constexpr std::size_t buckets = 256;
constexpr std::size_t check_size = 8;
constexpr std::size_t row_size = 4 + check_size;
constexpr std::size_t table_at = magic.size() + TreeHash::size;
constexpr std::size_t check_at = table_at + buckets * row_size;
constexpr std::size_t head_size = check_at + Sha256Digest::size;
constexpr std::size_t prefix_size = 8;
constexpr std::size_t record_size = prefix_size + 2;

using Record = std::array<std::uint8_t, record_size>;

Record record_of(const TreeHash& leaf, std::size_t place) {
  Record record{};
  std::copy_n(leaf.bytes().begin() + 1, prefix_size, record.begin());
  record[prefix_size] = static_cast<std::uint8_t>(place >> 8U);
  record[prefix_size + 1] = static_cast<std::uint8_t>(place);
  return record;
}

void put(Bytes& bytes, BytesView more) {
  bytes.insert(bytes.end(), more.begin(), more.end());
}

void put_row(Bytes& head, std::size_t count, BytesView records) {
  for (const auto shift : {24U, 16U, 8U, 0U}) head.push_back(static_cast<std::uint8_t>(count >> shift));
  put(head, sha256(records).bytes().subspan(0, check_size));
}

std::size_t count_at(BytesView head, std::size_t row) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < 4; ++i) count = count << 8U | head[table_at + row * row_size + i];
  return count;
}

Error no_index(std::string where) {
  return {Code::log_damaged, std::move(where), "the index of these leaves", "something else"};
}

}  // namespace

std::string index_path(std::uint64_t number) {
  return "index/" + std::to_string(number);
}

Bytes print_index(const std::vector<TreeHash>& leaves) {
  CHECK(leaves.size() == index_width);
  std::array<std::vector<Record>, buckets> sorted;
  for (std::size_t i = 0; i < leaves.size(); ++i)
    sorted.at(leaves[i].bytes()[0]).push_back(record_of(leaves[i], i));
  Bytes head = copy(as_bytes(magic));
  put(head, fold_complete(leaves).bytes());
  Bytes body;
  for (auto& records : sorted) {
    std::ranges::sort(records);
    const auto begin = body.size();
    for (const auto& record : records) put(body, record);
    put_row(head, body.size() / record_size, BytesView(body).subspan(begin));
  }
  put(head, sha256(head).bytes());
  put(head, body);
  return head;
}

Result<LeafIndex> LeafIndex::open(IndexReader reader, const TreeHash& subtree) {
  auto head = TRY(reader(0, head_size));
  const BytesView bytes = head;
  const bool fits = bytes.size() == head_size && as_text(bytes).starts_with(magic) &&
                    std::ranges::equal(bytes.subspan(magic.size(), TreeHash::size), subtree.bytes()) &&
                    std::ranges::equal(bytes.subspan(check_at), sha256(bytes.subspan(0, check_at)).bytes());
  if (!fits) return no_index("index");
  for (std::size_t row = 0; row < buckets; ++row) {
    if (count_at(bytes, row) < (row == 0 ? 0 : count_at(bytes, row - 1))) return no_index("index");
  }
  if (count_at(bytes, buckets - 1) != index_width) return no_index("index");
  return LeafIndex(std::move(reader), std::move(head));
}

Result<std::vector<std::uint64_t>> LeafIndex::candidates(const TreeHash& leaf) const {
  const std::size_t row = leaf.bytes()[0];
  const std::size_t first = row == 0 ? 0 : count_at(head_, row - 1);
  const auto size = (count_at(head_, row) - first) * record_size;
  const auto records = TRY(reader_(head_size + first * record_size, size));
  const auto expected = BytesView(head_).subspan(table_at + row * row_size + 4, check_size);
  if (records.size() != size || !std::ranges::equal(sha256(records).bytes().subspan(0, check_size), expected))
    return no_index("index");
  std::vector<std::uint64_t> places;
  for (std::size_t at = 0; at < size; at += record_size) {
    const auto record = BytesView(records).subspan(at, record_size);
    if (!std::ranges::equal(record.subspan(0, prefix_size), leaf.bytes().subspan(1, prefix_size))) continue;
    places.push_back(std::uint64_t{record[prefix_size]} << 8U | record[prefix_size + 1]);
    if (places.back() >= index_width) return no_index("index");
  }
  return places;
}

}  // namespace sallyport::tlog
