// SPDX-License-Identifier: Apache-2.0
#include "core/format/program_memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace sallyport {
namespace {

using enum ProgramMemory;

constexpr std::uint32_t load = 1;
constexpr std::uint32_t stack = 0x6474e551;
constexpr std::uint32_t note = 4;

struct Elf {
  explicit Elf(const std::vector<std::pair<std::uint32_t, std::uint32_t>>& types_and_flags)
      : bytes(64 + 56 * types_and_flags.size()) {
    const Bytes begin{0x7f, 'E', 'L', 'F', 2, 1, 1};
    std::copy(begin.begin(), begin.end(), bytes.begin());
    put(32, 64, 8);
    put(54, 56, 2);
    put(56, types_and_flags.size(), 2);
    std::size_t at = 64;
    for (const auto& [type, flags] : types_and_flags) {
      put(at, type, 4);
      put(at + 4, flags, 4);
      at += 56;
    }
  }
  void put(std::size_t at, std::uint64_t number, std::size_t size) {
    for (std::size_t i = 0; i < size; ++i) bytes[at + i] = static_cast<std::uint8_t>(number >> (8 * i));
  }
  ProgramMemory memory() const { return program_memory(MemorySource(bytes)).value(); }

  Bytes bytes;
};

TEST(ProgramMemory, IsSeparateInAnOrdinaryProgram) {
  EXPECT_EQ(Elf({{load, 4}, {load, 5}, {load, 6}, {note, 7}, {stack, 6}}).memory(), separate);
  EXPECT_EQ(Elf({{load, 5}, {load, 6}}).memory(), separate);  // no word about the stack
}

TEST(ProgramMemory, IsNotWhereASegmentIsWrittenAndExecuted) {
  EXPECT_EQ(Elf({{load, 7}, {stack, 6}}).memory(), writable_code);
  EXPECT_EQ(Elf({{load, 5}, {load, 3}, {stack, 6}}).memory(), writable_code);
}

TEST(ProgramMemory, IsNotWhereTheStackIsExecuted) {
  EXPECT_EQ(Elf({{load, 5}, {stack, 7}}).memory(), writable_code);
  // The last one counts, as to the kernel.
  EXPECT_EQ(Elf({{stack, 6}, {stack, 7}}).memory(), writable_code);
}

// The kernel does not look at what they say.
TEST(ProgramMemory, GoesNeitherByClassNorByOrder) {
  for (const auto flags : {6U, 7U}) {
    Elf program({{load, 5}, {stack, flags}});
    const auto before = program.memory();
    program.put(4, 1, 1);
    program.put(5, 2, 1);
    EXPECT_EQ(program.memory(), before);
  }
}

TEST(ProgramMemory, OfWhatIsNoElfFileIsSeparate) {
  for (const char* text : {"", "#", "#!/bin/sh\n", "\177EL", "subscriber=1\n"})
    EXPECT_EQ(program_memory(MemorySource(as_bytes(text))).value(), separate) << text;
}

TEST(ProgramMemory, OfWhatIsHalfAnElfFileIsNotTakenForHarmless) {
  const Elf whole({{load, 5}, {stack, 6}});
  ASSERT_EQ(whole.memory(), separate);
  for (const std::size_t size : {4U, 63U, 64U, 100U, 175U}) {
    auto cut = whole;
    cut.bytes.resize(size);
    EXPECT_EQ(cut.memory(), writable_code) << size;
  }
  auto form = whole;
  form.put(54, 32, 2);
  EXPECT_EQ(form.memory(), writable_code);
  auto beyond = whole;
  beyond.put(32, ~std::uint64_t{0}, 8);
  EXPECT_EQ(beyond.memory(), writable_code);
  auto many = whole;
  many.put(56, 0xffff, 2);
  many.bytes.resize(8U << 20U);
  EXPECT_EQ(many.memory(), writable_code);
}

}  // namespace
}  // namespace sallyport
