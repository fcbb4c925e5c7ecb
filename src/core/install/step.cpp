// SPDX-License-Identifier: Apache-2.0
#include "core/install/step.h"

#include "core/base/overloaded.h"

namespace sallyport::install {
namespace {

std::string about(const Happening& what) {
  const auto subject = std::visit(
      Overloaded{[](const Initialised& record) { return "node " + record.node.text(); },
                 [](const Held& record) { return "service " + record.service.text(); },
                 [](const Released& record) { return "service " + record.service.text(); },
                 [](const PolicyChanged& r) { return "policy version " + std::to_string(r.version); },
                 [](const OrderStopped& r) { return "order " + r.order.brief(); },
                 [](const TimeSeen& r) { return r.time.print(); },
                 [](const ListSeen& r) { return "revocation list " + r.number.text(); },
                 [](const BreakGlass& r) { return "order " + r.order.brief(); },
                 [](const RootTrusted& r) { return "root " + std::to_string(r.version); },
                 [](const RecallTaken& r) { return "recall " + std::to_string(r.sequence); },
                 [](const BaselineTaken& r) { return "baseline " + std::to_string(r.number); },
                 [](const RepositorySeen& r) { return "snapshot " + std::to_string(r.snapshot); },
                 [](const auto& record) { return "generation " + std::to_string(record.generation); }},
      what);
  return std::string(word(what)) + ", " + subject;
}

std::string services_of(GenerationNumber generation) {
  return generation == 0 ? "no services (nothing is active)"
                         : "the services of generation " + std::to_string(generation);
}

struct Describe {
  std::string operator()(const Drop& step) const { return "remove " + step.path + ", if it is there"; }
  std::string operator()(const Clear& step) const {
    return "remove the files of " + step.folder + ", if it is there";
  }
  std::string operator()(const Collect& step) const {
    return "remove files and package, keep the papers: " + about(step.record.what);
  }
  std::string operator()(const Write& step) const {
    return "write into the journal: " + about(step.record.what);
  }
  std::string operator()(const Unpack& step) const {
    return "unpack the package into " + partial_path(step.generation);
  }
  std::string operator()(const SyncAll&) const { return "sync the file system"; }
  std::string operator()(const ReadBack& step) const {
    return "sync, read back and digest every file of " + partial_path(step.generation);
  }
  std::string operator()(const Share& step) const {
    return "give the files of " + partial_path(step.generation) + " their names in the store";
  }
  std::string operator()(const Reveal& step) const {
    return "rename " + partial_path(step.generation) + " to " + generation_path(step.generation);
  }
  std::string operator()(const Verify& step) const {
    return "verify every file of " + generation_path(step.generation);
  }
  std::string operator()(const CarryConfig& step) const {
    return "make the configuration of " + generation_path(step.to) +
           (step.from == 0 ? std::string(" of its defaults")
                           : " of its defaults and of the changes in " + generation_path(step.from));
  }
  std::string operator()(const Stop& step) const { return "stop " + services_of(step.generation); }
  std::string operator()(const Start& step) const { return "start " + services_of(step.generation); }
  std::string operator()(const AwaitHealth& step) const {
    return "wait for the health of " + services_of(step.generation);
  }
  std::string operator()(const Restart& step) const {
    return "start, where they do not run, " + services_of(step.generation);
  }
  std::string operator()(const Point& step) const {
    return step.generation == 0 ? "remove active" : "point active at " + generation_path(step.generation);
  }
};

}  // namespace

std::string describe(const Step& step) {
  return std::visit(Describe{}, step);
}

std::string generation_path(GenerationNumber generation) {
  return "generations/" + std::to_string(generation);
}

std::string partial_path(GenerationNumber generation) {
  return generation_path(generation) + ".partial";
}

}  // namespace sallyport::install
