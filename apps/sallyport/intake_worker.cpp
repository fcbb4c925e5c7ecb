// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/intake_worker.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adapters/disk/file_source.h"
#include "adapters/disk/scratch_pool.h"
#include "adapters/host/workers.h"
#include "adapters/scanner/secret_rules.h"
#include "adapters/scanner/yara.h"
#include "adapters/unpacker/libarchive.h"
#include "adapters/worker/attempts.h"
#include "adapters/worker/descriptors.h"
#include "adapters/worker/inside.h"
#include "core/base/library_fault.h"
#include "roles/operator/apart_messages.h"
#include "roles/operator/examine_any.h"
#include "roles/operator/list_members.h"
#include "roles/operator/relay.h"

namespace sallyport::cli {
namespace {

using intake::ApartEngine;
using intake::EngineKind;

// Contents at a time: more than there are processors, since each waits for engines most of the time. Each needs scratch
// files, and a worker has 256 descriptors.
std::size_t lanes() {
  return std::min<std::size_t>(2 * usable_cpus(), 16);
}

// Everything that has to be opened or compiled, before the walls.
struct Tools {
  std::vector<std::unique_ptr<Scanner>> scanners;
  std::vector<Engine> engines;
  std::unique_ptr<ScratchPool> scratches;
};

Result<std::unique_ptr<Scanner>> scanner_of(const ApartEngine& engine, std::uint64_t number,
                                            worker::Parent& parent) {
  const auto& info = engine.info;
  if (engine.kind == EngineKind::relayed)
    return std::unique_ptr<Scanner>(
        std::make_unique<intake::RelayedScanner>(info, [&parent, number] { return parent.connect(number); }));
  if (engine.kind == EngineKind::rules)
    return std::unique_ptr<Scanner>(
        TRY(Yara::compile({info.engine, engine.rules, info.database_time, std::nullopt})));
  return std::unique_ptr<Scanner>(TRY(Yara::compile(secret_rules(info.database_time))));
}

Result<Tools> prepare(const intake::ApartOrder& order, worker::Parent& parent) {
  Tools tools;
  for (std::size_t i = 0; i < order.engines.size(); ++i) {
    tools.scanners.push_back(TRY(scanner_of(order.engines[i], i, parent)));
    tools.engines.push_back({tools.scanners.back().get(), order.engines[i].info});
  }
  // One for each archive in an archive under way, and one for a CSAR in a package of option 2.
  const auto depth = intake::UnpackLimits{}.depth;
  tools.scratches = TRY(ScratchPool::open(order.scratch_folder, lanes() * (depth + 1) + 1));
  return tools;
}

Result<std::string> examine(const intake::ApartOrder& order) {
  worker::Parent parent;
  const auto policy = TRY(intake::read_policy(order.files));
  const auto tools = TRY(prepare(order, parent));
  struct stat about {};
  if (::fstat(worker::file_number, &about) != 0) return Error(Code::internal_error, "fstat");
  const FileSource file(worker::file_number, static_cast<std::uint64_t>(about.st_size), order.package_name);
  TRY(worker::build_walls({}));

  ThreadWorkers workers(lanes());
  LibarchiveUnpacker unpacker;
  intake::RelayedInsides insides([&] { return parent.connect(order.engines.size()); });
  const intake::Party party{tools.engines,
                            &unpacker,
                            [&]() -> Result<std::unique_ptr<Scratch>> { return tools.scratches->take(); },
                            {},
                            order.remembers ? &insides : nullptr};
  const auto examined = TRY(intake::examine_any({file, order.package_name, policy, order.now},
                                                order.tolerances, order.intake, party, workers, parent));
  return std::visit(
      [](const auto& one) { return intake::print_answer(one.draft, one.package.evidence().checks); },
      examined);
}

Result<std::string> list() {
  struct stat about {};
  if (::fstat(worker::file_number, &about) != 0) return Error(Code::internal_error, "fstat");
  const FileSource file(worker::file_number, static_cast<std::uint64_t>(about.st_size), "package");
  TRY(worker::build_walls({}));
  return print_members(TRY(intake::list_members(file)));
}

Result<std::string> work() {
  const auto text = TRY(worker::read_order(intake::order_size_max));
  if (as_text(text) == worker::walls_order) {
    TRY(worker::build_walls({}));
    return std::string(worker::walls_answer);
  }
  if (as_text(text) == worker::attempts_order) {
    TRY(worker::build_walls({}));
    return worker::try_ways_out();
  }
  if (as_text(text) == intake::members_order) return list();
  return examine(TRY(intake::parse_order(text)));
}

}  // namespace

int run_intake_worker() {
  const auto done = attempt(work);
  const auto text = done.ok() ? done.value() : intake::print_answer(done.error());
  const bool said = worker::answer(as_bytes(text)).ok();
  // Nothing of what libraries do at an end: the walls stand in their way, and there is nothing to put in order.
  ::_exit(said ? 0 : 1);
}

}  // namespace sallyport::cli
