// SPDX-License-Identifier: Apache-2.0
// TOSCA-Metadata/TOSCA.meta of a package that any tool may have made (ETSI GS NFV-SOL 004 clause 4.1.2), with
// everything that is wrong with it. Other than parse_tosca, which takes the one spelling of our own profile.
// docs/spec/foreign.md.
#pragma once

#include <optional>
#include <string>

#include "core/base/bytes.h"
#include "core/base/findings.h"
#include "core/base/path.h"
#include "core/format/tolerance.h"

namespace sallyport {

struct Sol004Meta {
  std::string created_by;
  std::optional<RelativePath> definitions;
  std::optional<RelativePath> manifest;  // each by ETSI-Entry-… or, as before V2.6.1, by Entry-…
  std::optional<RelativePath> certificate;
  std::optional<RelativePath> change_log;
  std::optional<RelativePath> tests;
  std::optional<RelativePath> licenses;
};

// Only the first block of lines says something: further ones, after a blank line, describe files to other programs, and
// have none of its keys. A key that differs from a known one in case alone is none that could be passed over.
Sol004Meta parse_sol004_meta(BytesView bytes, Leniency& leniency, Findings& findings);

}  // namespace sallyport
