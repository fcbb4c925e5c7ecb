// SPDX-License-Identifier: Apache-2.0
// Takes a package in: reads the given file once, from its first byte to its last, into a private copy that
// nobody else can write to, while trust::PackageCheck digests the very same bytes. Everything later reads the
// private copy; the given file may change or vanish meanwhile.
#pragma once

#include "adapters/disk/port.h"
#include "core/base/workers.h"
#include "core/trust/package.h"
#include "roles/node/account.h"

namespace sallyport::node {

// The copy is at paths::private_copy, not synced. A refused package is put into quarantine and the error's
// effect says where.
Result<Verified<Package>> ingest(Disk& disk, const ByteSource& given, const Policy& policy, Instant at,
                                 Workers& workers, Account& account);

}  // namespace sallyport::node
