// SPDX-License-Identifier: Apache-2.0
#include "roles/node/ingest.h"

#include "core/base/library_fault.h"
#include "core/base/read_ahead.h"
#include "roles/node/books.h"
#include "roles/node/quarantine.h"

namespace sallyport::node {
namespace {

Result<Verified<Package>> copy_and_check(Disk& disk, const ByteSource& given, const Policy& policy,
                                         Instant at, Workers& workers, Account& account) {
  auto check = TRY(trust::PackageCheck::begin(given, policy, at, account.passed));
  if (!check.signers().empty()) account.signer = check.signers().front();
  auto writer = TRY(disk.create_file(paths::private_copy));
  for (auto parts = TRY(ReadAhead::begin(given)); !parts.part().empty(); parts.turn()) {
    TRY(check.feed(parts.part(), workers,
                   {[&] { return writer->write(parts.part()); }, [&] { return parts.read_next(); }}));
  }
  writer.reset();
  const auto kept = TRY(disk.open(paths::private_copy));
  return std::move(check).finish(*kept, workers);
}

}  // namespace

Result<Verified<Package>> ingest(Disk& disk, const ByteSource& given, const Policy& policy, Instant at,
                                 Workers& workers, Account& account) {
  TRY(disk.remove_tree(paths::incoming));
  TRY(disk.make_folder(paths::incoming));
  auto checked = attempt([&] { return copy_and_check(disk, given, policy, at, workers, account); });
  if (checked.ok()) {
    account.package = checked.value()->digest;
    account.passed = checked.value().evidence().checks;
    return checked;
  }
  Error error = checked.take_error();
  TRY(disk.remove_tree(paths::incoming));
  if (kind_of(error.code) == Kind::refused) {
    const auto quarantined = put_into_quarantine(disk, given);
    account.package = quarantined.digest;
    error.effect = "nothing changed; the refused file is " + quarantined.effect;
  }
  return error;
}

}  // namespace sallyport::node
