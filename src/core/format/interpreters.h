// SPDX-License-Identifier: Apache-2.0
// Programs that run whatever text they are given: shells, Python, Perl and the like. Reviewers are shown them, and a
// service that does not declare that it uses them cannot execute them (docs/spec/run.md).
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/path.h"
#include "core/format/tree.h"

namespace sallyport {

enum class ProgramKind : std::uint8_t { interpreter, other };
ProgramKind program_kind(const RelativePath& path);  // by the file's name

// The executable files of that kind, and every file with the content of one, whatever it is called.
std::vector<RelativePath> interpreters_of(const Tree& tree);

}  // namespace sallyport
