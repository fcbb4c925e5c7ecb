// SPDX-License-Identifier: Apache-2.0
#include "core/format/dpkg.h"

#include <algorithm>
#include <array>
#include <optional>

namespace sallyport {
namespace {

constexpr std::size_t md5_digits = 32;
constexpr std::size_t path_size_max = 4096;
constexpr std::size_t word_size_max = 1024;

Error malformed(std::string where, std::string expected, std::string_view found) {
  return {Code::package_database_malformed, std::move(where), std::move(expected),
          std::string(found.substr(0, 80))};
}

// Lines that end with a line end, all of them; the text is bounded by whoever has read it.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  std::optional<std::string_view> next() {
    if (rest_.empty()) return std::nullopt;
    ++number_;
    const auto end = rest_.find('\n');
    const auto line = rest_.substr(0, end);
    rest_ = end == std::string_view::npos ? std::string_view() : rest_.substr(end + 1);
    return line;
  }
  std::string place() const { return "line " + std::to_string(number_); }

 private:
  std::string_view rest_;
  std::size_t number_ = 0;
};

Result<void> check_size(std::string_view text) {
  if (text.size() > dpkg_text_size_max)
    return malformed("size", std::to_string(dpkg_text_size_max) + " bytes", std::to_string(text.size()));
  if (text.find('\0') != std::string_view::npos) return malformed("text", "no zero bytes", "one");
  return {};
}

bool is_md5(std::string_view text) {
  return text.size() == md5_digits && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_path(std::string_view text) {
  return text.starts_with('/') && text.size() <= path_size_max;
}

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= word_size_max &&
         text.find_first_of(" \t\n") == std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

// States of which dpkg says that the package's files are unpacked, and no others beside them.
bool files_are_there(std::string_view status) {
  constexpr std::array<std::string_view, 5> states{"unpacked", "half-configured", "triggers-awaited",
                                                   "triggers-pending", "installed"};
  const auto last = status.substr(status.rfind(' ') + 1);
  return std::ranges::find(states, last) != states.end();
}

struct Stanza {
  DpkgPackage package;
  std::string status;
  std::string_view field;  // of the lines that go on
};

// " /etc/init.d/cron 0123…" and perhaps " obsolete" or " remove-on-upgrade".
Result<void> read_conffile(Stanza& stanza, std::string_view line, const std::string& place) {
  auto text = trimmed(line);
  for (const std::string_view flag : {" obsolete", " remove-on-upgrade"}) {
    if (text.ends_with(flag)) text.remove_suffix(flag.size());
  }
  const auto blank = text.rfind(' ');
  if (blank == std::string_view::npos) return malformed(place, "a path and a digest", line);
  const auto path = text.substr(0, blank);
  const auto digest = text.substr(blank + 1);
  if (!is_path(path)) return malformed(place, "an absolute path", path);
  if (digest == "newconffile") return {};
  if (!is_md5(digest)) return malformed(place, "32 hexadecimal digits", digest);
  stanza.package.conffiles.insert_or_assign(std::string(path), std::string(digest));
  return {};
}

Result<void> read_field(Stanza& stanza, std::string_view line, const std::string& place) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return malformed(place, "FIELD: value", line);
  stanza.field = line.substr(0, colon);
  const auto value = trimmed(line.substr(colon + 1));
  std::string* const wanted = stanza.field == "Package"        ? &stanza.package.name
                              : stanza.field == "Architecture" ? &stanza.package.architecture
                              : stanza.field == "Version"      ? &stanza.package.version
                                                               : nullptr;
  if (wanted != nullptr) {
    if (!is_word(value)) return malformed(place, "one word", value);
    if (!wanted->empty()) return malformed(place, "each field once", stanza.field);
    // It becomes part of a file's name.
    if (value.find('/') != std::string_view::npos && wanted != &stanza.package.version)
      return malformed(place, "no slash", value);
    *wanted = value;
  }
  if (stanza.field == "Status") stanza.status = value;
  return {};
}

Result<void> finish(Stanza& stanza, std::vector<DpkgPackage>& packages, const std::string& place) {
  auto done = std::move(stanza);
  stanza = {};
  if (done.package.name.empty() && done.status.empty()) return {};
  if (done.package.name.empty() || done.status.empty())
    return malformed(place, "Package and Status", "neither");
  if (!files_are_there(done.status)) return {};
  if (done.package.architecture.empty() || done.package.version.empty())
    return malformed(place, "Architecture and Version", done.package.name);
  packages.push_back(std::move(done.package));
  return {};
}

}  // namespace

Result<std::vector<DpkgPackage>> parse_dpkg_status(std::string_view text) {
  TRY(check_size(text));
  std::vector<DpkgPackage> packages;
  Lines lines(text);
  Stanza stanza;
  while (const auto line = lines.next()) {
    if (line->empty()) {
      TRY(finish(stanza, packages, lines.place()));
    } else if (line->front() != ' ' && line->front() != '\t') {
      TRY(read_field(stanza, *line, lines.place()));
    } else if (stanza.field == "Conffiles") {
      TRY(read_conffile(stanza, *line, lines.place()));
    }
  }
  TRY(finish(stanza, packages, lines.place()));
  return packages;
}

Result<std::vector<std::string>> parse_dpkg_list(std::string_view text) {
  TRY(check_size(text));
  std::vector<std::string> paths;
  Lines lines(text);
  while (const auto line = lines.next()) {
    if (!is_path(*line)) return malformed(lines.place(), "an absolute path", *line);
    if (*line != "/.") paths.emplace_back(*line);
  }
  return paths;
}

Result<std::map<std::string, std::string>> parse_dpkg_md5sums(std::string_view text) {
  TRY(check_size(text));
  std::map<std::string, std::string> sums;
  Lines lines(text);
  while (const auto line = lines.next()) {
    const auto digest = line->substr(0, md5_digits);
    const auto rest = line->substr(std::min(line->size(), md5_digits));
    if (!is_md5(digest) || !rest.starts_with("  ") || rest.size() == 2)
      return malformed(lines.place(), "32 hexadecimal digits, two blanks, a path", *line);
    auto path = "/" + std::string(rest.substr(2));
    if (!is_path(path)) return malformed(lines.place(), "a path of at most 4096 bytes", rest);
    if (!sums.emplace(std::move(path), digest).second)
      return malformed(lines.place(), "each path once", rest);
  }
  return sums;
}

Result<std::map<std::string, Diversion>> parse_dpkg_diversions(std::string_view text) {
  TRY(check_size(text));
  std::map<std::string, Diversion> diversions;
  Lines lines(text);
  while (const auto from = lines.next()) {
    const auto to = lines.next();
    const auto package = lines.next();
    if (!to || !package || !is_path(*from) || !is_path(*to) || !is_word(*package))
      return malformed(lines.place(), "two absolute paths and a package", *from);
    const auto added = diversions.emplace(*from, Diversion{std::string(*to), std::string(*package)});
    if (!added.second) return malformed(lines.place(), "each path once", *from);
  }
  return diversions;
}

std::string diverted(const std::map<std::string, Diversion>& diversions, const std::string& path,
                     const std::string& package) {
  const auto found = diversions.find(path);
  if (found == diversions.end() || found->second.package == package) return path;
  return found->second.to;
}

}  // namespace sallyport
