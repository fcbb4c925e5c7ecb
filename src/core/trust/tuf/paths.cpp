// SPDX-License-Identifier: Apache-2.0
#include "core/trust/tuf/paths.h"

#include <algorithm>

#include "core/base/text.h"

namespace sallyport::tuf {
namespace {

struct Class {
  std::size_t size;  // of the pattern that it takes; 0: no class, a plain bracket
  bool matches;
};

// "[a-z!]" at the beginning of the pattern against one character.
Class match_class(std::u32string_view pattern, char32_t c) {
  std::size_t at = 1;
  const bool negated = at < pattern.size() && pattern[at] == '!';
  if (negated) ++at;
  const std::size_t first = at;
  bool found = false;
  while (at < pattern.size() && (pattern[at] != ']' || at == first)) {
    if (at + 2 < pattern.size() && pattern[at + 1] == '-' && pattern[at + 2] != ']') {
      found = found || (pattern[at] <= c && c <= pattern[at + 2]);
      at += 3;
    } else {
      found = found || pattern[at] == c;
      ++at;
    }
  }
  if (at >= pattern.size()) return {0, false};
  return {at + 1, found != negated};
}

// How much of the pattern stands for this one character; 0: it does not match.
std::size_t match_one(std::u32string_view pattern, char32_t c) {
  if (pattern.front() == '?') return 1;
  if (pattern.front() == '[') {
    const auto in_class = match_class(pattern, c);
    if (in_class.size > 0) return in_class.matches ? in_class.size : 0;
  }
  return pattern.front() == c ? 1 : 0;
}

// One component. After a mismatch only the last star is tried again, so the time is at most the product of the sizes.
bool component_matches(std::u32string_view pattern, std::u32string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::u32string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = ++p;
      resume = t;
      continue;
    }
    const std::size_t size = p < pattern.size() ? match_one(pattern.substr(p), text[t]) : 0;
    if (size > 0) {
      p += size;
      ++t;
    } else if (star != std::u32string_view::npos) {
      p = star;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of(U'*', p) == std::u32string_view::npos;
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::string quote(std::string_view text, std::string_view also) {
  static constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (is_unreserved(c) || also.find(c) != std::string_view::npos) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', digits[byte >> 4U], digits[byte & 15U]};
    }
  }
  return out;
}

std::size_t hex_digits(std::uint32_t bit_length) {
  return (bit_length + 3) / 4;
}

const std::string& name_hash(const Hashes& hashes) {
  for (const auto* algorithm : {"sha256", "sha512", "sha384"}) {
    const auto found = hashes.known.find(algorithm);
    if (found != hashes.known.end()) return found->second;
  }
  return hashes.first;
}

}  // namespace

bool pattern_matches(std::string_view pattern, std::string_view path) {
  while (true) {
    const auto pattern_slash = pattern.find('/');
    const auto path_slash = path.find('/');
    if (!component_matches(characters(pattern.substr(0, pattern_slash)),
                           characters(path.substr(0, path_slash)))) {
      return false;
    }
    const bool last = pattern_slash == std::string_view::npos;
    if (last != (path_slash == std::string_view::npos)) return false;
    if (last) return true;
    pattern.remove_prefix(pattern_slash + 1);
    path.remove_prefix(path_slash + 1);
  }
}

bool delegates(const DelegatedRole& role, std::string_view path) {
  const auto digest = sha256(as_bytes(path)).text();
  return std::any_of(role.paths.begin(), role.paths.end(),
                     [&](const auto& pattern) { return pattern_matches(pattern, path); }) ||
         std::any_of(role.path_hash_prefixes.begin(), role.path_hash_prefixes.end(),
                     [&](const auto& prefix) { return digest.starts_with(prefix); });
}

std::string bin_for(const SuccinctRoles& roles, std::string_view path) {
  const auto digest = sha256(as_bytes(path));
  std::uint32_t first = 0;
  for (std::size_t i = 0; i < 4; ++i) first = first << 8U | digest.bytes()[i];
  const std::uint32_t bin = first >> (32U - roles.bit_length);
  std::array<std::uint8_t, 4> big_endian{};
  for (std::size_t i = 0; i < 4; ++i) big_endian[i] = static_cast<std::uint8_t>(bin >> (24U - 8U * i));
  return roles.name_prefix + "-" + hex(big_endian).substr(8 - hex_digits(roles.bit_length));
}

bool is_bin_of(const SuccinctRoles& roles, std::string_view name) {
  const std::string prefix = roles.name_prefix + "-";
  if (!name.starts_with(prefix)) return false;
  const auto digits = name.substr(prefix.size());
  if (digits.size() != hex_digits(roles.bit_length)) return false;
  std::uint64_t bin = 0;
  for (const char c : digits) {
    const auto value = std::string_view("0123456789abcdef").find(c);
    if (value == std::string_view::npos) return false;
    bin = bin << 4U | value;
  }
  return bin < (1ULL << roles.bit_length);
}

std::string quoted(std::string_view name) {
  return quote(name, "");
}

std::string quoted_path(std::string_view path) {
  return quote(path, "/!$&'()*+,;=:@");
}

std::string metadata_file(const Root& root, std::string_view role, std::uint64_t version) {
  return (root.consistent_snapshot ? std::to_string(version) + "." : "") + quoted(role) + ".json";
}

std::string target_file(const Root& root, std::string_view path, const TargetFile& file) {
  if (!root.consistent_snapshot) return quoted_path(path);
  const auto slash = path.rfind('/');
  const auto name = slash == std::string_view::npos ? 0 : slash + 1;
  return quoted_path(path.substr(0, name)) + quoted(name_hash(file.hashes)) + "." +
         quoted_path(path.substr(name));
}

}  // namespace sallyport::tuf
