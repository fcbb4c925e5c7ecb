// SPDX-License-Identifier: Apache-2.0
// One content under the eyes of every engine, and with it whatever lies in it. docs/spec/scanner.md.
//
// Every engine is given every byte. Then the content is opened, if it is an archive, and each member of it is looked at
// in the same way, as deep as the limits allow. What an engine says of a member it says of the content. What
// could not be opened, or lies deeper, is not scanned: never clean.
//
// What an engine knows as clean it is not shown again, and what is known to hold nothing is not opened. Of a member,
// and of whatever else has no digest before its last byte, that is asked when it was kept whole.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/scanner/port.h"
#include "adapters/unpacker/port.h"
#include "core/base/sink.h"

namespace sallyport::intake {

// Of one content of the package, with all that is in it.
struct UnpackLimits {
  unsigned depth = 8;                       // archives in archives
  std::uint64_t members = 1000000;          // of all of them together
  std::uint64_t bytes = 16ULL << 30U;       // that come out, of all depths together
  std::uint64_t ratio = 1000;               // of what comes out to the size of the content
  std::uint64_t ratio_free = 64ULL << 20U;  // so much may come out whatever the ratio
};

// Room for a content that waits to be opened. Called from several threads.
using ScratchMaker = std::function<Result<std::unique_ptr<Scratch>>()>;

// What is known of contents in which nothing has to be opened. Called from several threads.
class Insides {
 public:
  virtual ~Insides() = default;
  virtual Result<Knowledge> knows(
      const FileDigest& content) = 0;  // clean: there is nothing in it to be opened
  // Nothing was found in it that could be opened, nor behind it.
  virtual Result<void> opened_nothing_in(const FileDigest& content) = 0;
};

// Who looks. The unpacker, where there is one, is the last of the engines.
struct Party {
  std::vector<Engine> engines;
  Unpacker* unpacker = nullptr;  // null: archives are left to the engines
  ScratchMaker scratch = {};
  UnpackLimits limits = {};
  Insides* insides = nullptr;  // null: everything is opened, whenever it comes

  // Of everybody who answers, in the order of the answers. The unpacker has no database: its time is `now`.
  std::vector<EngineInfo> infos(Instant now) const;
};

// What may still come out of a content.
class Budget;

// What was found in a content, or why it was not looked at.
struct Said {
  std::size_t engine;  // whose words they are, as infos() has them
  ScanAnswer answer;   // never clean
  // Of what lies in the content: its name, behind those of the archives around it, and its digest.
  std::string member = {};
  std::optional<FileDigest> digest = {};
};

struct Looked {
  std::vector<ScanAnswer>
      answers;  // of everybody, as infos() has them: the worst of the content and all that is in it
  std::vector<Said> said;  // everything that is not clean; where that is too much, the last one says so
};

class Look {
 public:
  // An engine that knows a content of this digest as clean is not shown it again. Whoever feeds makes sure that it has
  // this digest; null where that is not known before the last byte.
  static Result<std::unique_ptr<Look>> begin(const Party& party, std::uint64_t size,
                                             const FileDigest* digest = nullptr);
  virtual ~Look() = default;
  virtual Result<void> feed(BytesView part) = 0;
  // Once, after the last part.
  virtual Result<Looked> finish() = 0;
};

}  // namespace sallyport::intake
