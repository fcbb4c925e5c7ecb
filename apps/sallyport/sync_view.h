// SPDX-License-Identifier: Apache-2.0
// What `node sync` and `bundle import` say.
#pragma once

#include <string>

#include "roles/node/sync.h"

namespace sallyport::cli {

class Arguments;
class Output;

// None is fetched in a rehearsal.
node::SyncRequest::Packages packages_of(const Arguments& arguments);

void show_sync(const node::SyncReport& report, const std::string& root, Output& output);

}  // namespace sallyport::cli
