// SPDX-License-Identifier: Apache-2.0
// The rows of the server's database, as port.h gives and takes them. Times are seconds since 1970, UTC.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sallyport {

enum class Onboarding : std::uint8_t { created, uploading, processing, onboarded, error };
enum class Operational : std::uint8_t { enabled, disabled };

// The words of ETSI SOL005: "CREATED", …; "ENABLED", "DISABLED".
std::string_view word(Onboarding state);
std::string_view word(Operational state);

struct PackageRecord {
  std::uint64_t number = 0;  // of the list: later ones are higher
  std::string id;
  std::string owner;  // the account that created it
  Onboarding state = Onboarding::created;
  Operational operational = Operational::disabled;
  std::string user_data = "{}";  // JSON
  std::string content;           // digest of the file as text; empty: none
  std::uint64_t size = 0;
  std::string failure;  // problem details, JSON; empty: none
  std::string verdict;  // the verdict file; empty: none
  std::string release;  // digest as text; with the next three empty until it is verified
  std::string provider;
  std::string product;
  std::string version;
  std::uint64_t revision = 1;  // one higher with each change
  std::string holder;          // who uploads or processes it, until:
  std::int64_t held_until = 0;
  std::int64_t created = 0;          // seconds since 1970
  std::string source = {};           // address that its content is fetched from; empty: it is uploaded
  std::string security_option = {};  // of SOL004: "OPTION_1", "OPTION_2"; empty until it is verified
  std::uint64_t reserved = 0;   // bytes of an upload that began, there or to come; its owner's as `size` is
  std::string exceptions = {};  // digests of those that its verdict has, JSON; empty: none
};

// Room for what is about to come in: `most` bytes, or what is left, if that is `least`, of `of_all` that the package's
// owner may have altogether.
struct RoomAsked {
  std::uint64_t least;
  std::uint64_t most;
  std::uint64_t of_all;
};
enum class Reserving : std::uint8_t { done, full, not_held };
struct RoomGiven {
  Reserving outcome;
  std::uint64_t bytes = 0;   // for this package
  std::uint64_t others = 0;  // that the other packages of the owner have
};

// What an account has on the server.
struct UsageRecord {
  std::string account;
  std::uint64_t packages = 0;
  std::uint64_t bytes = 0;  // stored and reserved
};

struct OrderRecord {
  std::uint64_t number = 0;
  std::string digest;      // of the payload
  std::string package;     // digest of the file, as text
  std::int64_t until = 0;  // end of its window
  std::string account;
  std::string envelope;  // as it was proposed
  std::int64_t created = 0;
};

struct SignatureRecord {
  std::string order;
  std::uint64_t position = 0;  // among the order's, from 0
  std::string key;
  std::string signature;  // base64
  std::string account;
  std::int64_t created = 0;
};

struct ReportRecord {
  std::string node;
  std::string envelope;
  std::int64_t created = 0;                // when it was brought
  std::int64_t made = 0;                   // as it says itself
  std::vector<std::string> packages = {};  // digests of those that run
};

// What a later look at a package has found.
enum class Hit : std::uint8_t { none, malware };

struct RescanRecord {
  std::string package;  // id
  Hit hit = Hit::none;
  std::string finding;  // problem details, JSON; empty: none
  std::string verdict;  // the verdict file; empty: none was made
  std::int64_t time = 0;
};

// Of what was on-boarded once, and is known to be malware by now.
struct HitRecord {
  RescanRecord rescan;
  std::string content;             // digest of the package's file, as text
  std::vector<std::string> nodes;  // that report to run it
};

struct RecallRecord {
  std::uint64_t number = 0;
  std::string digest;  // of the payload
  std::string account;
  std::string envelope;  // as it was proposed
  std::int64_t created = 0;
};

// For findings of intake.
struct ExceptionRecord {
  std::uint64_t number = 0;
  std::string digest;      // of the payload
  std::int64_t until = 0;  // its end
  std::string account;
  std::string envelope;  // as it was proposed
  std::int64_t created = 0;
};

// TS 33.117 §4.2.3.6.1.
struct AuditRecord {
  std::uint64_t number = 0;
  std::int64_t time = 0;
  std::string account;  // empty: unknown
  std::string source;   // network address
  std::string action;
  std::string object;
  std::string outcome;  // "success", "refused", "fault"
  std::string code;     // of a refusal or fault
  std::string detail;
};

// What became of a package that was on-boarded, for those who asked to be told.
enum class Happened : std::uint8_t { nothing, onboarded, enabled, disabled, deleted };

struct EventRecord {
  std::uint64_t number = 0;
  Happened what = Happened::nothing;
  std::string package;  // id
  std::string owner;
  std::string release;
  std::string provider;
  std::string product;
  std::string version;
};

struct SubscriptionRecord {
  std::uint64_t number = 0;
  std::string id;
  std::string account;
  std::string filter;  // JSON
  std::string callback;
  std::uint64_t failures = 0;  // in a row
  std::int64_t retry_at = 0;   // nothing is sent before
  std::string holder;          // who sends; empty: nobody
  std::int64_t held_until = 0;
  std::int64_t created = 0;
};

struct NotificationRecord {
  std::uint64_t number = 0;
  std::string id;
  std::string subscription;
  std::string body;  // JSON
  std::int64_t created = 0;
};

// How many rows there are.
struct Counts {
  std::vector<std::pair<std::string, std::uint64_t>> packages;  // of each state that one has
  std::uint64_t untried = 0;  // in PROCESSING, that nobody has worked on yet
  std::uint64_t subscriptions = 0;
  std::uint64_t notifications = 0;  // that wait
  std::uint64_t events = 0;         // that nobody was looked up for yet
  std::vector<UsageRecord> usage;   // of each account that has anything, by name
};

}  // namespace sallyport
