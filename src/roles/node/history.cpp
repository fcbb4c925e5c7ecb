// SPDX-License-Identifier: Apache-2.0
#include "roles/node/history.h"

#include "core/base/overloaded.h"

namespace sallyport::node {

Result<std::vector<HistoryLine>> history(Disk& disk) {
  const auto books = TRY(Books::open(disk));
  std::vector<HistoryLine> lines;
  for (const auto& record : books.journal().records) {
    HistoryLine line{record.at, std::string(install::word(record.what)), 0, {}, {}, {}, {}};
    const auto ended = [&](const auto& r) {
      line.generation = r.generation;
      line.code = std::string(name(r.code));
    };
    std::visit(
        Overloaded{[](const install::Initialised&) {},
                   [&](const install::Begun& r) {
                     line.generation = r.generation;
                     line.order = r.origin.order.text();
                   },
                   [&](const install::Fallback& r) { ended(r); }, [&](const install::Failed& r) { ended(r); },
                   [&](const install::Held& r) { line.service = r.service.text(); },
                   [&](const install::Released& r) { line.service = r.service.text(); },
                   [&](const install::PolicyChanged& r) { line.version = std::to_string(r.version); },
                   [&](const install::OrderStopped& r) { line.order = r.order.text(); },
                   [](const install::TimeSeen&) {},
                   [&](const install::ListSeen& r) { line.version = r.number.text(); },
                   [&](const install::RootTrusted& r) { line.version = std::to_string(r.version); },
                   [&](const install::RepositorySeen& r) { line.version = std::to_string(r.snapshot); },
                   [&](const install::BaselineTaken& r) { line.version = std::to_string(r.number); },
                   [&](const install::RecallTaken& r) { line.version = std::to_string(r.sequence); },
                   [&](const install::BreakGlass& r) { line.order = r.order.text(); },
                   [&](const auto& r) { line.generation = r.generation; }},
        record.what);
    if (const auto* generation = books.state().find(line.generation))
      line.version = generation->origin.version;
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace sallyport::node
