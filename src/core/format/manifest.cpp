// SPDX-License-Identifier: Apache-2.0
#include "core/format/manifest.h"

#include <array>
#include <optional>
#include <set>

#include "core/base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t value_size_max = 4096;

struct Algorithm {
  Sha2 id;
  std::string_view name;
  std::size_t size;
};

constexpr std::array<Algorithm, 3> algorithms = {{
    {Sha2::sha256, "SHA-256", 32},
    {Sha2::sha384, "SHA-384", 48},
    {Sha2::sha512, "SHA-512", 64},
}};

const Algorithm& info_of(Sha2 id) {
  return algorithms[static_cast<std::size_t>(id)];
}

// The lines of the signed octets; blank lines separate and mean nothing.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) { skip_blank(); }

  std::string where() const { return "manifest line " + std::to_string(number_); }
  bool done() const { return text_.empty(); }

  std::string_view peek() const {
    auto line = text_.substr(0, text_.find('\n'));
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
  }
  // True when the next line was blank or there was none before this one.
  void next() {
    drop();
    skip_blank();
  }

 private:
  void drop() {
    text_.remove_prefix(text_.find('\n') + 1);
    ++number_;
  }
  void skip_blank() {
    while (!text_.empty() && peek().empty()) drop();
  }
  std::string_view text_;
  std::size_t number_ = 1;
};

Error malformed(const Lines& lines, std::string expected) {
  const auto found = lines.done() ? "the end" : printable(lines.peek().substr(0, 200));
  return Error(Code::manifest_malformed, lines.where(), std::move(expected), found);
}

// "key: value"; one space, and none at either end of the value.
std::optional<std::string_view> value_of(std::string_view line, std::string_view key) {
  if (!line.starts_with(key)) return std::nullopt;
  line.remove_prefix(key.size());
  if (!line.starts_with(": ")) return std::nullopt;
  line.remove_prefix(2);
  if (line.empty() || line.size() > value_size_max || line.front() == ' ' || line.back() == ' ')
    return std::nullopt;
  return line;
}

struct Metadata {
  std::string_view key;
  std::optional<std::string_view> value{};
};

using MetadataBlock = std::array<Metadata, 4>;
enum MetadataIndex : std::uint8_t { provider, product, released, version };

Result<MetadataBlock> parse_metadata(Lines& lines) {
  MetadataBlock block = {
      {{"vnf_provider_id"}, {"vnf_product_name"}, {"vnf_release_date_time"}, {"vnf_package_version"}}};
  if (lines.done() || lines.peek() != "metadata:") return malformed(lines, "metadata:");
  lines.next();
  while (!lines.done() && lines.peek().starts_with(' ')) {
    auto line = lines.peek();
    line.remove_prefix(line.find_first_not_of(' ') == std::string_view::npos ? line.size()
                                                                             : line.find_first_not_of(' '));
    bool known = false;
    for (auto& entry : block) {
      const auto value = value_of(line, entry.key);
      if (!value) continue;
      if (entry.value) return malformed(lines, std::string(entry.key) + " once");
      entry.value = value;
      known = true;
    }
    if (!known) return malformed(lines, "a known metadata key and its value");
    lines.next();
  }
  for (const auto& entry : block) {
    if (!entry.value) return malformed(lines, std::string(entry.key) + " in the metadata");
  }
  return block;
}

Result<Sha2> parse_algorithm(Lines& lines) {
  const auto name = lines.done() ? std::nullopt : value_of(lines.peek(), "Algorithm");
  for (const auto& algorithm : algorithms) {
    if (name != algorithm.name) continue;
    lines.next();
    return algorithm.id;
  }
  return Error(Code::manifest_algorithm_refused, lines.where(), "Algorithm: SHA-256, SHA-384 or SHA-512",
               lines.done() ? "the end" : printable(lines.peek().substr(0, 200)));
}

Result<Bytes> parse_digest(Lines& lines, Sha2 algorithm) {
  const auto size = info_of(algorithm).size;
  const auto text = lines.done() ? std::nullopt : value_of(lines.peek(), "Hash");
  if (text) {
    auto digest = parse_hex(*text, size);
    if (digest.ok() && digest.value().size() == size) {
      lines.next();
      return std::move(digest).value();
    }
  }
  return malformed(lines, "Hash: " + std::to_string(2 * size) + " lower-case hexadecimal digits");
}

Result<ManifestEntry> parse_entry(Lines& lines) {
  const auto source = value_of(lines.peek(), "Source");
  if (!source) return malformed(lines, "Source: and a path");
  auto path = RelativePath::parse(*source);
  if (!path.ok()) return malformed(lines, "Source: and a plain relative path");
  lines.next();
  const auto algorithm = TRY(parse_algorithm(lines));
  auto digest = TRY(parse_digest(lines, algorithm));
  return ManifestEntry{std::move(path).value(), algorithm, std::move(digest)};
}

// Every line is plain text and ends in LF or CR LF.
Result<void> check_text(std::string_view text) {
  if (text.empty() || text.back() != '\n') {
    return Error(Code::manifest_malformed, "manifest", "a line end before the CMS", "none");
  }
  for (Lines lines(text); !lines.done(); lines.next()) {
    if (!is_plain_text(lines.peek())) return malformed(lines, "plain text");
  }
  return {};
}

}  // namespace

Result<Manifest> parse_manifest(BytesView signed_octets) {
  const std::string_view text = as_text(signed_octets);
  TRY(check_text(text));
  Lines lines(text);
  const auto metadata = TRY(parse_metadata(lines));
  const auto instant = Instant::parse(*metadata[released].value);
  if (!instant.ok())
    return Error(Code::manifest_malformed, "vnf_release_date_time", "2026-11-21T22:06:00Z",
                 std::string(*metadata[released].value));
  Manifest manifest{std::string(*metadata[provider].value),
                    std::string(*metadata[product].value),
                    std::string(*metadata[version].value),
                    instant.value(),
                    {}};
  std::set<RelativePath> sources;
  do {
    if (lines.done()) return malformed(lines, "at least one Source");
    manifest.entries.push_back(TRY(parse_entry(lines)));
    const auto& source = manifest.entries.back().source;
    if (!sources.insert(source).second) {
      return Error(Code::manifest_malformed, source.text(), "every Source once", "twice");
    }
  } while (!lines.done());
  return manifest;
}

std::string print_manifest(const Manifest& manifest) {
  std::string text = "metadata:\n    vnf_provider_id: " + manifest.provider +
                     "\n    vnf_product_name: " + manifest.product +
                     "\n    vnf_release_date_time: " + manifest.released.print() +
                     "\n    vnf_package_version: " + manifest.version + "\n";
  for (const auto& entry : manifest.entries) {
    text += "\nSource: " + entry.source.text() +
            "\nAlgorithm: " + std::string(info_of(entry.algorithm).name) + "\nHash: " + hex(entry.digest) +
            "\n";
  }
  return text;
}

}  // namespace sallyport
