// SPDX-License-Identifier: Apache-2.0
// What the examination of our own packages and of those of others share. Everything here adds findings and proves
// nothing; an error is a fault.
#pragma once

#include <functional>
#include <string_view>

#include "core/trust/examine.h"
#include "core/trust/vendor_signature.h"

namespace sallyport::trust {

inline constexpr std::string_view tosca_member = "TOSCA-Metadata/TOSCA.meta";

struct MemberDigest {
  Sha2 algorithm;
  Bytes digest;
};
// Of a member, if anything says what it has to be.
using ExpectedOf = std::function<std::optional<MemberDigest>(const ArchiveMember&)>;

// Every member, read to its end: its digest, where there is one to expect, then its CRC-32.
Result<void> find_wrong_members(const ByteSource& file, const Archive& archive, const ExpectedOf& expected,
                                Workers& workers, Findings& findings);

// The member in memory; nothing when that is refused.
Result<std::optional<Bytes>> read_found(const ByteSource& file, const ArchiveMember& member,
                                        std::uint64_t size_max, Findings& findings);

// The digest of a member, read anew for each algorithm.
ContentDigest digest_of_member(const ByteSource& file, const ArchiveMember& member);

// trust::package, which tells what was passed when it refuses, too.
Result<Verified<Package>> package_noting(const ByteSource& file, const Policy& policy, Instant at,
                                         Workers& workers, Checks& passed);

// Adds what is wrong with a package of our profile, beside the refusal that is known already.
Result<void> examine_own(const Examined& what, Findings& findings);

// Adds what is wrong with any other, and makes the proof when nothing is.
Result<std::optional<Verified<ForeignPackage>>> examine_foreign(const Examined& what, Leniency& leniency,
                                                                Findings& findings, Checks& passed);

}  // namespace sallyport::trust
