// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/views.h"

#include <fmt/format.h>

#include <algorithm>

#include "apps/sallyport/findings_view.h"
#include "core/base/text.h"

namespace sallyport::cli {
namespace {

constexpr std::size_t changes_shown_max = 200;
constexpr std::size_t odd_names_shown_max = 20;

std::string text_of(const Change& change) {
  auto text = std::string(change.kind == ChangeKind::added     ? "+ "
                          : change.kind == ChangeKind::removed ? "- "
                                                               : "~ ") +
              change.subject;
  if (change.kind == ChangeKind::removed) return text;
  if (change.kind == ChangeKind::added) return text + ": " + change.after;
  const auto shortened = [&](const std::string& value) {
    return change.property == "content" ? value.substr(0, 12) : value;
  };
  return text + ": " + change.property + " " + shortened(change.before) + " → " + shortened(change.after);
}

void show_changes(const std::vector<Change>& changes, Detail detail, Output& output) {
  const auto shown = detail == Detail::full ? changes.size() : std::min(changes.size(), changes_shown_max);
  for (std::size_t i = 0; i < shown; ++i) output.line("  " + printable(text_of(changes[i])));
  if (changes.size() > shown)
    output.line("  and " + std::to_string(changes.size() - shown) + " more; --full lists all");
}

// Names that are not what they look like, wherever they stand: what is not listed one by one is looked at, too.
void show_odd_names(const TreeDiff& diff, Output& output) {
  std::vector<Field> names;
  for (const auto& change : diff.changes) {
    if (change.kind != ChangeKind::removed) names.push_back({change.subject, change.subject + change.after});
  }
  for (const auto& rise : diff.rises) names.push_back({rise.subject, rise.subject + rise.detail});
  auto odd = odd_letters(names);
  std::sort(odd.begin(), odd.end());
  odd.erase(std::unique(odd.begin(), odd.end()), odd.end());
  const auto shown = std::min(odd.size(), odd_names_shown_max);
  for (std::size_t i = 0; i < shown; ++i)
    output.line("LOOK TWICE  letters outside of ASCII in " + printable(odd[i]));
  if (odd.size() > shown) output.line("LOOK TWICE  and in " + std::to_string(odd.size() - shown) + " more");
}

std::string counted(std::size_t count, std::string_view one, std::string_view several) {
  return fmt::format("{} {}", count, count == 1 ? one : several);
}

void show_rises(const TreeDiff& diff, Output& output) {
  for (const auto& rise : diff.rises)
    output.line("  ! " + std::string(name(rise.kind)) + ": " +
                printable(rise.subject + (rise.detail.empty() ? "" : ", " + rise.detail)));
}

void show_folder(const FolderSummary& folder, Output& output) {
  std::string holds;
  const auto add = [&](std::size_t count, std::string_view one, std::string_view several) {
    if (count > 0) holds += (holds.empty() ? "" : ", ") + counted(count, one, several);
  };
  add(folder.programs, "program", "programs");
  add(folder.files, "file", "files");
  add(folder.links, "link", "links");
  add(folder.folders, "folder", "folders");
  const auto name = folder.folder.empty() ? std::string("(top)") : folder.folder + "/";
  output.line(fmt::format("  {:<32} {}, {} bytes", printable(name), holds, folder.bytes));
}

void write_folders(const std::vector<FolderSummary>& whole, JsonWriter& json) {
  json.key("folders").begin_array();
  for (const auto& folder : whole) {
    json.begin_object().text("folder", folder.folder).number("programs", folder.programs);
    json.number("files", folder.files).number("links", folder.links).number("folders", folder.folders);
    json.number("bytes", folder.bytes).end_object();
  }
  json.end_array();
}

void write_counts(std::string_view what, const EntryCounts& counts, JsonWriter& json) {
  json.key(what).begin_object().number("added", counts.added).number("removed", counts.removed);
  json.number("changed", counts.changed).end_object();
}

void write_diff(const TreeDiff& diff, JsonWriter& json) {
  write_counts("files", diff.files, json);
  write_counts("folders", diff.folders, json);
  write_counts("links", diff.links, json);
  json.number("bytes_new", diff.bytes_new);
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

constexpr std::size_t findings_shown_max = 20;

void list_for_programs(const std::vector<Error>& findings, Output& output) {
  output.json().key("findings").begin_array();
  for (const auto& finding : findings) {
    output.json().begin_object().text("code", name(finding.code)).text("where", finding.where);
    output.json().text("expected", finding.expected).text("found", finding.found).end_object();
  }
  output.json().end_array();
}

void list_for_people(const std::vector<Error>& findings, std::size_t shown_max, Output& output) {
  for (std::size_t i = 0; i < std::min(findings.size(), shown_max); ++i) {
    const auto& finding = findings[i];
    auto line = "FOUND  " + std::string(name(finding.code)) + "  " + printable(finding.where);
    if (!finding.expected.empty()) line += ": expected " + printable(finding.expected);
    if (!finding.found.empty())
      line += (finding.expected.empty() ? ": found " : ", found ") + printable(finding.found);
    output.line(line);
  }
}

}  // namespace

void show_text(const std::string& head, const std::string& value, Output& output) {
  std::string text = printable(head);
  const bool is_long = value.find('\n') != std::string::npos;
  if (value.empty()) text += " ";
  for (std::size_t at = 0; at < value.size();) {
    const auto end = std::min(value.find('\n', at), value.size());
    text += (is_long ? "\n      | " : " ") + printable(value.substr(at, end - at));
    at = end + 1;
  }
  output.line(text);
}

void show_fields(const std::vector<Field>& fields, Output& output, std::string_view json_name) {
  output.json().key(json_name).begin_array();
  for (const auto& field : fields) {
    if (field.value.find('\n') == std::string::npos) {
      output.field(field.name, field.value);
    } else {
      show_text("  " + field.name, field.value, output);
    }
    output.json().begin_object().text("name", field.name).text("value", field.value).end_object();
  }
  output.json().end_array();
  for (const auto& odd : odd_letters(fields))
    output.line("LOOK TWICE  letters outside of ASCII in " + printable(odd));
}

const Option full_option{"full", "", "List every single change", Need::optional, Takes::nothing};

Detail detail_of(const Arguments& arguments) {
  return arguments.has("full") ? Detail::full : Detail::brief;
}

void show_diff(const TreeDiff& diff, Detail detail, Output& output) {
  const auto line = [&](std::string_view what, const EntryCounts& counts) {
    return fmt::format("{}: {} added, {} removed, {} changed; ", what, counts.added, counts.removed,
                       counts.changed);
  };
  output.line(line("files", diff.files) + line("folders", diff.folders) + line("links", diff.links) +
              std::to_string(diff.bytes_new) + " bytes of new content");
  show_rises(diff, output);
  show_changes(diff.changes, detail, output);
  show_odd_names(diff, output);
  output.json().key("changes").begin_object();
  write_diff(diff, output.json());
  output.json().end_object();
}

void show_first_release(const TreeDiff& diff, const std::vector<FolderSummary>& whole, Detail detail,
                        Output& output) {
  output.line(counted(diff.files.added, "file", "files") + ", " +
              counted(diff.folders.added, "folder", "folders") + " and " +
              counted(diff.links.added, "link", "links") + ", " + std::to_string(diff.bytes_new) +
              " bytes. What gives power:");
  show_rises(diff, output);
  if (diff.rises.empty()) output.line("  nothing");
  output.line("What lies where (a program is a file that may be executed):");
  for (const auto& folder : whole) show_folder(folder, output);
  if (detail == Detail::full) show_changes(diff.changes, detail, output);
  show_odd_names(diff, output);
  if (detail == Detail::brief) output.line("--full lists every entry.");
  output.json().key("changes").begin_object();
  write_diff(diff, output.json());
  write_folders(whole, output.json());
  output.json().end_object();
}

void show_findings(const std::vector<Error>& findings, Output& output) {
  list_for_programs(findings, output);
  list_for_people(findings, findings_shown_max, output);
  if (findings.size() > findings_shown_max)
    output.line("… and " + std::to_string(findings.size() - findings_shown_max) + " more");
}

void show_findings(const std::vector<Error>& findings, std::uint64_t count, Output& output) {
  list_for_programs(findings, output);
  output.json().number("findings_count", count);
  if (count < 2) return;
  output.line(std::to_string(count) + " findings:");
  list_for_people(findings, findings.size(), output);
  if (count > findings.size()) output.line("… and " + std::to_string(count - findings.size()) + " more");
}

void show_ending(const std::vector<std::string>& uses, Output& output) {
  output.json().key("ending").begin_array();
  for (const auto& use : uses) {
    output.field("ends", use);
    output.json().text(use);
  }
  output.json().end_array();
}

}  // namespace sallyport::cli
