// SPDX-License-Identifier: Apache-2.0
#include "roles/node/measured.h"

#include <algorithm>
#include <map>

#include "roles/node/books.h"
#include "roles/node/gate_terms.h"
#include "roles/node/papers.h"

namespace sallyport::node {
namespace {

constexpr std::uint32_t pcr_of_ima = 10;
constexpr std::string_view exported_form = "ima-ngv2";  // core/gate/export.h

struct Home {
  install::GenerationNumber generation;
  std::vector<std::string> paths;
};
using Homes = std::map<FileDigest, std::vector<Home>>;

void add_home(Homes& homes, install::GenerationNumber number, const TreeEntry& entry) {
  auto& all = homes[*entry.digest];
  if (all.empty() || all.back().generation != number) all.push_back({number, {}});
  all.back().paths.push_back(entry.path.text());
}

bool was_installed(const install::Generation& generation) {
  return generation.confirmed_at || install::is_kept(generation);
}

Result<Homes> homes_of(Disk& disk, const Books& books,
                       const std::vector<install::GenerationNumber>& running) {
  auto numbers = running;
  for (const auto& [number, generation] : books.state().generations) {
    if (was_installed(generation) && std::ranges::find(running, number) == running.end())
      numbers.push_back(number);
  }
  Homes homes;
  for (const auto number : numbers) {
    const auto* generation = books.state().find(number);
    if (generation == nullptr)
      return Error(Code::generation_missing, "generations/" + std::to_string(number),
                   "a generation of the journal", "none");
    const auto policy = TRY(books.policy_of(*generation));
    const auto release = TRY(release_of(disk, *generation, policy));
    for (const auto& entry : release->tree.entries) {
      if (entry.digest) add_home(homes, number, entry);
    }
  }
  return homes;
}

Measured judge(const Measurement& measurement, const Homes& homes,
               const std::vector<install::GenerationNumber>& running) {
  Measured measured{measurement.name, measurement.digest, Standing::none, {}, {}};
  if (measurement.form != exported_form) measured.standing = Standing::other;
  if (!measurement.digest) return measured;
  const auto found = homes.find(*measurement.digest);
  if (found == homes.end()) return measured;
  for (const auto& home : found->second) measured.generations.push_back(home.generation);
  measured.paths = found->second.front().paths;
  const bool runs = std::ranges::find(running, measured.generations.front()) != running.end();
  measured.standing = runs ? Standing::may_run : Standing::ran;
  return measured;
}

}  // namespace

Result<MeasuredList> compare_measurements(Disk& disk, BytesView list) {
  const auto measurements = TRY(parse_measurements(list));
  const auto books = TRY(Books::open(disk));
  const auto running = generations_to_run(books.state());
  const auto homes = TRY(homes_of(disk, books, running));
  MeasuredList compared{{}, 0, replay(measurements, pcr_of_ima)};
  for (const auto& measurement : measurements) {
    auto measured = judge(measurement, homes, running);
    if (measured.standing == Standing::other) {
      ++compared.others;
    } else {
      compared.entries.push_back(std::move(measured));
    }
  }
  return compared;
}

}  // namespace sallyport::node
