// SPDX-License-Identifier: Apache-2.0
// What an entry of our log says: that one thing exists, and on what it rests. docs/spec/log.md.
//
// Digests and nothing else: a log is for ever and for everybody, and no text of an attacker gets into it. The entry of
// a signed statement names its payload (what the others refer to) and the whole file, so that it binds every signature
// on it: an order with one approval more or less is another entry.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/crypto/digest.h"

namespace sallyport::tlog {

enum class EntryKind : std::uint8_t {
  package,
  verdict,
  order,
  policy,
  stop,
  break_glass,
  revocations,
  recall
};
std::string_view word(EntryKind kind);
std::optional<EntryKind> entry_kind(std::string_view word);

struct Entry {
  EntryKind kind;
  Sha256Digest digest;  // of a package's or policy's file; of a statement's payload; of a list's DER
  std::optional<Sha256Digest> file;        // of what is signed in an envelope: the envelope's file
  std::optional<Sha256Digest> package;     // on which verdicts, orders and stops rest
  std::optional<Sha256Digest> verdict;     // on which orders rest
  std::optional<Sha256Digest> policy;      // under which verdicts and orders were made
  std::optional<Sha256Digest> order = {};  // that is stopped
  bool operator==(const Entry&) const = default;
};

Entry package_entry(const Sha256Digest& file);
// policy_malformed unless it is a policy.
Result<Entry> policy_entry(BytesView json);
// crl_malformed and what else the rules of lists refuse (core/crypto/revocation_list.h). DER or PEM: one entry.
Result<Entry> revocations_entry(BytesView file);
// Of a verdict, an order (a break-glass order is a kind of its own: everybody is to see it), a stop order, a recall, or
// a policy that officers signed. No signature is verified: the log says that something exists, not that it is good.
Result<Entry> statement_entry(BytesView envelope);

std::string print_entry(const Entry& entry);
// log_entry_malformed unless it is what print_entry writes.
Result<Entry> parse_entry(BytesView bytes);

}  // namespace sallyport::tlog
