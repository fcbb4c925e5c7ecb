// SPDX-License-Identifier: Apache-2.0
#include "core/trust/debian_chain.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"
#include "core/trust/publisher_proof.h"

namespace sallyport::trust {
namespace {

constexpr std::string_view clear_begin = "-----BEGIN PGP SIGNED MESSAGE-----\n";
constexpr std::string_view clear_end = "-----END PGP SIGNATURE-----\n";
constexpr std::array<std::string_view, 4> endings{"", ".gz", ".xz", ".zst"};

Error invalid(const std::string& where, std::string expected, std::string found) {
  return {Code::publisher_signature_invalid, where, std::move(expected), printable(found)};
}

// One signed text from the first byte to the last: nothing beside it that somebody could take for signed.
Result<void> check_frame(const NamedFile& file) {
  const auto bytes = TRY(file.bytes->read(0, file.bytes->size(), debian_release_size_max));
  const auto text = as_text(bytes);
  const bool one = text.starts_with(clear_begin) && text.ends_with(clear_end) &&
                   text.find('\r') == std::string_view::npos &&  // gpgv takes it for a part of a line's end
                   text.find(clear_begin, 1) == std::string_view::npos &&
                   text.find(clear_end) == text.size() - clear_end.size();
  return one ? Result<void>()
             : invalid(file.name, "one text that is signed in clear, and nothing else", "another");
}

// "…/Packages" without the ending of a compression, if it is a list of packages.
std::optional<std::string> list_name(std::string_view name) {
  for (const auto ending : endings) {
    if (!name.ends_with(ending)) continue;
    const auto stem = name.substr(0, name.size() - ending.size());
    if (stem == "Packages" || stem.ends_with("/Packages")) return std::string(stem);
  }
  return {};
}

}  // namespace

DebianChain::DebianChain(DebianRelease release, PublisherSigner signer, std::set<Sha256Digest> wanted)
    : release_(std::move(release)), signer_(std::move(signer)), packages_(std::move(wanted)) {}

Result<DebianChain> DebianChain::begin(const NamedFile& in_release, const OpenPgpAnswer& answer,
                                       const std::vector<NamedFile>& debs, Instant at) {
  TRY(check_frame(in_release));
  auto signature = TRY(parse_openpgp_status(answer.status, OpenPgpCovers::text, answer.known));
  return of(in_release, as_text(answer.text), std::move(signature), debs, at);
}

Result<DebianChain> DebianChain::begin_detached(const NamedFile& release, const OpenPgpAnswer& answer,
                                                const std::vector<NamedFile>& debs, Instant at) {
  auto signature = TRY(parse_openpgp_status(answer.status, OpenPgpCovers::bytes, answer.known));
  const auto text = TRY(release.bytes->read(0, release.bytes->size(), debian_release_size_max));
  return of(release, as_text(text), std::move(signature), debs, at);
}

Result<DebianChain> DebianChain::of(const NamedFile& file, std::string_view text, OpenPgpSignature signature,
                                    const std::vector<NamedFile>& debs, Instant at) {
  auto release = TRY(parse_debian_release(text));
  if (release.valid_until && *release.valid_until < at)
    return Error(Code::publisher_index_expired, file.name, "a list that is valid at " + at.print(),
                 "valid until " + release.valid_until->print());
  std::set<Sha256Digest> wanted;
  for (const auto& deb : debs) wanted.insert(deb.bytes->digest());
  return DebianChain(std::move(release),
                     {SignerForm::openpgp, std::move(signature.key), std::move(signature.user_id)},
                     std::move(wanted));
}

Result<void> DebianChain::packages(const NamedFile& list) {
  CHECK(step_ == Step::begun);
  const DebianListed* listed = nullptr;
  std::optional<std::string> stem;
  for (const auto& file : release_.files) {
    if (file.sha256 != list.bytes->digest() || !list_name(file.name)) continue;
    listed = &file;
    stem = list_name(file.name);
    break;
  }
  if (listed == nullptr)
    return Error(Code::publisher_signature_missing, list.name, "a list of packages that InRelease names",
                 "sha256 " + list.bytes->digest().text());
  if (listed->size != list.bytes->size())
    return invalid(list.name, std::to_string(listed->size) + " bytes", std::to_string(list.bytes->size()));
  for (const auto& file : release_.files) {
    if (file.name == *stem) unpacked_ = file;
  }
  hasher_.emplace(Sha2::sha256);
  step_ = Step::reading;
  return {};
}

Result<void> DebianChain::feed(BytesView unpacked) {
  CHECK(step_ == Step::reading);
  size_ += unpacked.size();
  if (unpacked_ && size_ > unpacked_->size)
    return invalid(unpacked_->name, std::to_string(unpacked_->size) + " bytes", "more");
  hasher_->update(unpacked);
  return packages_.feed(unpacked);
}

Result<void> DebianChain::finish() {
  CHECK(step_ == Step::reading);
  const auto digest = hasher_->finish_sha256();
  if (unpacked_ && (size_ != unpacked_->size || digest != unpacked_->sha256))
    return invalid(unpacked_->name, unpacked_->sha256.text(), digest.text());
  TRY(packages_.finish());
  step_ = Step::read;
  return {};
}

Result<DebianChain::Deb> DebianChain::published(const NamedFile& deb) const {
  CHECK(step_ == Step::read);
  const auto found = packages_.found().find(deb.bytes->digest());
  if (found == packages_.found().end())
    return Error(Code::publisher_signature_missing, deb.name, "an entry of the list of packages",
                 "none of sha256 " + deb.bytes->digest().text());
  if (found->second.size != deb.bytes->size())
    return invalid(deb.name, std::to_string(found->second.size) + " bytes",
                   std::to_string(deb.bytes->size()));
  auto proof = PublisherProof::of(deb, signer_);
  return Deb{std::move(proof), found->second};
}

}  // namespace sallyport::trust
