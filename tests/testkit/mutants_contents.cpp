// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/crypto/digest.h"
#include "core/format/manifest.h"
#include "core/format/zip.h"
#include "testkit/mutants.h"
#include "testkit/package.h"

namespace sallyport::testkit {
namespace {

constexpr std::size_t block_size = 4096;
const std::string tosca = "TOSCA-Metadata/TOSCA.meta";
const std::string sbom = "Files/sbom.cdx.json";
const std::string content = "Artifacts/content.pack";

const std::set<Code> any_signature_code = {Code::signature_malformed,         Code::signature_invalid,
                                           Code::signature_algorithm_refused, Code::signer_unknown,
                                           Code::certificate_usage_refused,   Code::certificate_malformed,
                                           Code::certificate_expired,         Code::certificate_not_yet_valid,
                                           Code::manifest_malformed,          Code::signature_missing};

bool is_manifest(const std::string& name) {
  return name.ends_with(".mf");
}

std::string manifest_name(const Members& members) {
  return std::find_if(members.begin(), members.end(),
                      [](const Member& made) { return is_manifest(made.name); })
      ->name;
}

void erase(Members& members, const std::string& name) {
  std::erase_if(members, [&](const Member& made) { return made.name == name; });
}

void flip_member(BytesView package, const ZipMember& found, const std::set<Code>& expected,
                 std::uint64_t from, std::uint64_t to, std::uint64_t step, const std::string& id,
                 const TakeMutant& take) {
  for (auto at = from; at < to; at += step) {
    // Another place and another bit of each block.
    const auto place = std::min(to - 1, at + (at / step * 1021) % step);
    Bytes bytes = copy(package);
    bytes[static_cast<std::size_t>(found.data_offset + place)] ^=
        static_cast<std::uint8_t>(1U << (at / step % 8));
    take({id, "bit of byte " + std::to_string(place) + " of " + found.name.text(), std::move(bytes),
          expected});
  }
}

// A bit of every block of every member; the manifest's two halves have codes of their own.
void flips(BytesView package, const TakeMutant& take) {
  for (const auto& found : read_zip(MemorySource(package)).value().members) {
    if (!is_manifest(found.name.text())) {
      flip_member(package, found, {Code::member_digest_mismatch}, 0, found.size, block_size, "A03", take);
      continue;
    }
    const auto bytes =
        package.subspan(static_cast<std::size_t>(found.data_offset), static_cast<std::size_t>(found.size));
    const auto octets = split_manifest(bytes).value().signed_octets.size();
    // The last octet is the line end before the signature: without it there is no signature where one belongs.
    flip_member(package, found, {Code::signature_invalid}, 0, octets - 1, 97, "A03", take);
    flip_member(package, found, {Code::manifest_malformed}, octets - 1, octets, 1, "A03", take);
    flip_member(package, found, any_signature_code, octets, found.size - 1, 13, "D07", take);
  }
}

class Contents {
 public:
  Contents(BytesView package, const TakeMutant& take) : good_(take_apart(package)), take_(take) {}

  void change(const std::string& id, const std::string& what, Code expected,
              const std::function<void(Members&)>& edit) const {
    Members members = good_;
    edit(members);
    take_({id, what, make_zip(members), {expected}});
  }
  void manifest(const std::string& id, const std::string& what, Code expected,
                const std::function<void(std::string&)>& edit) const {
    change(id, what, expected, [&](Members& members) {
      auto& bytes = member(members, manifest_name(members)).content;
      std::string text(as_text(bytes));
      edit(text);
      bytes = copy(as_bytes(text));
    });
  }

 private:
  Members good_;
  const TakeMutant& take_;
};

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  CHECK(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

void members_changed(const Contents& contents) {
  contents.change("B24", "no members", Code::package_member_missing,
                  [](Members& members) { members.clear(); });
  contents.change("B24", "empty sbom", Code::member_digest_mismatch,
                  [](Members& members) { member(members, sbom).content.clear(); });
  contents.change("C01", "a member more", Code::package_member_unlisted, [](Members& members) {
    members.push_back({"Files/more", {1}});
  });
  for (const auto& name : {tosca, sbom, content, std::string("Artifacts/tree.json")}) {
    contents.change("C02", "without " + name, Code::package_member_missing,
                    [&](Members& members) { erase(members, name); });
  }
  contents.change("C03", "one member for another", Code::package_member_unlisted,
                  [](Members& members) { member(members, sbom).name = "Files/other.json"; });
  for (const auto& name :
       {content + ".gz", std::string("Artifacts/Content.pack"), std::string("Artifacts/content")}) {
    contents.change("C05", name + " for " + content, Code::package_member_unlisted,
                    [&](Members& members) { member(members, content).name = name; });
  }
  contents.change("C16", "two members swapped", Code::member_digest_mismatch, [](Members& members) {
    std::swap(member(members, sbom).content, member(members, tosca).content);
  });
  contents.change("C26", "without the manifest", Code::package_member_missing,
                  [](Members& members) { erase(members, manifest_name(members)); });
  contents.change("C26", "TOSCA.meta without the manifest's line", Code::member_digest_mismatch,
                  [](Members& members) {
                    auto& bytes = member(members, tosca).content;
                    const auto text = replaced(std::string(as_text(bytes)),
                                               "ETSI-Entry-Manifest: " + manifest_name(members) + "\n", "");
                    bytes = copy(as_bytes(text));
                  });
  contents.change("C26", "manifest under another name", Code::package_member_missing,
                  [](Members& members) { member(members, manifest_name(members)).name = "other.mf"; });
  contents.change("B10", "members in another order", Code::package_layout_invalid,
                  [](Members& members) { std::swap(members[2], members[3]); });
}

void signature_changed(const Contents& contents) {
  const std::string begin = "-----BEGIN CMS-----";
  contents.manifest("A06", "no signature", Code::signature_missing,
                    [&](std::string& text) { text.resize(text.find(begin)); });
  contents.manifest("C10", "lines after the signature", Code::manifest_malformed,
                    [](std::string& text) { text += "\nSource: x\n"; });
  contents.manifest("C10", "lines before the signed ones", Code::signature_invalid,
                    [](std::string& text) { text = "x: y\n" + text; });
  contents.manifest("C10", "signature twice", Code::manifest_malformed,
                    [&](std::string& text) { text += text.substr(text.find(begin)); });
  contents.manifest("C10", "signature first", Code::manifest_malformed, [&](std::string& text) {
    const auto at = text.find(begin);
    text = text.substr(at) + text.substr(0, at);
  });
  contents.manifest(
      "C10", "octets inside of the signature", Code::signature_malformed,
      [&](std::string& text) { text.insert(text.find(begin) + begin.size() + 1, "Source: x\n"); });
  contents.manifest("C13", "same meaning, other bytes", Code::signature_invalid, [&](std::string& text) {
    const auto octets = text.find(begin);
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i)
      out += text[i] == '\n' && i < octets ? "\r\n" : std::string(1, text[i]);
    text = out;
  });
  contents.manifest("C14", "NUL in the metadata", Code::signature_invalid,
                    [](std::string& text) { text[text.find("vnf_product_name") + 20] = '\0'; });
  contents.manifest("D01", "empty signature", Code::signature_malformed, [&](std::string& text) {
    text = text.substr(0, text.find(begin)) + begin + "\n-----END CMS-----\n";
  });
  contents.manifest(
      "D07", "bytes after the CMS structure", Code::signature_malformed,
      [&](std::string& text) { text = replaced(text, "-----END CMS-----", "AAAA\n-----END CMS-----"); });
}

class SignedLies {
 public:
  SignedLies(BytesView package, const SignManifest& sign, const TakeMutant& take)
      : contents_(package, take), sign_(sign) {}

  void lie(const std::string& id, const std::string& what, Code expected,
           const std::function<void(std::string&)>& edit) const {
    contents_.manifest(id, what + ", signed", expected, [&](std::string& text) {
      std::string octets = text.substr(0, text.find("-----BEGIN CMS-----"));
      edit(octets);
      text = as_text(sign_(octets));
    });
  }
  // The lines below the Source of the sbom.
  void hash(const std::string& id, const std::string& what, Code expected, const std::string& text) const {
    lie(id, what, expected, [&](std::string& octets) {
      octets = replaced(octets, entry(octets, sbom), "Source: " + sbom + "\n" + text);
    });
  }
  void metadata(const std::string& id, const std::string& key, const std::string& value,
                Code expected) const {
    lie(id, key + " " + value, expected, [&](std::string& octets) {
      const auto at = octets.find(key + ": ") + key.size() + 2;
      octets.replace(at, octets.find('\n', at) - at, value);
    });
  }
  static std::string entry(const std::string& octets, const std::string& name) {
    const auto at = octets.find("Source: " + name + "\n");
    CHECK(at != std::string::npos);
    return octets.substr(at, octets.find('\n', octets.find("Hash: ", at)) + 1 - at);
  }

 private:
  Contents contents_;
  const SignManifest& sign_;
};

const std::string zeros(64, '0');

void hashes(const SignedLies& lies) {
  lies.hash("A03", "hash of something else", Code::member_digest_mismatch,
            "Algorithm: SHA-256\nHash: " + zeros + "\n");
  lies.hash("C06", "empty hash", Code::manifest_malformed, "Algorithm: SHA-256\nHash: \n");
  lies.hash("C06", "no hash", Code::manifest_malformed, "Algorithm: SHA-256\n");
  lies.hash("C06", "short hash", Code::manifest_malformed, "Algorithm: SHA-256\nHash: 00\n");
  lies.hash("C06", "upper case", Code::manifest_malformed,
            "Algorithm: SHA-256\nHash: " + std::string(64, 'A') + "\n");
  lies.hash("C06", "odd length", Code::manifest_malformed, "Algorithm: SHA-256\nHash: " + zeros + "0\n");
  lies.hash("C06", "no algorithm", Code::manifest_algorithm_refused, "Hash: " + zeros + "\n");
  for (const std::string name : {"none", "MD5", "SHA-1", "CRC32", "sha-256"}) {
    lies.hash("C08", name, Code::manifest_algorithm_refused,
              "Algorithm: " + name + "\nHash: " + zeros + "\n");
  }
  lies.lie("C07", "two hashes for one member", Code::manifest_malformed, [](std::string& octets) {
    const auto old = SignedLies::entry(octets, sbom);
    octets = replaced(octets, old, old + "Algorithm: SHA-256\nHash: " + zeros + "\n");
  });
  lies.lie("C07", "a member listed twice", Code::manifest_malformed,
           [](std::string& octets) { octets += SignedLies::entry(octets, sbom); });
}

void lists(const SignedLies& lies) {
  for (const auto& name : {tosca, sbom, content, std::string("Artifacts/tree.json")}) {
    lies.lie("C01", name + " unlisted", Code::package_member_unlisted,
             [&](std::string& octets) { octets = replaced(octets, SignedLies::entry(octets, name), ""); });
  }
  lies.lie("C02", "a member listed that is not there", Code::package_member_missing, [](std::string& octets) {
    octets += "\nSource: Files/none\nAlgorithm: SHA-256\nHash: " + zeros + "\n";
  });
  lies.lie("C05", "another case of a name", Code::package_member_unlisted, [](std::string& octets) {
    octets = replaced(octets, "Source: " + content, "Source: Artifacts/Content.pack");
  });
  lies.lie("C21", "unknown key", Code::manifest_malformed,
           [](std::string& octets) { octets += "Signature: x\n"; });
  lies.lie("C22", "nothing listed", Code::manifest_malformed,
           [](std::string& octets) { octets.resize(octets.find("Source: ")); });
  lies.lie("C10", "no octets", Code::manifest_malformed, [](std::string& octets) { octets = "\n"; });
}

}  // namespace

void mutate_contents(BytesView package, const TakeMutant& take) {
  flips(package, take);
  const Contents contents(package, take);
  members_changed(contents);
  signature_changed(contents);
}

void mutate_and_sign(BytesView package, const SignManifest& sign, const TakeMutant& take) {
  const SignedLies lies(package, sign, take);
  hashes(lies);
  lists(lies);
  lies.metadata("C14", "vnf_provider_id", std::string("A\0B", 3), Code::manifest_malformed);
  for (const std::string name : {"../x", "/etc/x", "Mme", "a b", "?"}) {
    lies.metadata("C19", "vnf_product_name", name, Code::manifest_malformed);
  }
  lies.metadata("C17", "vnf_product_name", "another-product", Code::signer_not_for_product);
  lies.metadata("C15", "vnf_package_version", "99", Code::tree_inconsistent);
}

}  // namespace sallyport::testkit
