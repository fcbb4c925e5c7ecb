// SPDX-License-Identifier: Apache-2.0
// The node's journal: one line of JSON for each record, each with a checksum over itself and the line before,
// so that no line can be changed, left out, doubled or moved without showing. docs/spec/node-store.md.
//
// A line is acknowledged once it is synced with its line end. What follows the last line end was therefore
// never acknowledged, and is dropped (`torn_size`). Any other damage is node_state_damaged, and names the
// line. The checksum has no key: it finds accidents and clumsy hands; who can write as root can rewrite it.
#pragma once

#include <string>
#include <vector>

#include "core/install/record.h"

namespace sallyport::install {

// The checksum of a line; of the beginning: 32 zeros.
using Link = Digest<struct JournalLinkTag>;
Link first_link();

struct Journal {
  std::vector<Record> records;
  std::vector<Link> links;      // one for each record
  std::uint64_t valid_size;     // bytes of whole lines
  std::uint64_t torn_size = 0;  // bytes after them

  Link head() const { return links.empty() ? first_link() : links.back(); }
};

constexpr std::uint64_t journal_size_max = 64ULL << 20U;
constexpr std::uint64_t line_size_max = 4096;

Result<Journal> parse_journal(BytesView bytes);

struct JournalLine {
  std::string text;  // with its line end
  Link link;
};
JournalLine print_record(const Record& record, std::uint64_t number, const Link& before);

}  // namespace sallyport::install
