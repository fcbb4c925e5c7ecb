// SPDX-License-Identifier: Apache-2.0
// What a content is, by its first bytes, and whether it is something else at the same time, or by its name.
// docs/spec/scanner.md, *Disguises*. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/bytes.h"

namespace sallyport::intake {

enum class Form : std::uint8_t { other, elf, pe, script, pdf, image };
std::string_view word(Form form);

// How many bytes form_of() and holds_pdf() need.
constexpr std::size_t form_head_size = 1024;
Form form_of(BytesView head);

// Whether somebody opened it as an archive.
enum class Archive : std::uint8_t { none, opened };

// Two kinds at once, in words for people; nothing where it is one kind. A program, a script, a document or an image
// that an unpacker opens as an archive is a second thing behind the first; a document's mark behind another beginning
// is read as a document by who looks for it there.
std::optional<std::string> two_forms(BytesView head, Archive archive);

// A program under a name that says text, image or document; a script under one that says image or document.
std::optional<std::string> other_than_named(Form form, std::string_view path);

}  // namespace sallyport::intake
