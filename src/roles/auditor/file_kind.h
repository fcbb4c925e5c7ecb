// SPDX-License-Identifier: Apache-2.0
// What a file claims to be: for choosing the right check. Nothing is verified.
#pragma once

#include <string_view>

#include "core/base/bytes.h"

namespace sallyport::auditor {

enum class FileKind : std::uint8_t {
  package,
  verdict,
  order,
  evidence,
  policy,
  bundle,
  stop,
  foreign_verdict,  // about a package of another tool
  recall,
  node_report,
};

// By the content alone, never by the name. What is no JSON is taken for a package, and JSON that is no policy for
// an envelope: the checks of those say what is wrong with it.
Result<FileKind> kind_of_file(const ByteSource& file);

std::string_view name(FileKind kind);

// statement_type_mismatch, with what it is and which command takes it, for what is seen to be something else than a
// verdict. What looks like nothing is left to the reader of verdicts, which says what is wrong with it.
Result<void> expect_verdict(const ByteSource& file);

}  // namespace sallyport::auditor
