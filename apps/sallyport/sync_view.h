// SPDX-License-Identifier: Apache-2.0
// What `node sync` and `bundle import` say.
#pragma once

#include <string>

#include "adapters/http/curl.h"
#include "roles/node/sync.h"

namespace sallyport::cli {

class Arguments;
class NodeWorld;
class Output;

// --ca, --client-cert, --client-key
Result<CurlSettings> curl_settings(const Arguments& arguments);

// None is fetched in a rehearsal.
node::SyncRequest::Packages packages_of(const Arguments& arguments);

// What a sync that ended early says of itself: what was accepted before stays.
Result<node::SyncReport> told(Result<node::SyncReport> synced, const Arguments& arguments);

// One event for each stop order and list that changed something, or that was refused.
Result<void> record_papers(NodeWorld& world, const node::SyncReport& report);

void show_sync(const node::SyncReport& report, const std::string& root, Output& output);

}  // namespace sallyport::cli
