// SPDX-License-Identifier: Apache-2.0
#include "core/format/policy_algorithms.h"

#include "core/crypto/key_algorithm.h"
#include "core/format/policy.h"
#include "core/format/policy_parts.h"

namespace sallyport {
namespace {

constexpr std::size_t ends_max = 64;

class Uses {
 public:
  explicit Uses(const std::vector<AlgorithmEnd>& ends) : ends_(ends) {}
  void add(const std::string& algorithm, const std::string& whose) {
    for (const auto& end : ends_) {
      if (covered_by(end.algorithm, algorithm) == Covered::yes)
        uses_.push_back(algorithm + " until " + end.not_after.print() + ": " + whose);
    }
  }
  std::vector<std::string> take() { return std::move(uses_); }

 private:
  const std::vector<AlgorithmEnd>& ends_;
  std::vector<std::string> uses_;
};

}  // namespace

Result<std::vector<AlgorithmEnd>> read_algorithm_ends(JsonObject& top) {
  std::vector<AlgorithmEnd> ends;
  if (!top.has("algorithms")) return ends;
  const auto array = TRY(top.array("algorithms", ends_max));
  if (array.size() == 0) return top.malformed("algorithms", "at least one", "none");
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto object = TRY(array.object(i));
    auto name = TRY(object.text("algorithm", 64));
    if (algorithm_name(name) == AlgorithmName::unknown)
      return object.malformed(
          "algorithm", "Ed25519, ECDSA P-256, ECDSA P-384, ML-DSA-44, -65, -87 or RSA with its bits", name);
    for (const auto& other : ends) {
      if (other.algorithm == name) return object.malformed("algorithm", "each algorithm once", name);
    }
    const auto not_after = TRY(parts::read_time(object, "not_after"));
    if (!not_after) return object.malformed("not_after", "a time", "none");
    TRY(object.finish());
    ends.push_back({std::move(name), *not_after});
  }
  return ends;
}

Result<void> check_algorithm_ends(const std::vector<AlgorithmEnd>& ends, const std::string& algorithm,
                                  const std::string& where, Instant at) {
  for (const auto& end : ends) {
    if (covered_by(end.algorithm, algorithm) == Covered::no || at <= end.not_after) continue;
    return Error(Code::algorithm_ended, where, end.algorithm + " only until " + end.not_after.print(),
                 algorithm + " at " + at.print());
  }
  return {};
}

Result<void> check_algorithm_ends(const std::vector<AlgorithmEnd>& ends,
                                  const std::vector<Certificate>& chain, Instant at) {
  if (ends.empty()) return {};
  for (const auto& certificate : chain)
    TRY(check_algorithm_ends(ends, algorithm_of(certificate), certificate.subject(), at));
  return {};
}

std::vector<std::string> ending_uses(const Policy& policy) {
  Uses uses(policy.algorithm_ends);
  for (const auto& [id, source] : policy.sources) {
    for (const auto& anchor : source.authority.anchors)
      uses.add(algorithm_of(anchor), "source " + id.text() + ", anchor " + anchor.subject());
    for (const auto& anchor : source.authority.time_stamp_anchors)
      uses.add(algorithm_of(anchor), "source " + id.text() + ", time stamps of " + anchor.subject());
    for (const auto& rule : source.attestations) {
      for (const auto& key : rule.keys)
        uses.add(key.algorithm(), "source " + id.text() + ", attestations by key " + key.id().brief());
    }
  }
  for (const auto& [id, person] : policy.persons) {
    for (const auto& own : person.keys)
      uses.add(own.key.algorithm(), "person " + id.text() + ", key " + own.key.id().brief());
  }
  for (const auto& [id, intake] : policy.intakes) {
    for (const auto& key : intake.keys)
      uses.add(key.algorithm(), "intake " + id.text() + ", key " + key.id().brief());
  }
  return uses.take();
}

}  // namespace sallyport
