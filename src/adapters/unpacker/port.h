// SPDX-License-Identifier: Apache-2.0
// Opens archives that are contents of a package, so that what lies in them is scanned whatever an engine can open.
// docs/spec/scanner.md, *Nested archives*.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/bytes.h"

namespace sallyport {

// Takes the members of an archive, one after the other. An error of any of these ends the opening, and is what open()
// returns.
class MemberSink {
 public:
  virtual ~MemberSink() = default;
  virtual Result<void> begin(std::string_view name) = 0;
  virtual Result<void> feed(BytesView part) = 0;
  virtual Result<void> end() = 0;
};

enum class Opened : std::uint8_t {
  no_archive,  // of no format that is known here
  whole,       // every member that has bytes was handed over, to its last byte
  encrypted,   // a member, or the list of them, cannot be read without a key
  unreadable,  // it began like an archive, and is broken or of a kind that cannot be read on
};

struct OpenedArchive {
  Opened how;
  std::string detail;  // the format and, unless it is whole, the member and the reason
};

// Several contents can be opened at the same time, from several threads.
class Unpacker {
 public:
  virtual ~Unpacker() = default;
  virtual std::string version() const = 0;  // "libarchive 3.6.2"
  // Only what comes of hostile bytes is an OpenedArchive; a Result that fails is the sink's or a fault.
  virtual Result<OpenedArchive> open(const ByteSource& content, MemberSink& sink) = 0;
};

}  // namespace sallyport
