// SPDX-License-Identifier: Apache-2.0
#include "roles/witness/cosign.h"

#include <algorithm>

#include "core/tlog/cosignature.h"

namespace sallyport::witness {
namespace {

constexpr std::uint64_t seen_size_max = 4096;
constexpr std::size_t check_size = 65;  // a SHA-256 in hexadecimal and a line end

std::string seen_path(const std::string& origin) {
  return "seen/" + sha256(as_bytes(origin)).text();
}

std::string print_seen(const tlog::Checkpoint& checkpoint) {
  const auto text = tlog::print_checkpoint(checkpoint);
  return text + sha256(as_bytes(text)).text() + "\n";
}

Result<tlog::Head> read_seen(Disk& disk, const std::string& origin) {
  const auto path = seen_path(origin);
  if (!TRY(disk.find(path))) return tlog::Head{0, tlog::empty_root()};
  const auto bytes = TRY(disk.read_small(path, seen_size_max));
  const auto text = as_text(bytes);
  const auto checkpoint =
      tlog::parse_checkpoint(text.substr(0, text.size() - std::min(text.size(), check_size)));
  if (!checkpoint.ok() || checkpoint.value().origin != origin || print_seen(checkpoint.value()) != text) {
    return Error(Code::log_damaged, path, "what was seen of " + origin, "something else");
  }
  return checkpoint.value().head;
}

}  // namespace

Result<CosignReport> add_checkpoint(Disk& disk, std::string_view request,
                                    const std::vector<tlog::NoteKey>& logs, const std::string& name,
                                    Signer& signer, Instant now) {
  const auto key = TRY(tlog::NoteKey::of_witness(name, signer.public_key()));
  const auto parsed = TRY(tlog::parse_add_checkpoint(request));
  const auto lock = TRY(disk.lock("lock"));
  std::vector<tlog::Watched> watched;
  for (const auto& log : logs) {
    const auto seen = TRY(read_seen(disk, log.name()));
    watched.push_back({log, seen});
  }
  const auto accepted = TRY(tlog::decide(parsed, watched));
  TRY(disk.ensure_folder("seen"));
  TRY(disk.sync_folder(""));
  TRY(disk.replace_file(seen_path(accepted.checkpoint.origin), as_bytes(print_seen(accepted.checkpoint)),
                        0600));
  const auto message = TRY(tlog::cosignature_message(key, now, accepted.note_text));
  const auto signature = TRY(signer.sign(message));
  const tlog::NoteSignature line{name, key.id(), tlog::print_cosignature(now, signature)};
  return CosignReport{accepted.checkpoint, tlog::print_signature(line)};
}

}  // namespace sallyport::witness
