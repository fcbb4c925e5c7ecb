// SPDX-License-Identifier: Apache-2.0
#include "core/format/sol004_manifest.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "core/base/ascii.h"
#include "core/base/text.h"
#include "core/format/sol004_lines.h"

namespace sallyport {
namespace {

constexpr std::size_t sets_max = 64;

struct MetadataKey {
  std::string_view key;
  Sol004Kind kind;
  std::string Sol004Manifest::*field;  // null: known and not used
};

// V2.4.1 wrote vnf_release_data_time.
const std::array<MetadataKey, 19>& metadata_keys() {
  using enum Sol004Kind;
  static constexpr std::array<MetadataKey, 19> keys = {{
      {"vnf_provider_id", vnf, &Sol004Manifest::provider},
      {"vnf_product_name", vnf, &Sol004Manifest::product},
      {"vnf_package_version", vnf, &Sol004Manifest::version},
      {"vnf_release_date_time", vnf, &Sol004Manifest::released},
      {"vnf_release_data_time", vnf, &Sol004Manifest::released},
      {"vnfd_id", vnf, nullptr},
      {"vnf_software_version", vnf, nullptr},
      {"compatible_specification_versions", vnf, nullptr},
      {"vnfm_info", vnf, nullptr},
      {"pnfd_provider", pnf, &Sol004Manifest::provider},
      {"pnfd_name", pnf, &Sol004Manifest::product},
      {"pnfd_archive_version", pnf, &Sol004Manifest::version},
      {"pnfd_release_date_time", pnf, &Sol004Manifest::released},
      {"nsd_designer", ns, &Sol004Manifest::provider},
      {"nsd_name", ns, &Sol004Manifest::product},
      {"nsd_file_structure_version", ns, &Sol004Manifest::version},
      {"nsd_release_date_time", ns, &Sol004Manifest::released},
      {"nsd_invariant_id", ns, nullptr},
      {"nsd_id", ns, nullptr},
  }};
  return keys;
}

struct AlgorithmName {
  std::string_view name;
  Sha2 algorithm;
  std::size_t size;
};
constexpr std::array<AlgorithmName, 12> algorithm_names = {{
    {"SHA-256", Sha2::sha256, 32},
    {"SHA256", Sha2::sha256, 32},
    {"sha-256", Sha2::sha256, 32},
    {"sha256", Sha2::sha256, 32},
    {"SHA-384", Sha2::sha384, 48},
    {"SHA384", Sha2::sha384, 48},
    {"sha-384", Sha2::sha384, 48},
    {"sha384", Sha2::sha384, 48},
    {"SHA-512", Sha2::sha512, 64},
    {"SHA512", Sha2::sha512, 64},
    {"sha-512", Sha2::sha512, 64},
    {"sha512", Sha2::sha512, 64},
}};

// The lines of one entry, not understood yet.
struct Block {
  std::size_t line = 0;
  std::map<std::string_view, KeyedLine> lines;  // by key: Source, Algorithm, Hash, Signature, Certificate
};

class Parser {
 public:
  Parser(std::string_view text, Leniency& leniency, Findings& findings)
      : lines_(text, "manifest line "), leniency_(leniency), findings_(findings) {}

  Sol004Manifest parse() {
    lines_.check_text(Code::manifest_malformed, findings_);
    if (lines_.done() || lines_.peek() != "metadata:")
      wrong("metadata: first");
    else
      lines_.next();
    metadata();
    while (!lines_.done()) {
      if (lines_.peek() == "non_mano_artifact_sets:")
        artifact_sets();
      else
        entry();
    }
    check_metadata();
    return std::move(manifest_);
  }

 private:
  void wrong(std::string expected, Code code = Code::manifest_malformed) {
    findings_.add(Error(code, lines_.where(), std::move(expected),
                        lines_.done() ? "the end" : printable(lines_.peek().substr(0, 200))));
  }
  bool passes(Tolerance what) {
    return leniency_.meet(what, lines_.where()) == Leniency::Answer::passed_over;
  }

  // Indented lines below `metadata:`, or lines of a known key that some tools do not indent.
  void metadata() {
    while (!lines_.done()) {
      const auto line = split_key(lines_.peek(), lines_.number());
      if (!line || (!lines_.indented() && !line->key.starts_with("vnf") && !line->key.starts_with("pnfd_") &&
                    !line->key.starts_with("nsd_")))
        return;
      take_metadata(*line);
      lines_.next();
    }
  }
  void take_metadata(const KeyedLine& line) {
    const auto& keys = metadata_keys();
    const auto known =
        std::find_if(keys.begin(), keys.end(), [&](const auto& one) { return one.key == line.key; });
    if (known == keys.end()) {
      // Another reader may not care for case.
      const auto small = lower(line.key);
      if (std::any_of(keys.begin(), keys.end(), [&](const auto& one) { return one.key == small; }))
        return wrong("keys of metadata in lower case");
      if (!passes(Tolerance::unknown_keys))
        wrong(or_tolerate("a metadata key of SOL004", Tolerance::unknown_keys));
      return;
    }
    if (kind_ && *kind_ != known->kind) wrong("metadata of one kind: vnf, pnf or ns");
    kind_ = kind_.value_or(known->kind);
    if (!metadata_seen_.insert(known->field == nullptr ? known->key : label(known->field)).second)
      return wrong(std::string(known->key) + " once");
    if (line.value.empty()) return wrong("a value");
    if (known->field != nullptr) manifest_.*(known->field) = std::string(line.value);
  }
  static std::string_view label(std::string Sol004Manifest::*field) {
    if (field == &Sol004Manifest::provider) return "the provider";
    if (field == &Sol004Manifest::product) return "the product's name";
    return field == &Sol004Manifest::version ? "the package's version" : "the time of the release";
  }
  void check_metadata() {
    manifest_.kind = kind_.value_or(Sol004Kind::vnf);
    for (const auto field : {&Sol004Manifest::provider, &Sol004Manifest::product, &Sol004Manifest::version,
                             &Sol004Manifest::released}) {
      if (!(manifest_.*field).empty()) continue;
      findings_.add(Error(Code::manifest_malformed, "manifest metadata", std::string(label(field)), "none"));
    }
  }

  // Names of sets and, below each, `Source: path`: they say what artifacts are for, and nothing about their content.
  void artifact_sets() {
    lines_.next();
    std::size_t sets = 0;
    while (!lines_.done() && lines_.indented()) {
      const auto line = split_key(lines_.peek(), lines_.number());
      const bool is_name = line && line->value.empty();
      const bool is_source = line && !is_name && sets > 0 && lower(line->key) == "source";
      if (is_name) ++sets;
      if (!is_name && (!is_source || !take_set_source(*line)))
        wrong("the name of a set and a colon, or Source: and a path");
      if (sets > sets_max) return wrong("at most 64 sets");
      lines_.next();
    }
  }

  bool take_set_source(const KeyedLine& line) {
    if (line.value.find("://") != std::string_view::npos) {
      external(line);
      return true;
    }
    auto path = RelativePath::parse(line.value);
    if (!path.ok()) return false;
    if (manifest_.in_sets.size() < sol004_entries_max)
      manifest_.in_sets.push_back({line.number, std::move(path).value()});
    return true;
  }

  // One of the five keys in their one spelling, or in another case where that is tolerated.
  std::optional<std::string_view> entry_key(const KeyedLine& line) {
    static constexpr std::array<std::string_view, 5> keys = {"Source", "Algorithm", "Hash", "Signature",
                                                             "Certificate"};
    for (const auto key : keys) {
      if (line.key == key) return key;
      if (lower(line.key) != lower(key)) continue;
      if (!passes(Tolerance::key_case)) wrong(or_tolerate(std::string(key) + ":", Tolerance::key_case));
      return key;
    }
    return std::nullopt;
  }

  // Lines up to the next blank one, or to the key that begins the next entry.
  void entry() {
    Block block{lines_.number(), {}};
    bool understood = false;
    do {
      const auto line = split_key(lines_.peek(), lines_.number());
      const auto key = line && !lines_.indented() ? entry_key(*line) : std::nullopt;
      if (!key) {
        wrong("Source, Algorithm, Hash, Signature or Certificate");
        lines_.next();
        continue;
      }
      if (*key == "Source" && block.lines.contains("Source")) break;
      if (!block.lines.insert({*key, *line}).second) wrong(std::string(*key) + " once in an entry");
      understood = true;
      lines_.next();
    } while (!lines_.done() && !lines_.after_blank() && lines_.peek() != "non_mano_artifact_sets:");
    if (understood) take(block);
  }

  void take(const Block& block) {
    const auto where = "manifest line " + std::to_string(block.line);
    const auto missing = [&](std::string_view key, Code code) {
      findings_.add(Error(code, where, std::string(key) + " in every entry", "none"));
    };
    const auto source = block.lines.find("Source");
    if (source == block.lines.end()) return missing("Source", Code::manifest_malformed);
    if (source->second.value.find("://") != std::string_view::npos) return external(source->second);
    const auto path = path_of(source->second, "Source");
    const auto algorithm = algorithm_of(block, where);
    if (!block.lines.contains("Hash")) missing("Hash", Code::manifest_malformed);
    if (!path || !algorithm || !block.lines.contains("Hash")) return;
    auto digest = digest_of(block.lines.at("Hash"), *algorithm);
    Sol004Entry entry{block.line,
                      *path,
                      algorithm->algorithm,
                      std::move(digest),
                      optional_path(block, "Signature"),
                      optional_path(block, "Certificate")};
    if (!sources_.insert(*path).second) {
      findings_.add(Error(Code::manifest_malformed, path->text(), "every Source once", "twice, at " + where));
      return;
    }
    if (entry.digest.empty()) return;
    if (manifest_.entries.size() == sol004_entries_max) {
      findings_.add(Error(Code::zip_limit_exceeded, where, "at most 4096 entries", "more"));
      return;
    }
    manifest_.entries.push_back(std::move(entry));
  }

  void external(const KeyedLine& line) {
    const auto where = "manifest line " + std::to_string(line.number);
    const auto address = printable(line.value.substr(0, 1000));
    if (leniency_.meet(Tolerance::external_sources, where) == Leniency::Answer::refuse) {
      findings_.add(Error(Code::package_source_external, where,
                          or_tolerate("the path of a member", Tolerance::external_sources), address));
    } else if (manifest_.external.size() < sol004_entries_max) {
      manifest_.external.push_back(address);
    }
  }

  std::optional<RelativePath> path_of(const KeyedLine& line, std::string_view key) {
    auto path = RelativePath::parse(line.value);
    if (path.ok()) return std::move(path).value();
    findings_.add(Error(Code::manifest_malformed, "manifest line " + std::to_string(line.number),
                        std::string(key) + ": and a plain relative path",
                        printable(line.value.substr(0, 200))));
    return std::nullopt;
  }
  std::optional<RelativePath> optional_path(const Block& block, std::string_view key) {
    const auto line = block.lines.find(key);
    return line == block.lines.end() ? std::nullopt : path_of(line->second, key);
  }

  std::optional<AlgorithmName> algorithm_of(const Block& block, const std::string& where) {
    const auto line = block.lines.find("Algorithm");
    const auto value = line == block.lines.end() ? std::string_view() : line->second.value;
    for (const auto& algorithm : algorithm_names) {
      if (algorithm.name == value) return algorithm;
    }
    findings_.add(Error(
        Code::manifest_algorithm_refused,
        line == block.lines.end() ? where : "manifest line " + std::to_string(line->second.number),
        "Algorithm: SHA-256, SHA-384 or SHA-512", value.empty() ? "none" : printable(value.substr(0, 200))));
    return std::nullopt;
  }

  // Empty when it is none.
  Bytes digest_of(const KeyedLine& line, const AlgorithmName& algorithm) {
    const auto where = "manifest line " + std::to_string(line.number);
    std::string text(line.value);
    const auto small = lower(text);
    if (small != text && parse_hex(small, algorithm.size).ok()) {
      if (leniency_.meet(Tolerance::upper_case_hashes, where) == Leniency::Answer::refuse) {
        findings_.add(Error(Code::manifest_malformed, where,
                            or_tolerate("lower-case digits", Tolerance::upper_case_hashes), text));
      }
      text = small;
    }
    auto digest = parse_hex(text, algorithm.size);
    if (digest.ok() && digest.value().size() == algorithm.size) return std::move(digest).value();
    findings_.add(Error(Code::manifest_malformed, where,
                        "Hash: " + std::to_string(2 * algorithm.size) + " hexadecimal digits",
                        printable(line.value.substr(0, 200))));
    return {};
  }

  Sol004Lines lines_;
  Leniency& leniency_;
  Findings& findings_;
  Sol004Manifest manifest_;
  std::optional<Sol004Kind> kind_;
  std::set<std::string_view> metadata_seen_;
  std::set<RelativePath> sources_;
};

}  // namespace

std::string_view name(Sol004Kind kind) {
  static constexpr std::array<std::string_view, 3> names = {"vnf", "pnf", "ns"};
  return names.at(static_cast<std::size_t>(kind));
}

Sol004Manifest parse_sol004_manifest(BytesView octets, Leniency& leniency, Findings& findings) {
  return Parser(as_text(octets), leniency, findings).parse();
}

}  // namespace sallyport
