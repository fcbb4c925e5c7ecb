// SPDX-License-Identifier: Apache-2.0
// What has become known of the active generation since it came in, and changes nothing by itself: for whoever asks for
// the node's status. No file is digested for it.
#pragma once

#include <vector>

#include "roles/node/books.h"

namespace sallyport::node {

// By the event log: the latest verification of the active generation (`node verify`, the agent, or the start of a
// service) found damage, and none has gone well since. generation_damaged, generation_file_missing,
// generation_file_unlisted; nothing where the log cannot be read: event_tree.h says so.
Result<std::vector<Error>> found_damage(Disk& disk, const install::Generation& active);

// By the policy's revocation lists and those of the node: a certificate of the signer is revoked. certificate_revoked.
Result<std::vector<Error>> found_revoked(Disk& disk, const Books& books, const install::Generation& active,
                                         Instant now);

}  // namespace sallyport::node
