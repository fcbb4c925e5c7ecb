// SPDX-License-Identifier: Apache-2.0
#include "core/format/program_memory.h"

#include <algorithm>
#include <array>

namespace sallyport {
namespace {

constexpr std::uint64_t table_size_max = 64U << 10U;  // the kernel executes nothing with more
constexpr std::size_t header_size = 64;
constexpr std::size_t entry_size = 56;
constexpr std::uint64_t loaded_segment = 1;          // PT_LOAD
constexpr std::uint64_t stack_segment = 0x6474e551;  // PT_GNU_STACK
constexpr std::uint64_t executed = 1;                // PF_X
constexpr std::uint64_t written = 2;                 // PF_W

std::uint64_t number_at(BytesView bytes, std::size_t at, std::size_t size) {
  std::uint64_t number = 0;
  for (std::size_t i = size; i > 0; --i) number = number << 8U | bytes[at + i - 1];
  return number;
}

ProgramMemory memory_of(BytesView table) {
  auto stack = ProgramMemory::separate;
  for (std::size_t at = 0; at < table.size(); at += entry_size) {
    const auto type = number_at(table, at, 4);
    const auto flags = number_at(table, at + 4, 4);
    const bool is_executed = (flags & executed) != 0;
    if (type == loaded_segment && is_executed && (flags & written) != 0) return ProgramMemory::writable_code;
    if (type == stack_segment) stack = is_executed ? ProgramMemory::writable_code : ProgramMemory::separate;
  }
  return stack;
}

}  // namespace

Result<ProgramMemory> program_memory(const ByteSource& file) {
  std::array<std::uint8_t, header_size> bytes{};
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(file.size(), bytes.size()));
  const std::span header(bytes.data(), size);
  TRY(file.read_at(0, header));
  if (!as_text(header).starts_with("\177ELF")) return ProgramMemory::separate;
  // From here on: what is not as it has to be is not taken for harmless.
  if (size < header_size) return ProgramMemory::writable_code;
  const auto at = number_at(header, 32, 8);
  const auto table_size = entry_size * number_at(header, 56, 2);
  const bool inside = at <= file.size() && table_size <= file.size() - at;
  if (number_at(header, 54, 2) != entry_size || !inside || table_size > table_size_max)
    return ProgramMemory::writable_code;
  const auto table = TRY(file.read(at, table_size, table_size_max));
  return memory_of(table);
}

}  // namespace sallyport
