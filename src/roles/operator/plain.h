// SPDX-License-Identifier: Apache-2.0
// Contents that hold nothing that could be opened: docs/spec/scanner.md, *Seen before*; docs/adr/0030.
//
// Whoever relays a content to an engine sees each of its bytes, and looks for the marks of all archives and
// compressions that are opened here, wherever an opener looks for them or may do so. That is less than opening: a
// content with a mark is nothing by that. One without is plain, and stays so, as it is the same bytes.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "core/base/bytes.h"
#include "core/crypto/digest.h"

namespace sallyport::intake {

// Goes up with every change of what is looked for, here, in behind.cpp and unopened.cpp, and by the unpacker beside its
// library: what was plain is looked at again.
// The engine `archives` of a verdict has it, too, so that what an older one has looked at is looked at again.
constexpr std::string_view opening_rules = "rules 3";

// Of one content, in parts of any size.
class PlainCheck {
 public:
  void update(BytesView part);
  // After the last part. An empty content is not plain.
  bool is_plain() const;

 private:
  void note(std::uint64_t offset, std::string_view mark);
  void search(BytesView bytes, std::uint64_t offset);

  Bytes beginning_;  // as much as is kept
  Bytes carry_;      // the last bytes, as many as may begin a mark that goes on in the next part
  std::uint64_t size_ = 0;
  std::optional<std::uint64_t> last_mark_;     // of any kind
  std::optional<std::uint64_t> first_inside_;  // of those that are found within something else
  std::optional<std::uint64_t> last_end_;      // of a ZIP archive, which is read from its end
};

// What is known of one intake's contents. From several threads.
class PlainBook {
 public:
  using Contents = std::set<FileDigest>;
  static constexpr std::size_t contents_max = 250000;  // that are remembered of one intake
  explicit PlainBook(Contents known = {}) : known_(std::move(known)) {}

  // In these nothing has to be opened.
  const Contents& known() const { return known_; }
  void met(const FileDigest& content);
  // This process has seen all of its bytes, and they are plain.
  void saw(const FileDigest& content);
  // So says the worker. That counts for what this process has seen itself.
  void opened_nothing_in(const FileDigest& content);

  // Seen to be plain now, and what of the known was met.
  Contents plain() const;

 private:
  mutable std::mutex mutex_;
  const Contents known_;
  Contents seen_;
  Contents plain_;
};

}  // namespace sallyport::intake
