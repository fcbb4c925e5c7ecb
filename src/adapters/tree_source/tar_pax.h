// SPDX-License-Identifier: Apache-2.0
// Extended headers of tar archives (POSIX, pax): records of "LENGTH KEY=VALUE\n". For tar_frames.h.
//
// Passed are those that change no reading of where a header begins: of one entry path, linkpath, uid, gid, uname,
// gname, times and comments; for all that follow, comments alone (as `git archive` writes). Everything else is refused
// (input_refused): sizes, sparse files, extended attributes, other character sets, a key twice.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/result.h"

namespace sallyport {

constexpr std::size_t pax_size_max = 64U << 10U;

enum class PaxScope : std::uint8_t { entry, archive };
Result<void> check_pax(std::string_view records, PaxScope scope);

}  // namespace sallyport
