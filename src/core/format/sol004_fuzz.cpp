// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "core/format/manifest.h"
#include "core/format/sol004_manifest.h"
#include "core/format/sol004_meta.h"

// The first byte says what is tolerated. Whatever is found, entries are whole; and what our own profile takes as a
// manifest has nothing wrong with it here.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  if (size == 0) return 0;
  Tolerances tolerances;
  for (const auto& info : all_tolerances()) {
    if ((data[0] >> static_cast<unsigned>(info.what) & 1U) != 0) tolerances.insert(info.what);
  }
  const BytesView input(data + 1, size - 1);
  Leniency leniency(tolerances);
  Findings findings;
  const auto manifest = parse_sol004_manifest(input, leniency, findings);
  for (const auto& entry : manifest.entries) CHECK(!entry.digest.empty() && entry.line > 0);
  if (parse_manifest(input).ok()) CHECK(findings.none() && !manifest.entries.empty());
  Findings of_meta;
  const auto meta = parse_sol004_meta(input, leniency, of_meta);
  CHECK(meta.definitions || !of_meta.none());
  return 0;
}
