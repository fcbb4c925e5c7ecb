// SPDX-License-Identifier: Apache-2.0
// ETSI SOL005 package management: the resources below /vnfpkgm/v2. docs/spec/server.md.
#pragma once

#include "roles/server/world.h"

namespace sallyport::server {

constexpr std::int64_t upload_seconds_max =
    120;  // that an upload may be silent before its package is free again

Handled create_package(World& world, const Call& call);
Handled list_packages(World& world, const Call& call);
Handled list_onboarded(World& world, const Call& call);
Handled show_package(World& world, const Call& call);
Handled change_package(World& world, const Call& call);
Handled delete_package(World& world, const Call& call);
Handled put_content(World& world, const Call& call);
// How much of an upload that was cut off is there.
Handled get_upload(World& world, const Call& call);
Handled get_content(World& world, const Call& call);
Handled upload_from_uri(World& world, const Call& call);  // fetch.cpp
Handled get_rescan(World& world, const Call& call);
Handled get_verdict(World& world, const Call& call);

// Also of a package whose upload broke off with its server.
bool takes_content(const PackageRecord& package, Instant now);
WebAnswer content_not_taken(const PackageRecord& package);

// Whether an account may see packages of this one.
bool sees(const Account& account, const std::string& owner);

// What the account may see or change, and its usage; or the answer that says that there is none.
enum class Access : std::uint8_t { see, change };
struct Seen {
  PackageRecord package;
  bool is_in_use;
};
Result<std::variant<Seen, WebAnswer>> find_package(World& world, const Call& call, Access access);

}  // namespace sallyport::server
