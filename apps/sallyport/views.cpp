// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/views.h"

#include "core/base/text.h"

namespace sallyport::cli {
namespace {

constexpr std::size_t changes_shown_max = 200;

std::string text_of(const Change& change) {
  auto text = std::string(change.kind == ChangeKind::added     ? "+ "
                          : change.kind == ChangeKind::removed ? "- "
                                                               : "~ ") +
              change.subject;
  if (change.kind != ChangeKind::changed) return text;
  const auto shortened = [&](const std::string& value) {
    return change.property == "content" ? value.substr(0, 12) : value;
  };
  return text + ": " + change.property + " " + shortened(change.before) + " → " + shortened(change.after);
}

void show_changes(const std::vector<Change>& changes, Output& output) {
  for (std::size_t i = 0; i < changes.size() && i < changes_shown_max; ++i)
    output.line("  " + printable(text_of(changes[i])));
  if (changes.size() > changes_shown_max)
    output.line("  and " + std::to_string(changes.size() - changes_shown_max) + " more; --json shows all");
}

void write_diff(const TreeDiff& diff, JsonWriter& json) {
  json.number("files_added", diff.files_added).number("files_removed", diff.files_removed);
  json.number("files_changed", diff.files_changed).number("bytes_new", diff.bytes_new);
  json.key("rises").begin_array();
  for (const auto& rise : diff.rises) {
    json.begin_object().text("kind", name(rise.kind)).text("subject", rise.subject);
    json.text("detail", rise.detail).end_object();
  }
  json.end_array().key("changes").begin_array();
  for (const auto& change : diff.changes) {
    json.begin_object().text("kind", name(change.kind)).text("subject", change.subject);
    json.text("property", change.property)
        .text("before", change.before)
        .text("after", change.after)
        .end_object();
  }
  json.end_array();
}

}  // namespace

void show_fields(const std::vector<Field>& fields, Output& output, std::string_view json_name) {
  output.json().key(json_name).begin_array();
  for (const auto& field : fields) {
    output.field(field.name, field.value);
    output.json().begin_object().text("name", field.name).text("value", field.value).end_object();
  }
  output.json().end_array();
}

void show_diff(const TreeDiff& diff, Output& output) {
  output.line(std::to_string(diff.files_added) + " entries added, " + std::to_string(diff.files_removed) +
              " removed, " + std::to_string(diff.files_changed) + " changed; " +
              std::to_string(diff.bytes_new) + " bytes of new content");
  for (const auto& rise : diff.rises)
    output.line("  ! " + std::string(name(rise.kind)) + ": " +
                printable(rise.subject + (rise.detail.empty() ? "" : ", " + rise.detail)));
  show_changes(diff.changes, output);
  output.json().key("changes").begin_object();
  write_diff(diff, output.json());
  output.json().end_object();
}

}  // namespace sallyport::cli
