// SPDX-License-Identifier: Apache-2.0
#include "roles/vendor/wrap.h"

#include <algorithm>
#include <set>

#include "core/base/overloaded.h"
#include "core/base/text.h"
#include "core/format/openpgp_keyring.h"
#include "core/trust/debian_chain.h"
#include "core/trust/oci_signatures.h"

namespace sallyport::vendor {
namespace {

using trust::NamedFile;
using trust::Published;

constexpr std::uint64_t release_size_max = debian_release_size_max;
const std::string blobs_folder = "blobs/sha256/";

Error misused(std::string what, std::string expected, std::string found) {
  return {Code::usage_error, std::move(what), std::move(expected), std::move(found)};
}

Result<Bytes> whole(const NamedFile& file, std::uint64_t size_max) {
  if (file.bytes->size() > size_max)
    return Error(Code::file_too_large, file.name, "at most " + std::to_string(size_max) + " bytes",
                 std::to_string(file.bytes->size()));
  return file.bytes->read(0, file.bytes->size(), size_max);
}

Result<trust::PublisherKeys> keys_of(const WrapRequest& request) {
  std::vector<Bytes> files;
  for (const auto& key : request.keys) files.push_back(TRY(whole(key, trust::publisher_key_size_max)));
  return trust::parse_publisher_keys(files);
}

// The first keyring that has a key for it; if none does, what the last one said. All are asked: what one of them has
// as revoked is revoked, whichever other one has the key from before.
template <class Ask, class Take>
auto by_keyrings(const trust::OpenPgpKeyrings& keyrings, const Ask& ask, const Take& take)
    -> decltype(take(std::declval<OpenPgpAnswer>())) {
  std::vector<OpenPgpAnswer> answers;
  OpenPgpKnown known;
  for (const auto& keyring : keyrings.files) {
    answers.push_back(TRY(ask(keyring)));
    known.revoked.merge(revoked_openpgp_keys(answers.back().status));
    known.weak.merge(openpgp_weak_keys(TRY(openpgp_keys(keyring))));
  }
  for (std::size_t i = 0;; ++i) {
    answers[i].known = known;
    auto taken = take(answers[i]);
    const bool unknown = !taken.ok() && taken.error().code == Code::publisher_unknown;
    if (!unknown || i + 1 == answers.size()) return taken;
  }
}

// Of a compressed list: the one content, or the bytes as they are.
class ListSink final : public MemberSink {
 public:
  explicit ListSink(trust::DebianChain& chain) : chain_(chain) {}
  Result<void> begin(std::string_view) override {
    if (++members_ == 1) return {};
    return Error(Code::archive_malformed, "Packages", "one list", "several");
  }
  Result<void> feed(BytesView part) override { return chain_.feed(part); }
  Result<void> end() override { return {}; }

 private:
  trust::DebianChain& chain_;
  int members_ = 0;
};

bool is_compressed(BytesView begin) {
  const auto text = as_text(begin);
  return text.starts_with("\x1f\x8b") ||
         text.starts_with(
             "\xfd"
             "7zXZ") ||
         text.starts_with("\x28\xb5\x2f\xfd");
}

Result<void> read_list(const NamedFile& list, trust::DebianChain& chain, Unpacker& unpacker) {
  TRY(chain.packages(list));
  const auto& bytes = *list.bytes;
  const auto begin = TRY(bytes.read(0, std::min<std::uint64_t>(bytes.size(), 6), 6));
  if (is_compressed(begin)) {
    ListSink sink(chain);
    const auto opened = TRY(unpacker.open(bytes, sink));
    if (opened.how != Opened::whole)
      return Error(Code::archive_malformed, list.name, "a list in gzip, xz or zstd",
                   printable(opened.detail));
  } else {
    constexpr std::uint64_t part_size = 1U << 20U;
    for (std::uint64_t done = 0; done < bytes.size();) {
      const auto size = std::min(part_size, bytes.size() - done);
      TRY(chain.feed(TRY(bytes.read(done, size, part_size))));
      done += size;
    }
  }
  return chain.finish();
}

std::vector<std::string> tolerated_in(const trust::Examination& examined) {
  std::set<std::string> names;
  for (const auto& one : examined.tolerated) names.emplace(sallyport::name(one.what));
  return {names.begin(), names.end()};
}

}  // namespace

class Wrapper {
 public:
  // `openpgp` is asked by tars, oci and debs alone.
  Wrapper(const WrapRequest& request, OpenPgp* openpgp) : request_(request), openpgp_(openpgp) {
    wrapping_.draft_.tool = request.tool;
  }

  Result<Wrapping> tars() {
    TRY(no_digest());
    auto proved = TRY(proved_payload());
    const auto name = TRY(keep(proved.file(), "", OriginalRole::payload));
    const auto beside = TRY(keep(request_.signatures.front(), "", OriginalRole::signature));
    wrapping_.draft_.inputs.push_back({InputKind::tar, name, proved.signer(), {beside}, {}});
    wrapping_.payloads_.push_back(std::move(proved));
    return finish();
  }

  Result<Wrapping> oci(const OciOpener& open, const std::string& machine) {
    const auto proved = TRY(proved_payload());
    const auto layout = TRY(open(proved));
    TRY(check_oci_layout(TRY(whole(layout.mark, oci_document_size_max))));
    const auto index = layout.index ? trust::taken_from(proved, *layout.index) : proved;
    auto image = TRY(trust::oci_image(index, layout.blobs, machine));
    TRY(check_digest(proved, index, image));
    // An archive is kept as it is, and everything is in it.
    const auto role = layout.index ? OriginalRole::payload : OriginalRole::index;
    const auto name = TRY(keep(proved.file(), "", role));
    ProvenanceInput input{InputKind::oci, name, proved.signer(), {}, {}};
    for (const auto& beside : request_.signatures)
      input.chain.push_back(TRY(keep(beside, "", OriginalRole::signature)));
    if (input.chain.empty()) input.chain.push_back(name);
    if (!layout.index) TRY(keep_blobs(layout, image, input));
    return finish_image(std::move(image), std::move(input));
  }

  Result<Wrapping> oci_folder(const OciLayout& layout, const std::string& machine) {
    TRY(check_oci_layout(TRY(whole(layout.mark, oci_document_size_max))));
    const auto& index = request_.payloads.front();
    if (request_.digest && request_.keys.empty() && *request_.digest == index.bytes->digest()) {
      const auto pinned = TRY(trust::pinned(index, *request_.digest));
      auto image = TRY(trust::oci_image(pinned, layout.blobs, machine));
      const auto name = TRY(keep(index, "", OriginalRole::index));
      ProvenanceInput input{InputKind::oci, name, pinned.signer(), {name}, {}};
      TRY(keep_blobs(layout, image, input));
      return finish_image(std::move(image), std::move(input));
    }
    const auto proved = TRY(proved_image(layout));
    auto image = TRY(trust::oci_image_of(proved.image, layout.blobs, machine));
    const auto name = TRY(keep(proved.image.file(), blobs_folder, OriginalRole::index));
    ProvenanceInput input{InputKind::oci, name, proved.image.signer(), {}, {}};
    for (const auto& signature : proved.signatures)
      input.chain.push_back(TRY(keep(signature, blobs_folder, OriginalRole::signature)));
    input.chain.push_back(name);
    TRY(keep_blobs(layout, image, input));
    return finish_image(std::move(image), std::move(input));
  }

  Result<Wrapping> csar(const CsarPart& part, Workers& workers) {
    TRY(no_digest());
    if (request_.payloads.size() != 1)
      return misused("--wrap", "one package", std::to_string(request_.payloads.size()));
    if (!request_.signatures.empty() || !request_.keys.empty())
      return misused("--wrap", "--policy alone: a package has its signature in it",
                     "--signature or --publisher-key");
    const auto& payload = request_.payloads.front();
    const auto examined = TRY(
        trust::examine({*payload.bytes, part.policy, request_.at, part.tolerances, workers, part.scratch}));
    if (!examined.findings.none()) return examined.findings.sorted().front();
    if (!examined.foreign)
      return misused(payload.name, "a package of another tool",
                     "one of sallyport, which can be installed as it is");
    auto proved = TRY(
        trust::published_member(payload, *examined.foreign, part.member, part.policy.digest, part.scratch));
    const auto name = TRY(keep(payload, "", OriginalRole::payload));
    wrapping_.draft_.inputs.push_back(
        {InputKind::csar, name, proved.signer(), {name}, {}, part.member.text(), tolerated_in(examined)});
    wrapping_.payloads_.push_back(std::move(proved));
    return finish();
  }

  Result<Wrapping> rpms() {
    TRY(no_digest());
    if (!request_.signatures.empty())
      return misused("--signature", "an .rpm file alone: it has its signature in it", "a signature");
    const auto keys = TRY(keys_of(request_));
    const auto* const keyrings = std::get_if<trust::OpenPgpKeyrings>(&keys);
    if (keyrings == nullptr) return misused("--publisher-key", "an OpenPGP keyring", "another key");
    for (const auto& file : request_.payloads) {
      const auto content = TRY(trust::rpm_signed(file));
      auto rpm = TRY(by_keyrings(
          *keyrings,
          [&](BytesView keyring) {
            return openpgp_->verify_detached(keyring, content.signature, MemorySource(content.header));
          },
          [&](const OpenPgpAnswer& answer) { return trust::published_rpm(file, answer); }));
      const auto name = TRY(keep(file, "", OriginalRole::payload));
      wrapping_.draft_.inputs.push_back({InputKind::rpm, name, rpm.published.signer(), {name}, {}});
      wrapping_.components_.push_back({rpm.package.name, rpm.package.version, rpm.package.architecture});
      wrapping_.payloads_.push_back(std::move(rpm.published));
    }
    return finish();
  }

  Result<Wrapping> debs(Unpacker& unpacker) {
    TRY(no_digest());
    const bool lists = request_.release && request_.packages && request_.signatures.size() <= 1;
    if (!request_.signatures.empty() && !lists) return debs_by_signatures();
    if (!lists)
      return Error(Code::publisher_signature_missing, request_.payloads.front().name,
                   "--release InRelease and --packages Packages, or a --signature of each", "neither");
    const auto keys = TRY(keys_of(request_));
    const auto* const keyrings = std::get_if<trust::OpenPgpKeyrings>(&keys);
    if (keyrings == nullptr) return misused("--publisher-key", "an OpenPGP keyring", "another key");
    auto chain = TRY(begin_chain(*keyrings));
    TRY(read_list(*request_.packages, chain, unpacker));
    std::vector<RelativePath> proof;
    for (const auto& beside : request_.signatures)
      proof.push_back(TRY(keep(beside, "", OriginalRole::signature)));
    const auto role = proof.empty() ? OriginalRole::signature : OriginalRole::index;
    proof.push_back(TRY(keep(*request_.release, "", role)));
    proof.push_back(TRY(keep(*request_.packages, "", OriginalRole::index)));
    for (const auto& file : request_.payloads) {
      auto deb = TRY(chain.published(file));
      const auto name = TRY(keep(file, "", OriginalRole::payload));
      wrapping_.draft_.inputs.push_back({InputKind::deb, name, deb.published.signer(), proof, {}});
      wrapping_.components_.push_back({deb.package.package, deb.package.version, deb.package.architecture});
      wrapping_.payloads_.push_back(std::move(deb.published));
    }
    return finish();
  }

 private:
  Result<void> no_digest() const {
    return request_.digest ? misused("--digest", "an OCI image", "another file") : Result<void>();
  }

  // A digest that is given beside a signature is that of a document on the way to the image.
  Result<void> check_digest(const Published& proved, const Published& index,
                            const trust::OciImage& image) const {
    if (!request_.digest) return {};
    auto digests = std::vector{proved.file().bytes->digest(), index.file().bytes->digest()};
    for (const auto& document : image.documents) digests.push_back(document.file().bytes->digest());
    if (std::find(digests.begin(), digests.end(), *request_.digest) != digests.end()) return {};
    return Error(Code::publisher_signature_invalid, index.file().name,
                 "an image of sha256 " + request_.digest->text(), "others");
  }

  // By keys, where there are some, and by the digest otherwise.
  Result<trust::SignedImage> proved_image(const OciLayout& layout) const {
    if (request_.keys.empty() && request_.digest) {
      const auto file = TRY(layout.blobs(*request_.digest));
      auto image = TRY(trust::pinned(file, *request_.digest));
      return trust::SignedImage{std::move(image), {}};
    }
    const auto keys = TRY(keys_of(request_));
    const auto* const raw = std::get_if<std::vector<PublicKey>>(&keys);
    if (raw == nullptr)
      return misused("--publisher-key", "a public key, or a --signature of index.json", "another key");
    return trust::signed_image(request_.payloads.front(), layout.blobs, *raw, request_.digest);
  }

  Result<Wrapping> finish_image(trust::OciImage image, ProvenanceInput input) {
    for (auto& layer : image.layers) {
      wrapping_.diff_ids_.push_back(layer.diff_id);
      wrapping_.payloads_.push_back(std::move(layer.blob));
    }
    wrapping_.draft_.inputs.push_back(std::move(input));
    return finish();
  }

  Result<void> keep_blobs(const OciLayout& layout, const trust::OciImage& image, ProvenanceInput& input) {
    TRY(keep(layout.mark, "", OriginalRole::index));
    for (const auto& document : image.documents)
      input.chain.push_back(TRY(keep(document.file(), blobs_folder, OriginalRole::index)));
    for (const auto& layer : image.layers) TRY(keep(layer.blob.file(), blobs_folder, OriginalRole::payload));
    return {};
  }

  // Of publishers without an archive.
  Result<Wrapping> debs_by_signatures() {
    if (request_.release || request_.packages || request_.signatures.size() != request_.payloads.size())
      return misused("--wrap", "lists, or one --signature of each .deb", "something else");
    const auto keys = TRY(keys_of(request_));
    for (std::size_t i = 0; i < request_.payloads.size(); ++i) {
      const auto signature = TRY(whole(request_.signatures[i], trust::publisher_signature_size_max));
      auto proved = TRY(published(request_.payloads[i], signature, keys));
      const auto name = TRY(keep(proved.file(), "", OriginalRole::payload));
      const auto beside = TRY(keep(request_.signatures[i], "", OriginalRole::signature));
      wrapping_.draft_.inputs.push_back({InputKind::deb, name, proved.signer(), {beside}, {}});
      wrapping_.payloads_.push_back(std::move(proved));
    }
    return finish();
  }

  Result<trust::DebianChain> begin_chain(const trust::OpenPgpKeyrings& keyrings) {
    const auto& release = *request_.release;
    const auto text = TRY(whole(release, release_size_max));
    if (!request_.signatures.empty()) {
      const auto signature = TRY(whole(request_.signatures.front(), trust::publisher_signature_size_max));
      return by_keyrings(
          keyrings,
          [&](BytesView keyring) { return openpgp_->verify_detached(keyring, signature, *release.bytes); },
          [&](const OpenPgpAnswer& answer) {
            return trust::DebianChain::begin_detached(release, answer, request_.payloads, request_.at);
          });
    }
    return by_keyrings(
        keyrings,
        [&](BytesView keyring) { return openpgp_->verify_clear(keyring, text, debian_release_size_max); },
        [&](const OpenPgpAnswer& answer) {
          return trust::DebianChain::begin(release, answer, request_.payloads, request_.at);
        });
  }

  Result<Published> published(const NamedFile& file, BytesView signature, const trust::PublisherKeys& keys) {
    return std::visit(
        Overloaded{[&](const std::vector<Certificate>& anchors) {
                     return trust::published(file, signature, anchors, request_.at);
                   },
                   [&](const std::vector<PublicKey>& raw) { return trust::published(file, signature, raw); },
                   [&](const trust::OpenPgpKeyrings& keyrings) {
                     return by_keyrings(
                         keyrings,
                         [&](BytesView keyring) {
                           return openpgp_->verify_detached(keyring, signature, *file.bytes);
                         },
                         [&](const OpenPgpAnswer& answer) {
                           return trust::published(file, signature, answer);
                         });
                   }},
        keys);
  }

  // The one payload, by the one signature over it, or by its digest.
  Result<Published> proved_payload() {
    const auto& payload = request_.payloads.front();
    if (request_.signatures.empty() && request_.digest && request_.keys.empty() &&
        request_.payloads.size() == 1)
      return trust::pinned(payload, *request_.digest);
    if (request_.signatures.empty())
      return Error(Code::publisher_signature_missing, payload.name, "--signature FILE", "none");
    if (request_.signatures.size() != request_.payloads.size() || request_.payloads.size() != 1)
      return misused(
          "--wrap", "one archive or image with its --signature",
          std::to_string(request_.payloads.size()) + " and " + std::to_string(request_.signatures.size()));
    const auto keys = TRY(keys_of(request_));
    const auto& file = request_.signatures.front();
    const auto signature = TRY(whole(file, trust::publisher_signature_size_max));
    return published(payload, signature, keys);
  }

  // By its own name, in a folder of ours if it is none of the publisher's. An image may have one layer twice.
  Result<RelativePath> keep(const NamedFile& file, const std::string& folder, OriginalRole role) {
    const auto slash = file.name.rfind('/');
    const auto base = slash == std::string::npos ? file.name : file.name.substr(slash + 1);
    auto name = TRY(RelativePath::parse(folder + base));
    for (const auto& other : wrapping_.kept_) {
      if (other.original.name != name) continue;
      if (folder == blobs_folder && other.original.sha256 == file.bytes->digest()) return name;
      return misused(file.name, "a name that no other file has", base);
    }
    wrapping_.kept_.push_back({{name, role, file.bytes->size(), file.bytes->digest()}, file.bytes});
    return name;
  }

  Result<Wrapping> finish() {
    for (const auto& key : request_.keys) TRY(keep(key, "keys/", OriginalRole::publisher_key));
    auto& kept = wrapping_.kept_;
    std::sort(kept.begin(), kept.end(),
              [](const auto& one, const auto& other) { return one.original.name < other.original.name; });
    for (const auto& one : kept) wrapping_.draft_.originals.push_back(one.original);
    return std::move(wrapping_);
  }

  const WrapRequest& request_;
  OpenPgp* openpgp_;
  Wrapping wrapping_;
};

Result<Provenance> Wrapping::provenance(const SourceListing& listing) const {
  Provenance provenance = draft_;
  provenance.laid_over = listing.laid_over;
  // One component for each .deb, in their order.
  const auto& found = listing.components;
  for (std::size_t i = 0; i < provenance.inputs.size() && i < found.size(); ++i)
    provenance.inputs[i].not_run = found[i].not_run;
  for (std::size_t i = 0; i < components_.size(); ++i) {
    CHECK(i < found.size());
    const auto& expected = components_[i];
    if (found[i].name != expected.name || found[i].version != expected.version ||
        found[i].architecture != expected.architecture)
      return Error(Code::publisher_signature_invalid, provenance.inputs[i].original.text(),
                   expected.name + " " + expected.version + " " + expected.architecture,
                   printable(found[i].name + " " + found[i].version + " " + found[i].architecture));
  }
  return provenance;
}

Result<Wrapping> wrap_tars(const WrapRequest& request, OpenPgp& openpgp) {
  CHECK(!request.payloads.empty());
  return Wrapper(request, &openpgp).tars();
}

Result<Wrapping> wrap_oci(const WrapRequest& request, const OciOpener& open, const std::string& machine,
                          OpenPgp& openpgp) {
  CHECK(!request.payloads.empty());
  return Wrapper(request, &openpgp).oci(open, machine);
}

Result<Wrapping> wrap_oci_folder(const WrapRequest& request, const OciLayout& layout,
                                 const std::string& machine) {
  CHECK(!request.payloads.empty());
  return Wrapper(request, nullptr).oci_folder(layout, machine);
}

Result<Wrapping> wrap_csar(const WrapRequest& request, const CsarPart& part, Workers& workers) {
  CHECK(!request.payloads.empty());
  return Wrapper(request, nullptr).csar(part, workers);
}

Result<Wrapping> wrap_rpms(const WrapRequest& request, OpenPgp& openpgp) {
  CHECK(!request.payloads.empty());
  return Wrapper(request, &openpgp).rpms();
}

Result<Wrapping> wrap_debs(const WrapRequest& request, OpenPgp& openpgp, Unpacker& unpacker) {
  CHECK(!request.payloads.empty());
  return Wrapper(request, &openpgp).debs(unpacker);
}

}  // namespace sallyport::vendor
