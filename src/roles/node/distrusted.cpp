// SPDX-License-Identifier: Apache-2.0
#include "roles/node/distrusted.h"

#include "core/approve/signer.h"
#include "core/format/dsse.h"
#include "roles/node/papers.h"

namespace sallyport::node {
namespace {

std::string place(const install::Generation& generation) {
  return "generation " + std::to_string(generation.number);
}

// As of the time when it came in: what has only expired since was in order then.
Result<void> add_vendor(Disk& disk, const Books& books, const install::Generation& generation,
                        std::vector<Error>& findings) {
  if (generation.policy == books.policy().digest) return {};
  const auto release = release_of(disk, generation, books.policy());
  if (release.ok()) return {};
  const auto& error = release.error();
  if (kind_of(error.code) == Kind::fault) return error;
  findings.emplace_back(
      error.code, place(generation),
      "a signature of an authorised source of policy version " + std::to_string(books.policy().version),
      error.found);
  return {};
}

Result<void> add_persons(Disk& disk, const Books& books, const install::Generation& generation, Instant now,
                         std::vector<Error>& findings) {
  const auto bytes =
      disk.read_small(install::generation_path(generation.number) + "/order.dsse", envelope_size_max);
  if (!bytes.ok() && bytes.error().code == Code::io_failed) return bytes.error();
  const auto envelope = bytes.ok() ? parse_envelope(bytes.value()) : Result<Envelope>(bytes.error());
  if (!envelope.ok()) return {};  // damage is for fsck to tell
  for (const auto& signature : envelope.value().signatures) {
    const auto holder = approve::holder_of(books.policy(), signature.key, now, Code::order_signer_unknown);
    if (holder.ok() || holder.error().code != Code::signer_revoked) continue;
    findings.emplace_back(Code::signer_revoked, place(generation), "an order signed by nobody who is revoked",
                          holder.error().where + ", " + holder.error().found);
  }
  return {};
}

}  // namespace

Result<std::vector<Error>> distrusted(Disk& disk, const Books& books, Instant now) {
  std::vector<Error> findings;
  for (const auto& [number, generation] : books.state().generations) {
    if (!install::is_kept(generation)) continue;
    TRY(add_vendor(disk, books, generation, findings));
    TRY(add_persons(disk, books, generation, now, findings));
  }
  return findings;
}

}  // namespace sallyport::node
