// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/revocation.h"

namespace sallyport {
namespace {

enum class Weight : std::uint8_t {
  voids_all,    // whoever had the key may have signed at any time, and written any date
  voids_later,  // the key was in good hands until then
  voids_while,  // nothing is decided: as long as it is said, nothing counts
};

Weight weight_of(RevocationReason reason) {
  switch (reason) {
    case RevocationReason::affiliation_changed:
    case RevocationReason::superseded:
    case RevocationReason::cessation_of_operation:
    case RevocationReason::privilege_withdrawn:
      return Weight::voids_later;
    case RevocationReason::certificate_hold:
      return Weight::voids_while;
    case RevocationReason::unspecified:
    case RevocationReason::key_compromise:
    case RevocationReason::ca_compromise:
    case RevocationReason::aa_compromise:
    case RevocationReason::remove_from_crl:  // no complete list says it
      return Weight::voids_all;
  }
  return Weight::voids_all;
}

// What one list or response says about one certificate.
struct Said {
  std::string by;
  Instant issued;
  Instant next;
  std::optional<Revoked> revoked;
};

struct Judge {
  const RevocationKnowledge& knowledge;
  Instant at;
  std::optional<Instant> signed_at;

  Result<Check> check(const Certificate& certificate, const Certificate& authority) const;
  Result<std::vector<Said>> all_said(const Certificate& certificate, const Certificate& authority) const;
  Result<std::string> judged(const Certificate& certificate, const Said& said) const;
};

Check told(const Certificate& certificate, const std::string& finding) {
  return {"revocation", certificate.subject() + ": " + finding};
}

std::string when(const Said& said) {
  return "issued " + said.issued.print() + ", the next one due " + said.next.print();
}

// The newest one that says to be of this authority, and is.
Result<const RevocationList*> list_of(const Certificate& authority,
                                      const std::vector<RevocationList>& lists) {
  const RevocationList* newest = nullptr;
  for (const auto& list : lists) {
    if (list.of(authority) != RevocationList::Of::this_authority) continue;
    TRY(list.verify(authority));
    if (newest == nullptr || list.number() > newest->number()) newest = &list;
  }
  return newest;
}

// What was seen once may not be missing, nor stand for less.
Result<void> check_floors(const Certificate& authority, const RevocationList* newest,
                          const ListFloors& floors) {
  for (const auto& series : RevocationList::series_of(authority)) {
    const auto floor = floors.find(series);
    if (floor == floors.end() || (newest != nullptr && newest->number() >= floor->second)) continue;
    return Error(Code::crl_rollback, "list of " + authority.subject(),
                 "number " + floor->second.text() + " or later",
                 newest == nullptr ? "none" : "number " + newest->number().text());
  }
  return {};
}

Result<std::vector<Said>> Judge::all_said(const Certificate& certificate,
                                          const Certificate& authority) const {
  std::vector<Said> all;
  const auto* const list = TRY(list_of(authority, knowledge.lists));
  TRY(check_floors(authority, list, knowledge.floors));
  if (list != nullptr) {
    all.push_back({"list " + list->number().text() + " of " + list->issuer(), list->issued(), list->next(),
                   list->find(certificate)});
  }
  for (const auto& response : knowledge.responses) {
    const auto status = TRY(response.status_of(certificate, authority));
    if (status)
      all.push_back(
          {"the OCSP response of " + response.responder(), status->issued, status->next, status->revoked});
  }
  return all;
}

Result<std::string> Judge::judged(const Certificate& certificate, const Said& said) const {
  if (!said.revoked) return "not revoked by " + said.by;
  const auto what = "revoked at " + said.revoked->at.print() + " (" +
                    std::string(word(said.revoked->reason)) + ") by " + said.by;
  if (judge(*said.revoked, signed_at) == Standing::stands)
    return "signed at " + signed_at->print() + ", before it was " + what;
  return Error(Code::certificate_revoked, certificate.subject(),
               signed_at ? "not revoked when it signed at " + signed_at->print() : "not revoked", what);
}

// Whoever says that it is revoked is heard, however old the word is; that it is not revoked is worth something
// while it is current.
Result<Check> Judge::check(const Certificate& certificate, const Certificate& authority) const {
  const auto all = TRY(all_said(certificate, authority));
  std::optional<Check> current;
  std::optional<Check> old;
  for (const auto& said : all) {
    const auto finding = TRY(judged(certificate, said));
    if (said.issued <= at && at <= said.next) {
      current = told(certificate, finding + ", " + when(said));
    } else {
      old = told(certificate, finding + ", which is not current: " + when(said));
    }
  }
  if (current) return *current;
  const bool is_required = knowledge.need == RevocationNeed::required;
  if (old && !is_required) return *old;
  if (old) {
    return Error(Code::revocation_stale, certificate.subject(), "something that is current at " + at.print(),
                 all.back().by + ", " + when(all.back()));
  }
  if (is_required) {
    return Error(Code::revocation_unknown, certificate.subject(),
                 "a revocation list of " + authority.subject() + " or an OCSP response", "neither");
  }
  return told(certificate,
              "not checked: no list of " + authority.subject() + " is given, and none is required");
}

}  // namespace

Standing judge(const Revoked& revoked, std::optional<Instant> signed_at) {
  if (weight_of(revoked.reason) != Weight::voids_later) return Standing::revoked;
  return signed_at && *signed_at < revoked.at ? Standing::stands : Standing::revoked;
}

Result<Checks> check_revocation(const std::vector<Certificate>& chain, const RevocationKnowledge& knowledge,
                                Instant at, std::optional<Instant> signed_at) {
  const Judge one{knowledge, at, signed_at};
  Checks checks;
  for (std::size_t i = 0; i + 1 < chain.size(); ++i) checks.push_back(TRY(one.check(chain[i], chain[i + 1])));
  return checks;
}

}  // namespace sallyport
