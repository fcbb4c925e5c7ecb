// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "core/format/stored_member.h"
#include "core/trust/carried_certificates.h"
#include "core/trust/foreign_package.h"
#include "core/trust/mint.h"
#include "core/trust/steady_source.h"

namespace sallyport::trust {
namespace {

constexpr std::string_view csar_suffix = ".csar";
constexpr std::string_view signature_suffix = ".cms";
constexpr std::string_view certificate_suffix = ".cert";
constexpr std::uint64_t part_size_max = 1ULL << 20U;

// Option 2 has no descriptor: it is an archive around a CSAR.
bool is_option_2(const Archive& archive) {
  if (archive.find(tosca_member) != nullptr) return false;
  return std::any_of(archive.members.begin(), archive.members.end(), [](const ArchiveMember& member) {
    return member.name.text().ends_with(csar_suffix) || member.name.text().ends_with(signature_suffix);
  });
}

// What stands in the outer archive of option 2: these, and nothing else.
struct Outer {
  const ArchiveMember* csar = nullptr;
  const ArchiveMember* signature = nullptr;
  const ArchiveMember* certificate = nullptr;
};

Outer sort_outer(const Archive& archive, Findings& findings) {
  Outer outer;
  const auto wrong = [&](const ArchiveMember& member, std::string expected) {
    findings.add(
        Error(Code::package_layout_invalid, member.name.text(), std::move(expected), "another member"));
  };
  for (const auto& member : archive.members) {
    const auto& name = member.name.text();
    const ArchiveMember** place = nullptr;
    if (name.ends_with(csar_suffix)) place = &outer.csar;
    if (name.ends_with(signature_suffix)) place = &outer.signature;
    if (name.ends_with(certificate_suffix)) place = &outer.certificate;
    if (place == nullptr || !member.name.parent().empty()) {
      wrong(member, "a CSAR, its signature and its certificate, at the top");
    } else if (*place != nullptr) {
      wrong(member, "one " + name.substr(name.rfind('.')));
    } else {
      *place = &member;
    }
  }
  if (archive.folders != 0)
    findings.add(Error(Code::package_layout_invalid, "the package", "no folders around a CSAR", "some"));
  const auto stem = [](const ArchiveMember& member) {
    return member.name.text().substr(0, member.name.text().rfind('.'));
  };
  if (outer.csar == nullptr) {
    findings.add(Error(Code::package_member_missing, "the package", "a CSAR, <name>.csar", "none"));
    return outer;
  }
  if (outer.signature == nullptr)
    findings.add(Error(Code::signature_missing, outer.csar->name.text(), stem(*outer.csar) + ".cms", "none"));
  for (const auto* const other : {outer.signature, outer.certificate}) {
    if (other != nullptr && stem(*other) != stem(*outer.csar))
      wrong(*other, "the name of " + outer.csar->name.text());
  }
  return outer;
}

ContentDigest digest_of_source(const ByteSource& source) {
  return [&source](Sha2 algorithm) -> Result<Bytes> {
    Hasher hasher(algorithm);
    for (std::uint64_t done = 0; done < source.size();) {
      const auto size = std::min(source.size() - done, part_size_max);
      hasher.update(TRY(source.read(done, size, part_size_max)));
      done += size;
    }
    return hasher.finish();
  };
}

class Foreign {
 public:
  Foreign(const Examined& what, const SteadySource& file, Leniency& leniency, Findings& findings,
          Checks& passed)
      : what_(what), file_(file), leniency_(leniency), findings_(findings), passed_(passed) {}

  Result<void> option_1() {
    csar_.emplace(what_, file_, Covered::by_manifest, leniency_, findings_, passed_);
    TRY(csar_->examine());
    signers_ = csar_->signers();
    scope();
    return {};
  }

  Result<void> option_2(const Archive& archive) {
    option_ = SecurityOption::option_2;
    const auto outer = sort_outer(archive, findings_);
    TRY(find_wrong_members(
        file_, archive, [](const ArchiveMember&) { return std::optional<MemberDigest>(); }, what_.workers,
        findings_));
    if (outer.csar == nullptr) return {};
    for (const auto* const member : {outer.csar, outer.signature, outer.certificate}) {
      if (member != nullptr) outer_.push_back(*member);
    }
    const auto inner = TRY(open_csar(*outer.csar));
    if (inner == nullptr) return {};
    if (outer.signature != nullptr) TRY(outer_signature(archive, outer, *inner));
    csar_.emplace(what_, *inner, Covered::by_outer_signature, leniency_, inside_, passed_);
    const auto done = csar_->examine();
    for (auto& finding : inside_.sorted()) {
      finding.where = outer.csar->name.text() + ": " + finding.where;
      findings_.add(std::move(finding));
    }
    TRY(done);
    scope();
    if (!csar_->signers().empty() && csar_->product())
      findings_.add_error_of(source_for(what_.policy, csar_->signers(), *csar_->product()));
    return {};
  }

  std::optional<Verified<ForeignPackage>> proof() {
    if (!findings_.none()) return std::nullopt;
    CHECK(source_ && csar_ && csar_->product() && !signers_.empty());
    ForeignPackage package{file_.digest(),
                           file_.size(),
                           option_,
                           *source_,
                           *csar_->product(),
                           {},
                           csar_->manifest(),
                           csar_->archive().members,
                           outer_,
                           leniency_.used()};
    for (const auto& signer : signers_) package.signers.push_back(signer.leaf.subject());
    passed_.push_back({"scope", source_->text() + " may sign " + csar_->product()->text()});
    passed_.push_back({"members", std::to_string(package.members.size()) + ", every byte digested"});
    for (const auto& one : leniency_.used()) {
      passed_.push_back(
          {"tolerated", std::string(name(one.what)) + ": " + one.where +
                            (one.count > 1 ? " and " + std::to_string(one.count - 1) + " more" : "")});
    }
    passed_.push_back({"package", file_.digest().text()});
    return Mint::verified(std::move(package), Evidence{what_.at, what_.policy.version, passed_});
  }

 private:
  // Signers whose anchors are known, also where their signature does not hold.
  void scope() {
    if (signers_.empty() || !csar_->product()) return;
    const auto source = source_for(what_.policy, signers_, *csar_->product());
    findings_.add_error_of(source);
    if (!source.ok()) return;
    source_ = source.value();
    build_claims(what_.policy.sources.at(*source_));
  }

  // There is no place in such a package for what a build has to bring, and nothing to hold it against.
  void build_claims(const Source& source) {
    for (const auto& rule : source.attestations)
      findings_.add(Error(Code::attestation_missing, "the package", rule.predicate_type,
                          "none: a package of another form"));
    if (source.sbom == SbomNeed::required)
      findings_.add(Error(Code::sbom_missing, "the package", "a bill of materials that names files",
                          "none: a package of another form"));
  }

  // The inner file, byte by byte what is signed; null where it cannot be had.
  Result<const ByteSource*> open_csar(const ArchiveMember& member) {
    if (member.coding == Coding::stored) {
      stored_.emplace(file_, member);
      return &*stored_;
    }
    scratch_ = TRY(what_.scratch());
    const auto read = read_archived(file_, member, [&](BytesView part) { return scratch_->write(part); });
    if (read.ok()) return scratch_.get();
    if (kind_of(read.error().code) == Kind::fault) return read.error();
    findings_.add(read.error());
    return nullptr;
  }

  Result<void> outer_signature(const Archive& archive, const Outer& outer, const ByteSource& inner) {
    const auto& where = outer.signature->name.text();
    const auto bytes = TRY(read_found(file_, *outer.signature, signature_file_max, findings_));
    if (!bytes) return {};
    auto der = read_signature_file(where, *bytes);
    findings_.add_error_of(der);
    if (!der.ok()) return {};
    const auto block = read_block(std::move(der).value());
    if (!block.ok()) {
      findings_.add(Error(block.error().code, where, block.error().expected, block.error().found));
      return {};
    }
    CertificatePlaces places{file_, archive, {}};
    const auto& csar = outer.csar->name.text();
    places.names.push_back(csar.substr(0, csar.rfind('.')) + std::string(certificate_suffix));
    const auto carried = TRY(carried_certificates(where, block.value().der, places, findings_));
    const SignedThing thing{where, digest_of_source(inner), carried.beside};
    auto signers =
        verify_blocks({block.value()}, thing, what_.policy, what_.at, Occasion::admission, passed_);
    if (signers.ok()) {
      signers_ = std::move(signers).value();
      return {};
    }
    findings_.add(signers.error());
    signers_ = find_wrong_in({block.value()}, thing, what_.policy, what_.at, findings_);
    return {};
  }

  const Examined& what_;
  const SteadySource& file_;
  Leniency& leniency_;
  Findings& findings_;
  Checks& passed_;
  SecurityOption option_ = SecurityOption::option_1;
  std::vector<ArchiveMember> outer_;  // of option 2
  std::optional<StoredMember> stored_;
  std::unique_ptr<Scratch> scratch_;
  Findings inside_;  // of the CSAR of option 2
  std::optional<ForeignCsar> csar_;
  std::vector<CmsSigner> signers_;
  std::optional<SourceId> source_;
};

}  // namespace

Result<std::optional<Verified<ForeignPackage>>> examine_foreign(const Examined& what, Leniency& leniency,
                                                                Findings& findings, Checks& passed) {
  const auto file = TRY(SteadySource::begin(what.file));
  Findings outer_findings;
  const auto archive = TRY(read_archive(file, ArchiveForm::any, outer_findings));
  Foreign foreign(what, file, leniency, findings, passed);
  if (archive && is_option_2(*archive)) {
    for (auto& finding : outer_findings.sorted()) findings.add(std::move(finding));
    TRY(foreign.option_2(*archive));
  } else {
    TRY(foreign.option_1());
  }
  return foreign.proof();
}

}  // namespace sallyport::trust
