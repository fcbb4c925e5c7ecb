// SPDX-License-Identifier: Apache-2.0
// Where archives may begin in a content that is none itself: behind a script or another text, and behind the end of a
// program, as installers have them that unpack themselves; behind anything else those that unpackers look for there.
// docs/spec/scanner.md, *Nested archives*.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/bytes.h"

namespace sallyport::intake {

// by_chance: so few bytes that data may have them, too.
enum class Mark : std::uint8_t { certain, by_chance };

struct Place {
  std::uint64_t offset;
  Mark mark;
};

// So many are tried.
constexpr std::size_t places_behind_max = 16;

// 7-Zip and unrar look for their archives so far, wherever they stand.
constexpr std::uint64_t unpackers_look_max = 8U << 20U;

// In the order of the content, at most one more than may be tried. `head`: its first bytes (forms.h).
Result<std::vector<Place>> places_behind(const ByteSource& content, BytesView head);

// From where on it is searched, as far as its first bytes tell that and no table of a program has to be read from
// elsewhere: nothing where it is not searched at all, zero where its beginning does not tell.
std::optional<std::uint64_t> searched_from(BytesView beginning, std::uint64_t size);

}  // namespace sallyport::intake
