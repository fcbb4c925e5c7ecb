// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <utility>

#include "core/base/ascii.h"
#include "core/trust/carried_certificates.h"
#include "core/trust/foreign_package.h"

// Signatures of single artifacts (SOL004 clause 5.3): each that is there has to hold, whoever names it.
namespace sallyport::trust {
namespace {

constexpr std::array<std::string_view, 2> signature_suffixes = {".sig.cms", ".sig.p7b"};

// "image.sig.cms" → "image"; nothing when it is no such name. Another reader may not care for case, and no signature is
// passed over because of it.
std::optional<std::string> signed_stem(const RelativePath& name) {
  for (const auto suffix : signature_suffixes) {
    if (lower(name.text()).ends_with(suffix) && name.name().size() > suffix.size())
      return name.text().substr(0, name.text().size() - suffix.size());
  }
  return std::nullopt;
}

bool has_stem(const std::string& name, const std::string& stem) {
  if (name == stem) return true;
  return name.starts_with(stem) && name[stem.size()] == '.' &&
         name.find_first_of("./", stem.size() + 1) == std::string::npos && !name.ends_with(".cert");
}

}  // namespace

// Of signatures that the manifest does not name. The artifact has the signature's name, with an extension of its own or
// in full; of several with the same stem nobody can say which one is meant.
const ArchiveMember* ForeignCsar::artifact_of(const ArchiveMember& signature) const {
  const auto stem = signed_stem(signature.name);
  if (!stem) return nullptr;
  const ArchiveMember* found = archive_.find(*stem);
  if (found != nullptr) return found;
  for (const auto& member : archive_.members) {
    if (!has_stem(member.name.text(), *stem)) continue;
    if (found != nullptr) return nullptr;
    found = &member;
  }
  return found;
}

// What an entry names is there, and holds over this very artifact, whatever else it holds over.
Result<void> ForeignCsar::check_named_signature(const Sol004Entry& entry) {
  for (const auto* const path : {&entry.signature, &entry.certificate}) {
    if (!*path) continue;
    if (archive_.find((*path)->text()) == nullptr)
      findings_.add(Error(Code::package_member_missing, (*path)->text(),
                          "what the manifest names at line " + std::to_string(entry.line), "none"));
  }
  if (entry.certificate && !entry.signature) {
    findings_.add(Error(Code::manifest_malformed, "manifest line " + std::to_string(entry.line),
                        "Signature: where there is Certificate:", "none"));
  }
  if (!entry.signature) return {};
  const auto* signature = archive_.find(entry.signature->text());
  const auto* artifact = archive_.find(entry.source.text());
  if (signature == nullptr || artifact == nullptr) return {};  // told already, or by check_listed
  return check_artifact_signature(*signature, *artifact, &entry);
}

Result<void> ForeignCsar::check_artifact_signatures() {
  std::set<RelativePath> named;
  for (const auto& entry : manifest_.entries) {
    if (entry.signature) named.insert(*entry.signature);
    TRY(check_named_signature(entry));
  }
  for (const auto& member : archive_.members) {
    if (named.contains(member.name) || !signed_stem(member.name)) continue;
    const auto* artifact = artifact_of(member);
    if (artifact == nullptr) {
      findings_.add(Error(Code::package_layout_invalid, member.name.text(),
                          "the signature of one artifact beside it", "of none, or of several"));
      continue;
    }
    const auto entry = entries_.find(artifact->name.text());
    TRY(check_artifact_signature(member, *artifact, entry == entries_.end() ? nullptr : entry->second));
  }
  return {};
}

Result<void> ForeignCsar::check_artifact_signature(const ArchiveMember& signature,
                                                   const ArchiveMember& artifact, const Sol004Entry* entry) {
  need_no_entry_.insert(signature.name.text());
  const auto bytes = TRY(read_found(file_, signature, signature_file_max, findings_));
  if (!bytes) return {};
  auto der = read_signature_file(signature.name.text(), *bytes);
  findings_.add_error_of(der);
  if (!der.ok()) return {};
  const auto block = read_block(std::move(der).value());
  if (!block.ok()) {
    findings_.add(
        Error(block.error().code, signature.name.text(), block.error().expected, block.error().found));
    return {};
  }
  CertificatePlaces places{file_, archive_, {}};
  if (entry != nullptr && entry->certificate) places.names.push_back(entry->certificate->text());
  const auto stem = signed_stem(signature.name);
  if (stem) places.names.push_back(*stem + ".cert");
  const auto carried = TRY(carried_certificates(signature.name.text(), block.value().der, places, findings_));
  if (carried.member) need_no_entry_.insert(*carried.member);
  const SignedThing thing{signature.name.text(), digest_of_member(file_, artifact), carried.beside};
  Checks passed;
  auto signers = verify_blocks({block.value()}, thing, what_.policy, what_.at, Occasion::admission, passed);
  if (!signers.ok()) {
    findings_.add(
        Error(signers.error().code, signature.name.text(), signers.error().expected, signers.error().found));
  } else if (product_) {
    const auto source = source_for(what_.policy, signers.value(), *product_);
    if (!source.ok())
      findings_.add(
          Error(source.error().code, signature.name.text(), source.error().expected, source.error().found));
    else
      passed_.push_back({"artifact", artifact.name.text() + ": " + signers.value().front().leaf.subject()});
  }
  return {};
}

}  // namespace sallyport::trust
