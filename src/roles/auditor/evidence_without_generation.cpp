// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "roles/auditor/evidence_cases.h"

namespace sallyport::auditor {
namespace {

struct Name {
  const char* requirement;
  const char* test;
};

// What needs a package and papers of the node's own; a story compares these with the tests of a node that has them.
constexpr std::array<Name, 7> of_packages{{{"RTC-a", "payload-flipped"},
                                           {"RTC-a", "tree-flipped"},
                                           {"RX-2", "manifest-flipped"},
                                           {"RX-2", "signature-flipped"},
                                           {"RX-2", "member-added"},
                                           {"RI-2", "unsigned"},
                                           {"RX-1", "unknown-signer"}}};
constexpr std::array<Name, 17> others{{{"RI-1", "install"},
                                       {"RI-1", "upgrade"},
                                       {"RAV", "verdict-flipped"},
                                       {"RAV", "verdict-by-stranger"},
                                       {"RAV", "verdict-of-other-package"},
                                       {"RX-1", "order-flipped"},
                                       {"RX-1", "one-approval-short"},
                                       {"RX-1", "same-person-twice"},
                                       {"RX-1", "proposer-approves"},
                                       {"RX-1", "approval-by-stranger"},
                                       {"RX-1", "order-replayed"},
                                       {"RTC-b", "install"},
                                       {"RTC-b", "upgrade-1"},
                                       {"RO-2", "untampered-verifies"},
                                       {"RO-2", "changed-file-found"},
                                       {"RI-3", "changed-file-not-executed"},
                                       {"RX-1", "no-open-break-glass"}}};

TestCase case_of(const Name& name, const std::string& stage) {
  return {name.requirement, std::string(name.requirement) + "." + stage + name.test,
          "Needs a generation that came in under the policy in force"};
}

}  // namespace

void cases_without_generation(CaseWorld& world, const std::string& reason) {
  for (const auto& name : of_packages) {
    for (const auto* stage : {"install.", "upgrade."}) world.laboratory.not_run(case_of(name, stage), reason);
  }
  for (const auto& name : others) world.laboratory.not_run(case_of(name, ""), reason);
}

}  // namespace sallyport::auditor
