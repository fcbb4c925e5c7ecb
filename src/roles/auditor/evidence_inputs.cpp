// SPDX-License-Identifier: Apache-2.0
#include "roles/auditor/evidence_inputs.h"

#include <algorithm>
#include <charconv>

#include "core/format/dsse.h"

namespace sallyport::auditor {
namespace {

// "12" → 12; other names of the folder (interrupted installations) are none.
std::optional<std::uint64_t> generation_number(const std::string& name) {
  std::uint64_t number = 0;
  const auto* end = name.data() + name.size();
  const auto parsed = std::from_chars(name.data(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return number;
}

Result<Sha256Digest> digest_of(const ByteSource& file) {
  constexpr std::uint64_t part_size = 1U << 20U;
  Hasher hasher(Sha2::sha256);
  for (std::uint64_t at = 0; at < file.size(); at += part_size) {
    hasher.update(TRY(file.read(at, std::min(part_size, file.size() - at), part_size)));
  }
  return hasher.finish_sha256();
}

}  // namespace

Result<std::vector<KeptGeneration>> kept_generations(Disk& node, const std::string& root) {
  std::vector<std::uint64_t> numbers;
  for (const auto& name : TRY(node.list("generations"))) {
    if (const auto number = generation_number(name)) numbers.push_back(*number);
  }
  std::sort(numbers.begin(), numbers.end());
  std::vector<KeptGeneration> kept;
  for (const auto number : numbers) {
    const std::string folder = "generations/" + std::to_string(number);
    if (!TRY(node.find(folder + "/package.csar"))) continue;
    const auto package = TRY(node.open(folder + "/package.csar"));
    const auto envelope =
        TRY(parse_envelope(TRY(node.read_small(folder + "/order.dsse", envelope_size_max))));
    const std::string path = root + "/" + folder;
    const auto digest = TRY(digest_of(*package));
    auto order = TRY(parse_order(envelope.payload));
    kept.push_back({folder,
                    path + "/package.csar",
                    path + "/verdict.dsse",
                    path + "/order.dsse",
                    {"package of generation " + std::to_string(number), digest},
                    std::move(order)});
  }
  return kept;
}

Result<Bytes> tamper_envelope(BytesView bytes, EnvelopeChange change) {
  auto envelope = TRY(parse_envelope(bytes));
  auto& signatures = envelope.signatures;
  switch (change) {
    case EnvelopeChange::payload_flipped:
      envelope.payload[envelope.payload.size() / 2] ^= 1U;
      break;
    case EnvelopeChange::last_signature_dropped:
      if (signatures.size() < 2) return Error(Code::evidence_malformed, "order", "several signatures", "one");
      signatures.pop_back();
      break;
    case EnvelopeChange::last_signature_doubled:
      if (signatures.size() < 3) return Error(Code::evidence_malformed, "order", "two approvals", "fewer");
      // The number of signatures stays what it was: one person takes the place of another.
      signatures[signatures.size() - 2] = signatures.back();
      break;
    case EnvelopeChange::first_signature_doubled:
      signatures.back() = signatures.front();
      break;
  }
  const auto text = print_envelope(envelope);
  return copy(as_bytes(text));
}

}  // namespace sallyport::auditor
