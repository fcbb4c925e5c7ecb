// SPDX-License-Identifier: Apache-2.0
// Who may ask what: a client certificate belongs to one account, an account has roles (TS 33.117 §4.2.3.4.6.2). None of
// them has anything to do with trust: what a node believes is decided by the policy and its keys.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/id.h"
#include "core/crypto/digest.h"

namespace sallyport::server {

enum class Role : std::uint8_t { submitter, approver, deployer, officer, auditor, node, monitor };
std::string_view word(Role role);
std::optional<Role> find_role(std::string_view text);
std::vector<Role> all_roles();

// A set of them. Empty: nobody.
class Roles {
 public:
  constexpr Roles() = default;
  constexpr Roles(std::initializer_list<Role> roles) {
    for (const auto role : roles) add(role);
  }
  constexpr void add(Role role) { bits_ |= 1U << static_cast<unsigned>(role); }
  constexpr bool has(Role role) const { return (bits_ & 1U << static_cast<unsigned>(role)) != 0; }
  constexpr bool shares(Roles other) const { return (bits_ & other.bits_) != 0; }
  constexpr bool is_empty() const { return bits_ == 0; }
  constexpr bool operator==(const Roles&) const = default;

 private:
  unsigned bits_ = 0;
};

// What an account may have on the server, with what its uploads have begun; absent: as much as it likes.
struct Quota {
  std::optional<std::uint64_t> packages_max;
  std::optional<std::uint64_t> bytes_max;
  bool operator==(const Quota&) const = default;
};

struct Account {
  std::string name;
  Roles roles;
  std::optional<PersonId> person;  // of the policy, whose signatures an approver or deployer brings
  std::optional<NodeId> node;      // whose reports a node brings
  std::string node_key = {};       // PEM of the key that signs them; empty: nobody registered one
  Quota quota = {};                // its own; what is absent is as for everybody
  bool operator==(const Account&) const = default;
};

using Accounts = std::map<Sha256Digest, Account>;  // by the digest of the certificate's DER

// Those that count now, for all threads. They are replaced as a whole.
class AccountBook {
 public:
  explicit AccountBook(Accounts accounts);
  std::shared_ptr<const Accounts> now() const;
  void replace(Accounts accounts);

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Accounts> accounts_;  // never null
};

}  // namespace sallyport::server
