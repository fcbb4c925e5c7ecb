// SPDX-License-Identifier: Apache-2.0
// The node's own key pair, node.key and node.pub, with which it signs what it reports.
#pragma once

#include <optional>
#include <vector>

#include "adapters/disk/port.h"
#include "core/crypto/key.h"

namespace sallyport::node {

namespace paths {
constexpr const char* private_key = "node.key";
constexpr const char* public_key = "node.pub";
}  // namespace paths

// Both are there and the root's owner's, the private one for nobody else and under one name, the public one not to be
// written by others, they are a pair, and the pair that the journal pins (where there is one to ask). `derived` is the
// public half as whoever opened the private key has it. trust_file_damaged otherwise.
std::vector<Error> inspect_node_key(Disk& disk, const Result<PublicKey>& derived,
                                    const std::optional<KeyId>& pinned);

// Whoever signs as the node asks first: trust_file_damaged when it is another key than the journal pins.
Result<void> check_node_key(const KeyId& opened, const KeyId& pinned);

}  // namespace sallyport::node
