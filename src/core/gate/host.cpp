// SPDX-License-Identifier: Apache-2.0
#include "core/gate/host.h"

#include <set>

namespace sallyport::gate {

std::optional<Error> not_covered(std::span<const MeasuredProgram> programs, const ListedFiles& files) {
  std::set<std::string> missing;
  for (const auto& program : programs) {
    if (!program.digest || !files.has(program.size, *program.digest)) missing.insert(program.path);
  }
  if (missing.empty()) return std::nullopt;
  constexpr std::size_t named_max = 16;
  std::string names;
  std::size_t named = 0;
  for (const auto& path : missing) {
    if (++named > named_max) break;
    names += (names.empty() ? "" : ", ") + path;
  }
  if (missing.size() > named_max) names += " and " + std::to_string(missing.size() - named_max) + " more";
  return Error(Code::baseline_incomplete, "the host's baseline",
               "every program that runs, or that the host cannot do without", std::move(names));
}

}  // namespace sallyport::gate
