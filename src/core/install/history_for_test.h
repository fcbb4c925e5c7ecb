// SPDX-License-Identifier: Apache-2.0
// Journals for the tests of this folder.
#pragma once

#include <string>

#include "core/install/state.h"

namespace sallyport::install::history {

inline Instant at() {
  return Instant::parse("2026-11-21T22:00:00Z").value();
}

inline Sha256Digest digest(const std::string& of) {
  return sha256(as_bytes(of));
}

inline Origin origin(std::uint64_t n) {
  const auto text = std::to_string(n);
  return {digest("order" + text),
          n,
          digest("verdict" + text),
          digest("package" + text),
          digest("release" + text),
          ProductId::parse("mme").value(),
          "1." + text,
          n};
}

inline Initialised identity() {
  return {NodeId::parse("mme-1").value(), PoolId::parse("mme-east").value(), digest("policy"),
          KeyId::parse(digest("key").text()).value()};
}

// Appends as a node does, and keeps the bytes.
struct Writer {
  Writer() { add(identity()); }
  void add(const Happening& what) {
    const Record record{at(), what};
    const auto line = print_record(record, journal.records.size() + 1, journal.head());
    bytes += line.text;
    journal.records.push_back(record);
    journal.links.push_back(line.link);
    journal.valid_size = bytes.size();
  }
  void install(std::uint64_t n, std::uint64_t from) {
    add(Begun{n, origin(n)});
    add(Installed{n});
    add(Activating{n, from});
    add(Activated{n});
    add(Confirmed{n});
  }
  Journal journal{{}, {}, 0, 0};
  std::string bytes;
};

}  // namespace sallyport::install::history
