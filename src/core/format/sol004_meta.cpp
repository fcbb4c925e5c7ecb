// SPDX-License-Identifier: Apache-2.0
#include "core/format/sol004_meta.h"

#include <algorithm>
#include <array>
#include <set>

#include "core/base/ascii.h"
#include "core/base/text.h"
#include "core/format/sol004_lines.h"

namespace sallyport {
namespace {

constexpr auto invalid = Code::package_layout_invalid;

struct MetaKey {
  std::string_view key;
  std::optional<RelativePath> Sol004Meta::*field;
};
constexpr std::string_view file_version = "TOSCA-Meta-File-Version";
constexpr std::string_view csar_version = "CSAR-Version";
constexpr std::string_view created_by = "Created-By";
constexpr std::array<MetaKey, 11> meta_keys = {{
    {"Entry-Definitions", &Sol004Meta::definitions},
    {"ETSI-Entry-Manifest", &Sol004Meta::manifest},
    {"Entry-Manifest", &Sol004Meta::manifest},
    {"ETSI-Entry-Certificate", &Sol004Meta::certificate},
    {"Entry-Certificate", &Sol004Meta::certificate},
    {"ETSI-Entry-Change-Log", &Sol004Meta::change_log},
    {"Entry-Change-Log", &Sol004Meta::change_log},
    {"ETSI-Entry-Tests", &Sol004Meta::tests},
    {"Entry-Tests", &Sol004Meta::tests},
    {"ETSI-Entry-Licenses", &Sol004Meta::licenses},
    {"Entry-Licenses", &Sol004Meta::licenses},
}};

// Another reader may not care for case.
bool is_like_known(std::string_view key) {
  const auto text = lower(key);
  const auto same = [&](std::string_view known) { return lower(known) == text; };
  return same(file_version) || same(csar_version) || same(created_by) ||
         std::any_of(meta_keys.begin(), meta_keys.end(), [&](const MetaKey& one) { return same(one.key); });
}

class MetaParser {
 public:
  MetaParser(std::string_view text, Leniency& leniency, Findings& findings)
      : lines_(text, "TOSCA.meta line "), leniency_(leniency), findings_(findings) {}

  Sol004Meta parse() {
    lines_.check_text(invalid, findings_);
    for (bool first = true; !lines_.done() && (first || !lines_.after_blank()); first = false) {
      const auto line = split_key(lines_.peek(), lines_.number());
      if (line && !lines_.indented())
        take(*line);
      else
        wrong("a key and its value");
      lines_.next();
    }
    other_blocks();
    version(file_version);
    version(csar_version);
    if (!meta_.definitions) missing("Entry-Definitions");
    return meta_;
  }

 private:
  void wrong(std::string expected) {
    findings_.add(Error(invalid, lines_.where(), std::move(expected),
                        lines_.done() ? "the end" : printable(lines_.peek().substr(0, 200))));
  }
  // They describe files to other programs; a reader that does not care for blank lines sees one block.
  void other_blocks() {
    for (; !lines_.done(); lines_.next()) {
      const auto line = split_key(lines_.peek(), lines_.number());
      if (line && is_like_known(line->key)) wrong(std::string(line->key) + " in the first block");
    }
  }
  void missing(std::string_view key) {
    findings_.add(Error(invalid, "TOSCA.meta", std::string(key), "none"));
  }
  void version(std::string_view key) {
    if (!seen_.contains(key)) missing(key);
  }

  void take(const KeyedLine& line) {
    if (!seen_.insert(line.key).second) return wrong(std::string(line.key) + " once");
    if (line.key == file_version) return expect(line, {"1.0", "1.1"});
    if (line.key == csar_version) return expect(line, {"1.0", "1.1"});
    if (line.key == created_by) {
      meta_.created_by = std::string(line.value);
      return;
    }
    const auto* const known = std::find_if(meta_keys.begin(), meta_keys.end(),
                                           [&](const MetaKey& one) { return one.key == line.key; });
    if (known != meta_keys.end()) return take_path(line, meta_.*(known->field));
    if (is_like_known(line.key)) return wrong("keys as SOL004 spells them");
    if (leniency_.meet(Tolerance::unknown_keys, lines_.where()) == Leniency::Answer::refuse)
      wrong(or_tolerate("a key of SOL004", Tolerance::unknown_keys));
  }
  void expect(const KeyedLine& line, std::initializer_list<std::string_view> values) {
    if (std::find(values.begin(), values.end(), line.value) == values.end()) wrong("version 1.0 or 1.1");
  }
  // Both spellings of a key say the same, or a reader of one release and of another see two packages.
  void take_path(const KeyedLine& line, std::optional<RelativePath>& field) {
    auto value = line.value;
    if (value.ends_with('/')) value.remove_suffix(1);  // a folder of licenses or tests
    const auto path = RelativePath::parse(value);
    if (!path.ok()) return wrong("a plain relative path");
    if (field && *field != path.value())
      return wrong("what the other spelling of this key says, " + field->text());
    field = path.value();
  }

  Sol004Lines lines_;
  Leniency& leniency_;
  Findings& findings_;
  Sol004Meta meta_;
  std::set<std::string_view> seen_;
};

}  // namespace

Sol004Meta parse_sol004_meta(BytesView bytes, Leniency& leniency, Findings& findings) {
  return MetaParser(as_text(bytes), leniency, findings).parse();
}

}  // namespace sallyport
