// SPDX-License-Identifier: Apache-2.0
#include "roles/node/later_findings.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/format/json.h"
#include "core/trust/vendor_signature.h"

namespace sallyport::node {
namespace {

constexpr std::uint64_t events_size_max = 256ULL << 20U;
constexpr std::size_t event_size_max = 1U << 20U;
constexpr std::uint64_t manifest_size_max = 64ULL << 20U;

constexpr std::array damage_codes = {Code::generation_damaged, Code::generation_file_missing,
                                     Code::generation_file_unlisted};

std::optional<Code> damage_of(std::string_view word) {
  const auto code = find_code(word);
  const bool is_damage = code && std::ranges::find(damage_codes, *code) != damage_codes.end();
  return is_damage ? code : std::nullopt;
}

struct Look {
  std::optional<Error> damage;  // nothing: all was as it should be
};

Result<Look> read_damage(JsonObject& event, Code code) {
  auto error = TRY(event.object("error"));
  const auto where = TRY(error.text("where", event_size_max));
  const auto expected = TRY(error.text("expected", event_size_max));
  const auto found = TRY(error.text("found", event_size_max));
  const auto time = TRY(event.text("time", 64));
  const auto activity = TRY(event.text("activity", 64));
  return Look{Error(code, where, expected, found + "; by the event " + activity + " of " + time)};
}

// What the event says about the files of this generation; nothing where it says nothing about them.
Result<std::optional<Look>> look_of(std::string_view line, const install::Generation& active) {
  const auto document = TRY(JsonDocument::parse(as_bytes(line), event_size_max, Code::json_malformed));
  auto event = TRY(document.object());
  const auto time = TRY(Instant::parse(TRY(event.text("time", 64))));
  if (active.confirmed_at && time < *active.confirmed_at) return std::optional<Look>();
  const auto package = TRY(event.text("package", 64));
  const bool of_another = !package.empty() && package != active.origin.package.text();
  if (of_another) return std::optional<Look>();
  const auto outcome = TRY(event.text("code", 64));
  if (outcome == "ok") return std::optional(Look{});
  const auto damage = damage_of(outcome);
  if (!damage) return std::optional<Look>();
  auto look = TRY(read_damage(event, *damage));
  return std::optional(std::move(look));
}

bool is_about_files(std::string_view line) {
  return line.find(R"("activity":"node-verify")") != std::string_view::npos ||
         line.find(R"("activity":"node-run")") != std::string_view::npos;
}

// The latest one, from the end of the log.
std::optional<Look> latest_look(std::string_view events, const install::Generation& active) {
  while (!events.empty()) {
    if (events.back() == '\n') events.remove_suffix(1);
    const auto before = events.rfind('\n');
    const auto begin = before == std::string_view::npos ? 0 : before + 1;
    const auto line = events.substr(begin);
    events = events.substr(0, begin);
    if (!is_about_files(line)) continue;
    const auto look = look_of(line, active);
    if (look.ok() && look.value()) return look.value();
  }
  return std::nullopt;
}

}  // namespace

Result<std::vector<Error>> found_damage(Disk& disk, const install::Generation& active) {
  std::vector<Error> findings;
  const auto events = disk.read_small("events.jsonl", events_size_max);
  if (!events.ok()) return findings;
  const auto look = latest_look(as_text(events.value()), active);
  if (look && look->damage) findings.push_back(*look->damage);
  return findings;
}

Result<std::vector<Error>> found_revoked(Disk& disk, const Books& books, const install::Generation& active,
                                         Instant now) {
  std::vector<Error> findings;
  const auto manifest =
      disk.read_small(install::generation_path(active.number) + "/manifest.mf", manifest_size_max);
  if (!manifest.ok()) return findings;  // damage is for fsck to tell
  Checks passed;
  const auto judged =
      trust::verify_manifest(manifest.value(), books.policy(), now, Occasion::admission, passed);
  if (judged.ok()) return findings;
  const auto& error = judged.error();
  if (kind_of(error.code) == Kind::fault) return error;
  if (error.code != Code::certificate_revoked) return findings;
  findings.push_back(error);
  findings.back().where = "generation " + std::to_string(active.number) + ", " + error.where;
  findings.back().effect = "what runs is not touched; it would not be taken in any more";
  return findings;
}

}  // namespace sallyport::node
