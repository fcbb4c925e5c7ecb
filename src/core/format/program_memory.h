// SPDX-License-Identifier: Apache-2.0
// What memory the kernel gives a program when it starts it. A program may ask (ELF, System V gABI, chapter 5) for a
// stack, or for a part of itself, that can be written and executed: neither PR_SET_MDWE nor a filter of system calls is
// asked about that.
#pragma once

#include <cstdint>

#include "core/base/bytes.h"

namespace sallyport {

enum class ProgramMemory : std::uint8_t {
  separate,       // what can be written cannot be executed; also of what is no ELF file
  writable_code,  // some of it can be both; also of a 32-bit program, and where the file does not say so plainly
};

// Reads the headers alone, at most 64 KiB, and as a 64-bit little-endian kernel does: Linux looks neither at the class
// nor at the byte order that the file names. Errors are those of the source.
Result<ProgramMemory> program_memory(const ByteSource& file);

}  // namespace sallyport
