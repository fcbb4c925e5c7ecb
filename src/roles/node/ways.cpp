// SPDX-License-Identifier: Apache-2.0
#include "roles/node/ways.h"

#include <algorithm>

#include "roles/node/books.h"

namespace sallyport::node {
namespace {

// As the service, but for what is the service's own on disk: its lock, its log and its state.
Confinement twin_of(Confinement confinement, const std::string& folder) {
  const auto own = folder + "/";
  confinement.data_folder = own + "data";
  confinement.log_file = own + "log";
  confinement.lock_file = own + "lock";
  confinement.service.state_folders = {};
  return confinement;
}

int badness(AttemptEnd end) {
  switch (end) {
    case AttemptEnd::not_tried:
      return 0;
    case AttemptEnd::refused:
      return 1;
    case AttemptEnd::declared:
      return 2;
    case AttemptEnd::passed:
      return 3;
  }
  return 3;
}

void take_in(std::vector<Attempt>& worst, const std::vector<Attempt>& attempts, const ServiceId& service) {
  for (const auto& attempt : attempts) {
    const Attempt told{attempt.way, attempt.end, service.text() + ": " + attempt.detail};
    const auto known = std::find_if(worst.begin(), worst.end(),
                                    [&](const Attempt& other) { return other.way == attempt.way; });
    if (known == worst.end()) {
      worst.push_back(told);
    } else if (badness(known->end) < badness(told.end)) {
      *known = told;
    }
  }
}

}  // namespace

Hole hole_of(const Attempt& attempt) {
  switch (attempt.end) {
    case AttemptEnd::refused:
      return {attempt.way, HoleState::closed, attempt.detail};
    case AttemptEnd::passed:
      return {attempt.way, HoleState::open, attempt.detail};
    case AttemptEnd::declared:
      return {attempt.way, HoleState::declared, attempt.detail};
    case AttemptEnd::not_tried:
      return {attempt.way, HoleState::not_applicable, attempt.detail};
  }
  return {attempt.way, HoleState::open, attempt.detail};
}

Result<std::vector<Attempt>> try_ways_of(const RunPorts& ports, const Confinement& confinement) {
  const auto folder = "run/ways." + confinement.service.name.text();
  TRY(ports.disk.ensure_folder("run"));
  TRY(ports.disk.remove_tree(folder));  // of one that was cut short
  TRY(ports.disk.make_folder(folder));
  auto attempts = ports.gate.try_ways(twin_of(confinement, ports.root + "/" + folder));
  TRY(ports.disk.remove_tree(folder));
  return attempts;
}

Result<std::vector<Attempt>> try_ways(const RunPorts& ports) {
  if (!TRY(Books::open(ports.disk)).state().active) return std::vector<Attempt>{};
  const auto verified = TRY(verify(ports.disk, std::nullopt, ports.workers));
  const auto& tree = verified.release->tree;
  std::vector<Attempt> worst;
  for (const auto& service : tree.services) {
    const auto confinement = TRY(confinement_of(ports, verified.generation, tree, service.name));
    take_in(worst, TRY(try_ways_of(ports, confinement)), service.name);
  }
  return worst;
}

}  // namespace sallyport::node
