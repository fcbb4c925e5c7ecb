// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/forms.h"

#include <algorithm>
#include <array>

namespace sallyport::intake {
namespace {

constexpr std::string_view pdf_mark = "%PDF-";

constexpr std::array<std::string_view, 12> image_endings{".png", ".jpg",  ".jpeg", ".gif",  ".bmp", ".ico",
                                                         ".svg", ".webp", ".tif",  ".tiff", ".pdf", ".ps"};
constexpr std::array<std::string_view, 20> text_endings{
    ".txt", ".md",   ".rst", ".html", ".htm",  ".css", ".csv", ".json", ".xml", ".yaml",
    ".yml", ".toml", ".ini", ".cfg",  ".conf", ".log", ".mf",  ".meta", ".pem", ".crt"};
constexpr std::array<std::string_view, 7> text_names{"readme",    "license",       "copying", "copyright",
                                                     "changelog", "changelog.txt", "notice"};

std::string lower_name(std::string_view path) {
  auto name = std::string(path.substr(path.rfind('/') + 1));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return name;
}

template <std::size_t n>
bool ends_with_one(std::string_view name, const std::array<std::string_view, n>& endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view one) { return name.ends_with(one); });
}

bool begins(BytesView head, std::string_view mark) {
  return as_text(head).starts_with(mark);
}

}  // namespace

std::string_view word(Form form) {
  switch (form) {
    case Form::elf:
      return "a program (ELF)";
    case Form::pe:
      return "a program (PE)";
    case Form::script:
      return "a script";
    case Form::pdf:
      return "a document (PDF)";
    case Form::image:
      return "an image";
    case Form::other:
      break;
  }
  return "something else";
}

Form form_of(BytesView head) {
  using namespace std::string_view_literals;
  if (begins(head,
             "\x7f"
             "ELF"))
    return Form::elf;
  // "MZ" alone begins many texts; the header that it leads to does not.
  if (begins(head, "MZ") && as_text(head).find("PE\0\0"sv) != std::string_view::npos) return Form::pe;
  if (begins(head, "#!")) return Form::script;
  if (begins(head, pdf_mark)) return Form::pdf;
  if (begins(head, "\x89PNG\r\n\x1a\n") || begins(head, "GIF87a") || begins(head, "GIF89a") ||
      begins(head, "\xff\xd8\xff"))
    return Form::image;
  return Form::other;
}

std::optional<std::string> two_forms(BytesView head, Archive archive) {
  const auto form = form_of(head);
  if (archive == Archive::opened && form != Form::other) return std::string(word(form)) + ", and an archive";
  const auto mark = as_text(head).substr(0, form_head_size).find(pdf_mark);
  const bool is_hidden = mark != std::string_view::npos && mark != 0;
  if (is_hidden &&
      (archive == Archive::opened || form == Form::elf || form == Form::pe || form == Form::image))
    return std::string(archive == Archive::opened ? "an archive" : word(form)) + ", and a document (PDF)";
  return std::nullopt;
}

std::optional<std::string> other_than_named(Form form, std::string_view path) {
  const auto name = lower_name(path);
  const bool is_program = form == Form::elf || form == Form::pe;
  const bool says_image = ends_with_one(name, image_endings);
  const bool says_text =
      ends_with_one(name, text_endings) ||
      std::any_of(text_names.begin(), text_names.end(), [&](std::string_view one) { return name == one; });
  if (is_program && (says_image || says_text))
    return std::string(word(form)) + " under the name of " + (says_image ? "an image or document" : "a text");
  if (form == Form::script && says_image)
    return std::string(word(form)) + " under the name of an image or document";
  return std::nullopt;
}

}  // namespace sallyport::intake
