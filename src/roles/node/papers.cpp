// SPDX-License-Identifier: Apache-2.0
#include "roles/node/papers.h"

#include <algorithm>
#include <array>

#include "core/crypto/digest.h"
#include "core/format/dsse.h"
#include "core/install/step.h"
#include "roles/node/books.h"

namespace sallyport::node {
namespace {

constexpr std::uint64_t manifest_size_max = 64ULL << 20U;
constexpr std::uint64_t piece_size = 4ULL << 20U;

struct Paper {
  const char* name;
  BytesView content;
};

std::vector<Paper> list(const Papers& papers) {
  std::vector<Paper> all{{"manifest.mf", papers.manifest},
                         {"tree.json", papers.tree},
                         {"verdict.dsse", papers.verdict},
                         {"order.dsse", papers.order}};
  if (!papers.proof.empty()) all.push_back({"order.dsse.proof", papers.proof});
  return all;
}

Result<Bytes> read_paper(Disk& disk, const std::string& path, std::uint64_t size_max) {
  auto bytes = disk.read_small(path, size_max);
  if (bytes.ok()) return bytes;
  if (bytes.error().code == Code::file_missing) {
    return Error(Code::generation_file_missing, path, "a paper of the generation", "nothing");
  }
  return bytes;
}

Result<Bytes> read_tree(Disk& disk, const install::Generation& generation) {
  const auto path = install::generation_path(generation.number) + "/tree.json";
  auto bytes = TRY(read_paper(disk, path, TreeLimits{}.json_size_max));
  const auto digest = sha256(bytes);
  if (digest == generation.origin.release) return bytes;
  return Error(Code::generation_damaged, path, generation.origin.release.text(), digest.text());
}

Result<void> same_digest(const std::string& path, const Sha256Digest& expected, const Sha256Digest& found) {
  if (found == expected) return {};
  return Error(Code::generation_damaged, path, expected.text(), found.text());
}

Result<void> inspect_package(Disk& disk, const std::string& path, const Sha256Digest& expected) {
  if (!TRY(disk.find(path))) return Error(Code::generation_file_missing, path, "the package", "nothing");
  const auto file = TRY(disk.open(path));
  Hasher hasher(Sha2::sha256);
  for (std::uint64_t at = 0; at < file->size(); at += piece_size) {
    hasher.update(TRY(file->read(at, std::min(piece_size, file->size() - at), piece_size)));
  }
  return same_digest(path, expected, hasher.finish_sha256());
}

// The digest of what was signed; the bytes around it and the signatures prove themselves when they are used.
Result<void> inspect_statement(Disk& disk, const std::string& path, const Sha256Digest& expected) {
  const auto bytes = TRY(read_paper(disk, path, envelope_size_max));
  const auto envelope = parse_envelope(bytes);
  if (!envelope.ok()) return Error(Code::generation_damaged, path, "a signed statement", "something else");
  return same_digest(path, expected, sha256(envelope.value().payload));
}

}  // namespace

Result<void> write_papers(Disk& disk, install::GenerationNumber generation, const Papers& papers) {
  const auto folder = install::partial_path(generation);
  const auto owner = TRY(disk.find(folder));
  if (!owner) return Error(Code::io_failed, folder);
  for (const auto& paper : list(papers)) {
    const auto writer = TRY(disk.create_file(folder + "/" + paper.name));
    TRY(writer->write(paper.content));
    TRY(writer->seal({0600, owner->uid, owner->gid, {}}));
  }
  return disk.rename(paths::private_copy, folder + "/package.csar");
}

Result<void> read_back_papers(Disk& disk, install::GenerationNumber generation, const Papers& papers) {
  const auto folder = install::partial_path(generation);
  for (const auto& paper : list(papers)) {
    const auto path = folder + "/" + paper.name;
    const auto bytes = TRY(disk.read_small(path, paper.content.size()));
    if (!std::ranges::equal(bytes, paper.content)) {
      return Error(Code::io_failed, path, "the bytes that were written", "others");
    }
  }
  return {};
}

Result<Verified<trust::Release>> release_of(Disk& disk, const install::Generation& generation,
                                            const Policy& policy) {
  const auto tree = TRY(read_tree(disk, generation));
  const auto manifest =
      TRY(read_paper(disk, install::generation_path(generation.number) + "/manifest.mf", manifest_size_max));
  return trust::release(manifest, tree, policy, generation.begun_at);
}

Result<std::vector<Error>> inspect_papers(Disk& disk, const install::Generation& generation) {
  const auto folder = install::generation_path(generation.number);
  const auto& origin = generation.origin;
  std::vector<Error> findings;
  const auto package = [&]() -> Result<void> {
    if (!install::is_kept(generation)) return {};
    return inspect_package(disk, folder + "/package.csar", origin.package);
  };
  for (auto inspected : {package(), inspect_statement(disk, folder + "/verdict.dsse", origin.verdict),
                         inspect_statement(disk, folder + "/order.dsse", origin.order)}) {
    if (inspected.ok()) continue;
    if (kind_of(inspected.error().code) == Kind::fault) return inspected.take_error();
    findings.push_back(inspected.take_error());
  }
  return findings;
}

Result<Tree> tree_of(Disk& disk, const install::Generation& generation) {
  const auto bytes = TRY(read_tree(disk, generation));
  return parse_tree(bytes);
}

Result<std::vector<Service>> services_of(Disk& disk, const install::Generation& generation) {
  return TRY(tree_of(disk, generation)).services;
}

}  // namespace sallyport::node
