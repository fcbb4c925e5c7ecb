// SPDX-License-Identifier: Apache-2.0
// What becomes of uploaded content: one package after the other is claimed, verified and scanned by intake, and
// ONBOARDED with its verdict or ERROR with the reason. A fault (no scanner, no disk) is neither: the package stays in
// PROCESSING, and is tried again. One at which whatever reads it dies twice in a row is ERROR.
#pragma once

#include "roles/server/world.h"

namespace sallyport::server {

// What was uploaded. Where it lies is for intake to know: the server's own process opens it for nobody.
struct Content {
  std::string path;  // in the data folder
  std::uint64_t size;
  std::string package_name;  // a label for people
  std::vector<std::string> exceptions =
      {};  // envelopes that were collected: what counts of them, intake finds out
};

// What intake found out. It is intake that decides (roles/operator), and signs.
struct Taken {
  std::string package;             // digest of the file that intake read, as text
  std::string verdict;             // the verdict file
  std::optional<Error> not_clean;  // the first finding, unless the verdict says clean
  std::string release;             // digest as text
  std::string provider;
  std::string product;
  std::string version;
  std::string members;                       // core/format/package_members.h; empty: not known
  std::string security_option = "OPTION_1";  // of SOL004
  std::uint64_t knowledge = 0;               // how much the engines knew (rescan.h); 0: not said
  Hit hit = Hit::none;                       // whether the verdict names malware
  std::vector<std::string> exceptions = {};  // digests of those that the verdict has
  std::string uncounted = {};                // why others do not count, if any are about what was found
};

class Intake {
 public:
  virtual ~Intake() = default;
  virtual Result<Taken> submit(const Content& content, Instant now) = 0;
};

constexpr std::int64_t claim_seconds = 20;  // renewed while intake works; then another server may take it
constexpr std::int64_t retry_seconds = 30;  // after a fault

enum class Worked : std::uint8_t { on_a_package, on_nothing };

// `claimed` is told the package before intake begins, and an empty text when it has ended: it keeps the claim alive.
using Claimed = std::function<void(const std::string& id)>;
// `goes_on`: whether this server does. Where it does not, what it could not end is for another one at once.
using GoesOn = std::function<bool()>;
Result<Worked> process_one(
    World& world, Intake& intake, const std::string& holder, const Claimed& claimed,
    const GoesOn& goes_on = [] { return true; });

}  // namespace sallyport::server
