// SPDX-License-Identifier: Apache-2.0
#include "roles/node/execute.h"

#include <algorithm>

#include "core/base/library_fault.h"
#include "core/base/overloaded.h"
#include "roles/node/collect.h"

namespace sallyport::node {

using install::GenerationNumber;

Result<void> Executor::run(const install::Steps& steps) {
  for (const auto& step : steps) {
    auto acted = attempt([&] { return act(step); });
    if (!acted.ok()) {
      failed_ = step;
      return std::move(acted).within(install::describe(step));
    }
    done_.push_back(step);
  }
  return {};
}

Result<void> Executor::act(const install::Step& step) {
  return std::visit(
      Overloaded{
          [&](const install::Drop& s) { return ports_.disk.remove_tree(s.path); },
          [&](const install::Clear& s) { return clear_generation(ports_.disk, s.folder, ports_.workers); },
          [&](const install::Collect& s) { return collect(s); },
          [&](const install::Write& s) { return books_.append(s.record); },
          [&](const install::Unpack& s) { return unpack_package(s); },
          [&](const install::SyncAll&) { return ports_.disk.sync_all(); },
          [&](const install::ReadBack& s) { return read_back_package(s); },
          [&](const install::Share& s) {
            return share(ports_.disk, *unpacked_, s.generation, ports_.workers);
          },
          [&](const install::Reveal& s) { return reveal(s); },
          [&](const install::Verify& s) -> Result<void> {
            verified_ =
                TRY(inspect_generation(ports_.disk, books_, s.generation, ports_.workers, ports_.progress));
            return sound(*verified_);
          },
          [&](const install::CarryConfig& s) { return carry(s); },
          [&](const install::Stop& s) { return stop(s.generation); },
          [&](const install::Start& s) { return start(s.generation); },
          [&](const install::AwaitHealth& s) { return await_health(s.generation); },
          [&](const install::Restart& s) { return restart(s.generation); },
          [&](const install::Point& s) { return point(s); },
      },
      step);
}

Result<void> Executor::unpack_package(const install::Unpack& step) {
  CHECK(material_ != nullptr);
  unpacked_ = TRY(unpack(ports_.disk, material_->copy, material_->package, step.generation, ports_.workers,
                         ports_.progress));
  return write_papers(ports_.disk, step.generation, material_->papers);
}

Result<void> Executor::read_back_package(const install::ReadBack& step) {
  CHECK(unpacked_.has_value());
  TRY(read_back(ports_, material_->copy, material_->package, *unpacked_, step.generation));
  return read_back_papers(ports_.disk, step.generation, material_->papers);
}

Result<void> Executor::reveal(const install::Reveal& step) {
  TRY(ports_.disk.remove_tree(install::generation_path(step.generation)));
  TRY(ports_.disk.rename(install::partial_path(step.generation), install::generation_path(step.generation)));
  return ports_.disk.sync_folder(paths::generations);
}

Result<void> Executor::collect(const install::Collect& step) {
  const auto number = std::get<install::Collected>(step.record.what).generation;
  ports_.progress.begin("collecting generation " + std::to_string(number), 0);
  auto gone = clear_generation(ports_.disk, install::generation_path(number), ports_.workers);
  // The record must not outlast what it says was done.
  if (gone.ok()) gone = ports_.disk.sync_all();
  if (!gone.ok()) {
    collect_errors_.push_back(std::move(gone).within(install::describe(step)).take_error());
    return {};
  }
  TRY(books_.append(step.record));
  collected_.push_back(number);
  return {};
}

Result<void> Executor::carry(const install::CarryConfig& step) {
  CHECK(material_ != nullptr);
  const auto& tree = material_->package.tree;
  if (tree.config.empty()) return {};
  const auto old_tree = TRY(tree_before(ports_.disk, books_.state(), step.from));
  configured_ = TRY(carry_config(ports_.disk, tree, step.from, old_tree ? &*old_tree : nullptr, step.to));
  return {};
}

Result<void> Executor::point(const install::Point& step) {
  if (step.generation == 0) {
    TRY(ports_.disk.remove_tree(paths::active));
    return ports_.disk.sync_folder("");
  }
  const auto there = TRY(ports_.disk.find(paths::active));
  if (there && there->type == FileType::directory) TRY(ports_.disk.remove_tree(paths::active));
  return ports_.disk.replace_link(install::generation_path(step.generation), paths::active);
}

Result<std::vector<Service>> Executor::services(GenerationNumber generation) {
  const auto* known = books_.state().find(generation);
  if (known == nullptr) return std::vector<Service>{};
  // Its tree.json was read back or verified before; parsing it once more takes longer than starting a service.
  if (material_ != nullptr && material_->package.release == known->origin.release) {
    return material_->package.tree.services;
  }
  return services_of(ports_.disk, *known);
}

// A damaged generation must not keep a sound one from replacing it: then the services of the new one tell the
// names that there are.
Result<void> Executor::stop(GenerationNumber generation) {
  auto list = services(generation);
  const bool unreadable = !list.ok() && list.error().code != Code::io_failed;
  if (unreadable && material_ != nullptr) list = material_->package.tree.services;
  if (unreadable && material_ == nullptr) list = std::vector<Service>{};
  for (const auto& service : TRY(std::move(list))) TRY(ports_.services.stop(ports_.root, service));
  return {};
}

Result<void> Executor::start(GenerationNumber generation) {
  for (const auto& service : TRY(services(generation))) TRY(ports_.services.start(ports_.root, service));
  return {};
}

Result<void> Executor::await_health(GenerationNumber generation) {
  ports_.progress.begin("waiting until the services are healthy", 0);
  for (const auto& service : TRY(services(generation))) {
    TRY(ports_.services.wait_healthy(ports_.root, service));
  }
  return {};
}

Result<void> Executor::restart(GenerationNumber generation) {
  const auto list = services(generation);
  if (!list.ok()) {
    restart_errors_.push_back(list.error());
    return {};
  }
  for (const auto& service : list.value()) {
    if (books_.state().held.contains(service.name)) continue;
    const auto state = ports_.services.state(ports_.root, service);
    if (state.ok() && state.value() == ServiceState::running) continue;
    auto started = ports_.services.start(ports_.root, service);
    if (!started.ok()) restart_errors_.push_back(started.take_error());
  }
  return {};
}

namespace {

// Where the books cannot be written (a full disk), nothing is put in order; what ran before runs again all the same.
install::Steps services_first(install::Steps steps) {
  const auto about_services = [](const install::Step& step) {
    return std::holds_alternative<install::Stop>(step) || std::holds_alternative<install::Point>(step) ||
           std::holds_alternative<install::Restart>(step);
  };
  steps.erase(std::find_if_not(steps.begin(), steps.end(), about_services), steps.end());
  return steps;
}

}  // namespace

Result<install::Steps> settle(const Ports& ports, Books& books, std::vector<Error>& restart_errors) {
  const auto mended = books.mend();
  const auto found = TRY(look(ports.disk));
  auto steps = install::recover(books.state(), found, ports.now);
  if (!mended.ok()) steps = services_first(std::move(steps));
  Executor executor(ports, books);
  const auto ran = executor.run(steps);
  restart_errors = executor.restart_errors();
  TRY(mended);
  TRY(ran);
  return steps;
}

}  // namespace sallyport::node
