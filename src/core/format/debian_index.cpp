// SPDX-License-Identifier: Apache-2.0
#include "core/format/debian_index.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/base/ascii.h"
#include "core/base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t paragraph_size_max = 1U << 20U;
constexpr std::size_t value_size_max = 200;

using Fields = std::map<std::string, std::string_view>;  // by name in lower case

Error malformed(std::string_view where, std::string_view expected, std::string_view found) {
  return {Code::archive_malformed, std::string(where), std::string(expected),
          printable(found.substr(0, 200))};
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  const auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

bool is_field_name(std::string_view name) {
  return !name.empty() && name.front() != '#' && name.front() != '-' &&
         std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 0x7f && c != ':'; });
}

// One paragraph. A value goes on in lines that begin with a blank; each name is there once.
Result<Fields> parse_fields(std::string_view where, std::string_view text) {
  Fields fields;
  while (!text.empty()) {
    const auto* const begin = text.data();
    const auto line = take_line(text);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || !is_field_name(line.substr(0, colon)))
      return malformed(where, "Field: value", line);
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) take_line(text);
    std::string_view value(begin, static_cast<std::size_t>(text.data() - begin));
    value.remove_prefix(colon + 1);
    if (!fields.emplace(lower(line.substr(0, colon)), value).second)
      return malformed(where, "each field once", line.substr(0, colon));
  }
  return fields;
}

// The value of one line.
Result<std::string> text_of(std::string_view where, const Fields& fields, const std::string& name) {
  const auto found = fields.find(name);
  if (found == fields.end()) return malformed(where, "the field " + name, "none");
  auto value = found->second;
  if (value.ends_with('\n')) value.remove_suffix(1);
  value = trimmed(value);
  if (value.empty() || value.size() > value_size_max || !is_plain_text(value))
    return malformed(where, "one line of " + name, value);
  return std::string(value);
}

Result<std::uint64_t> number(std::string_view where, std::string_view digits) {
  std::uint64_t value = 0;
  const auto* end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, value);
  const bool plain = digits.size() == 1 || (!digits.empty() && digits.front() != '0');
  if (!plain || parsed.ec != std::errc() || parsed.ptr != end) return malformed(where, "a number", digits);
  return value;
}

Result<Sha256Digest> digest(std::string_view where, std::string_view text) {
  const auto parsed = Sha256Digest::parse(text);
  if (parsed.ok()) return parsed.value();
  return malformed(where, "a SHA-256 digest", text);
}

// " <digest> <size> <name>", blanks between them as wide as one likes.
Result<DebianListed> parse_listed(std::string_view line) {
  auto text = trimmed(line);
  std::array<std::string_view, 2> words;
  for (auto& word : words) {
    const auto end = std::min(text.find(' '), text.size());
    word = text.substr(0, end);
    text = trimmed(text.substr(end));
  }
  if (text.empty() || text.size() > 1000 || !is_plain_text(text))
    return malformed("Release", "digest, size and name", line);
  const auto sha256 = TRY(digest("Release", words[0]));
  const auto size = TRY(number("Release", words[1]));
  return DebianListed{std::string(text), size, sha256};
}

Result<std::vector<DebianListed>> parse_list(std::string_view value) {
  std::vector<DebianListed> files;
  std::set<std::string> names;
  if (!trimmed(take_line(value)).empty())
    return malformed("Release", "a list below SHA256", "a value beside it");
  while (!value.empty()) {
    auto file = TRY(parse_listed(take_line(value)));
    if (!names.insert(file.name).second) return malformed("Release", "each file once", file.name);
    files.push_back(std::move(file));
  }
  return files;
}

// "Sat, 11 Jul 2026 10:16:37 UTC", as Debian writes it (RFC 5322 in UTC).
Result<Instant> parse_date(std::string_view text) {
  constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const auto wrong = malformed("Release", "a date in UTC", text);
  const auto comma = text.find(", ");
  if (comma != 3) return wrong;
  auto rest = text.substr(5);
  const auto day_end = rest.find(' ');
  if (day_end != 1 && day_end != 2) return wrong;
  const std::string day = (day_end == 1 ? "0" : "") + std::string(rest.substr(0, day_end));
  rest.remove_prefix(day_end + 1);
  // Jul 2026 10:16:37 UTC
  if (rest.size() != 21 || rest[3] != ' ' || rest[8] != ' ' || rest.substr(17) != " UTC") return wrong;
  const auto month = months.find(rest.substr(0, 3));
  if (month == std::string_view::npos || month % 3 != 0) return wrong;
  const auto number_of_month = std::to_string(month / 3 + 1);
  const auto instant =
      Instant::parse(std::string(rest.substr(4, 4)) + "-" + (number_of_month.size() == 1 ? "0" : "") +
                     number_of_month + "-" + day + "T" + std::string(rest.substr(9, 8)) + "Z");
  return instant.ok() ? instant : wrong;
}

bool same(const DebianPackage& one, const DebianPackage& other) {
  return one.package == other.package && one.version == other.version &&
         one.architecture == other.architecture && one.size == other.size;
}

}  // namespace

Result<DebianRelease> parse_debian_release(std::string_view text) {
  if (text.size() > debian_release_size_max) return malformed("Release", "at most 4 MiB", "more");
  while (text.ends_with("\n\n")) text.remove_suffix(1);
  const auto fields = TRY(parse_fields("Release", text));
  DebianRelease release;
  for (const std::string name : {"origin", "codename"}) {
    if (fields.count(name) != 0)
      release.label += (release.label.empty() ? "" : " ") + TRY(text_of("Release", fields, name));
  }
  if (fields.count("valid-until") != 0)
    release.valid_until = TRY(parse_date(TRY(text_of("Release", fields, "valid-until"))));
  const auto list = fields.find("sha256");
  if (list == fields.end()) return malformed("Release", "the field SHA256", "none");
  release.files = TRY(parse_list(list->second));
  return release;
}

Result<void> DebianPackages::paragraph(std::string_view text) {
  if (text.empty()) return {};
  const auto fields = TRY(parse_fields("Packages", text));
  const auto sha256 = TRY(digest("Packages", TRY(text_of("Packages", fields, "sha256"))));
  if (wanted_.count(sha256) == 0) return {};
  auto package = TRY(text_of("Packages", fields, "package"));
  auto version = TRY(text_of("Packages", fields, "version"));
  auto architecture = TRY(text_of("Packages", fields, "architecture"));
  const auto size = TRY(number("Packages", TRY(text_of("Packages", fields, "size"))));
  const DebianPackage one{std::move(package), std::move(version), std::move(architecture), size};
  const auto [at, is_new] = found_.emplace(sha256, one);
  if (!is_new && !same(at->second, one)) return malformed("Packages", "one word on " + sha256.text(), "two");
  return {};
}

Result<void> DebianPackages::feed(BytesView part) {
  size_ += part.size();
  if (size_ > debian_packages_size_max) return malformed("Packages", "at most 512 MiB", "more");
  rest_ += as_text(part);
  std::string_view text(rest_);
  for (auto end = text.find("\n\n"); end != std::string_view::npos; end = text.find("\n\n")) {
    TRY(paragraph(text.substr(0, end + 1)));
    text.remove_prefix(end + 2);
  }
  if (text.size() > paragraph_size_max) return malformed("Packages", "paragraphs of at most 1 MiB", "more");
  rest_.erase(0, rest_.size() - text.size());
  return {};
}

Result<void> DebianPackages::finish() {
  const std::string last = std::move(rest_);
  rest_.clear();
  return paragraph(last);
}

}  // namespace sallyport
