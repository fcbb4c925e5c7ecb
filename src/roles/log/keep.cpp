// SPDX-License-Identifier: Apache-2.0
#include "roles/log/keep.h"

#include <algorithm>

#include "roles/log/files.h"

namespace sallyport::keeper {
namespace {

constexpr std::size_t since_default = 32;

std::vector<std::uint64_t> cosigned_last(const Store& store) {
  auto sizes = store.cosigned();
  if (sizes.size() > since_default) sizes.erase(sizes.begin(), sizes.end() - since_default);
  return sizes;
}

// A size that the log never had is a mistake of whoever asks, and no reason to say less than was asked for.
Result<void> check_asked(const std::vector<std::uint64_t>& asked, std::uint64_t size_now) {
  if (asked.size() > tlog::proof_since_max)
    return Error(Code::usage_error, "--since", "at most " + std::to_string(tlog::proof_since_max) + " sizes",
                 std::to_string(asked.size()));
  for (const auto size : asked) {
    if (size == 0 || size > size_now)
      return Error(Code::usage_error, "--since", "1 to " + std::to_string(size_now), std::to_string(size));
  }
  return {};
}

// Ascending; from the size of today nothing has to be shown.
std::vector<std::uint64_t> sizes_to_prove(const Store& store, std::vector<std::uint64_t> asked) {
  if (asked.empty()) asked = cosigned_last(store);
  std::erase_if(asked, [&](std::uint64_t size) { return size == 0 || size >= store.published().size; });
  std::ranges::sort(asked);
  asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
  return asked;
}

}  // namespace

Result<AppendReport> append(Disk& disk, const std::vector<tlog::Entry>& entries, Signer& signer) {
  const auto lock = TRY(disk.lock(paths::lock));
  auto store = TRY(Store::open(disk));
  auto indices = TRY(store.append(entries, signer));
  return AppendReport{store.key().name(), std::move(indices), store.head()};
}

Result<ProveReport> prove(Disk& disk, const tlog::Entry& entry, const std::vector<std::uint64_t>& since) {
  const auto lock = TRY(disk.lock(paths::lock));
  const auto store = TRY(Store::open(disk));
  const auto& head = store.published();
  TRY(check_asked(since, head.size));
  const auto found = TRY(store.find({entry}, head.size));
  if (!found.front()) {
    return Error(Code::entry_not_logged, "log " + store.key().name(),
                 std::string(tlog::word(entry.kind)) + " " + entry.digest.text(), "no such entry");
  }
  const tlog::TiledTree tree(store.reader(), head.size);
  auto path = TRY(tlog::inclusion_proof(tree, *found.front(), head.size));
  const auto leaf = tlog::leaf_hash(as_bytes(tlog::print_entry(entry)));
  if (!tlog::check_inclusion(leaf, *found.front(), path, head).ok())
    return Error(Code::log_damaged, "tiles", "a proof of entry " + std::to_string(*found.front()), "another");
  tlog::Proof proof{{}, *found.front(), std::move(path), store.checkpoint()};
  for (const auto size : sizes_to_prove(store, since)) {
    auto way = TRY(tlog::consistency_proof(tree, size, head.size));
    proof.since.push_back({size, std::move(way)});
  }
  return ProveReport{tlog::print_proof(proof), proof.index, head};
}

Result<std::uint64_t> last_cosigned(Disk& disk) {
  const auto lock = TRY(disk.lock(paths::lock));
  const auto store = TRY(Store::open(disk));
  return store.cosigned().empty() ? 0 : store.cosigned().back();
}

Result<std::string> request(Disk& disk, std::uint64_t old_size) {
  const auto lock = TRY(disk.lock(paths::lock));
  const auto store = TRY(Store::open(disk));
  const auto& head = store.published();
  if (old_size > head.size) {
    return Error(Code::usage_error, "--old", "at most " + std::to_string(head.size),
                 std::to_string(old_size));
  }
  const tlog::TiledTree tree(store.reader(), head.size);
  auto path = TRY(tlog::consistency_proof(tree, old_size, head.size));
  return tlog::print_add_checkpoint({old_size, std::move(path), store.checkpoint()});
}

Result<CosignReport> cosign(Disk& disk, std::string_view answer, const tlog::LogPolicy& policy) {
  const auto lock = TRY(disk.lock(paths::lock));
  auto store = TRY(Store::open(disk));
  auto note = TRY(tlog::parse_note(store.checkpoint()));
  const auto signatures = TRY(tlog::parse_signatures(answer));
  CosignReport report{{}, store.published()};
  for (const auto& member : policy.members) {
    const auto* witness = std::get_if<tlog::Witness>(&member);
    if (witness == nullptr) continue;
    tlog::Note own{note.text, {}};
    std::ranges::copy_if(signatures, std::back_inserter(own.signatures),
                         [&](const auto& signature) { return witness->key.made(signature); });
    if (!TRY(tlog::cosigned_by(own, witness->key))) continue;
    std::erase_if(note.signatures, [&](const auto& signature) { return witness->key.made(signature); });
    note.signatures.push_back(own.signatures.back());
    report.witnesses.push_back(witness->name);
  }
  if (report.witnesses.empty()) {
    return Error(Code::log_key_refused, "answer", "a cosignature of a witness of the policy",
                 signatures.front().name);
  }
  TRY(store.publish_cosigned(note));
  return report;
}

Result<ShowReport> show(Disk& disk, std::uint64_t first) {
  const auto lock = TRY(disk.lock(paths::lock));
  const auto store = TRY(Store::open(disk));
  ShowReport report{store.key(), store.head(), store.published(), {}, {}};
  const auto note = TRY(tlog::parse_note(store.checkpoint()));
  for (const auto& signature : note.signatures) report.signers.push_back(signature.name);
  const auto size = store.published().size;
  const tlog::TiledTree tree(store.reader(), size);
  for (auto index = first; index < size;) {
    const auto number = index / tlog::tile_width;
    const auto width = std::min(tlog::tile_width, size - number * tlog::tile_width);
    const auto bytes =
        TRY(read_own(disk, published_path(tlog::bundle_path(number, width)), tlog::bundle_size_max));
    const auto entries = TRY(tlog::parse_bundle(bytes, width));
    for (; index < number * tlog::tile_width + width; ++index) {
      const auto& entry = entries.at(index % tlog::tile_width);
      const auto path = TRY(tlog::inclusion_proof(tree, index, size));
      TRY(tlog::check_inclusion(tlog::leaf_hash(entry), index, path, store.published()));
      report.entries.push_back(TRY(tlog::parse_entry(entry)));
    }
  }
  return report;
}

}  // namespace sallyport::keeper
