// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include "core/tlog/lines.h"
#include "core/tlog/policy.h"

namespace sallyport::tlog {
namespace {

constexpr std::size_t lines_of_a_kind_max = 64;
constexpr std::string_view no_quorum = "none";

using Words = std::vector<std::string_view>;

Words split(std::string_view line) {
  Words words;
  while (true) {
    const auto begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return words;
    line.remove_prefix(begin);
    const auto end = std::min(line.find_first_of(" \t"), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

bool is_policy_text(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || byte == '\n' || (byte >= 0x20 && byte != 0x7f);
  });
}

class Parser {
 public:
  Result<LogPolicy> parse(std::string_view text) {
    if (text.size() > log_policy_size_max || !is_policy_text(text)) {
      return refused("at most 256 KiB of text without control characters");
    }
    for (Lines lines(text); !lines.at_end();) {
      ++number_;
      const auto line = lines.next();
      if (!line) return refused("a line end");
      const auto words = split(*line);
      if (words.empty() || words.front().front() == '#') continue;
      TRY(read(words));
    }
    if (!has_quorum_) return refused("one line `quorum`");
    return std::move(policy_);
  }

 private:
  Error refused(std::string expected, std::string_view found = {}) const {
    return {Code::log_policy_malformed, "line " + std::to_string(number_), std::move(expected),
            std::string(found.substr(0, 80))};
  }

  Result<void> read(const Words& words) {
    if (words[0] == "log" && (words.size() == 2 || words.size() == 3)) return read_log(words);
    if (words[0] == "witness" && (words.size() == 3 || words.size() == 4)) return read_witness(words);
    if (words[0] == "group" && words.size() >= 4) return read_group(words);
    if (words[0] == "quorum" && words.size() == 2) return read_quorum(words[1]);
    // Anything else may be a key in the wrong place.
    const bool is_word = std::ranges::all_of(words[0], [](char c) { return c >= 'a' && c <= 'z'; });
    return refused("log, witness, group or quorum with what belongs to it",
                   is_word ? words[0] : "something else");
  }

  enum class Whose : std::uint8_t { log, witness };
  Result<NoteKey> read_key(std::string_view word, Whose whose) const {
    auto key = NoteKey::parse(word);
    if (key.ok() && is_cosignature(key.value().use()) == (whose == Whose::witness)) return key;
    return refused(whose == Whose::log ? "the key of a log" : "the key of a witness",
                   key.ok() ? "one of another kind" : key.error().found);
  }

  Result<void> read_log(const Words& words) {
    const auto key = TRY(read_key(words[1], Whose::log));
    const bool is_known = std::ranges::any_of(
        policy_.logs, [&](const NoteKey& other) { return other.key().id() == key.key().id(); });
    if (is_known || policy_.logs.size() == lines_of_a_kind_max)
      return refused("a key of its own, 64 logs at most");
    policy_.logs.push_back(key);
    return {};
  }

  Result<void> read_witness(const Words& words) {
    const auto key = TRY(read_key(words[2], Whose::witness));
    if (!witness_keys_.insert(key.key().id()).second || witness_keys_.size() > lines_of_a_kind_max) {
      return refused("a key of its own, 64 witnesses at most");
    }
    const auto url = words.size() == 4 ? std::optional<std::string>(words[3]) : std::nullopt;
    return define(words[1], Witness{std::string(words[1]), key, url});
  }

  Result<void> read_group(const Words& words) {
    Group group{std::string(words[1]), 0, {}};
    for (auto word = words.begin() + 3; word != words.end(); ++word) {
      const auto index = TRY(find(*word));
      if (std::ranges::count(group.members, index) != 0) return refused("each member once", *word);
      group.members.push_back(index);
    }
    const auto threshold = words[2] == "any"   ? std::optional<std::uint64_t>(1)
                           : words[2] == "all" ? group.members.size()
                                               : parse_decimal(words[2], group.members.size());
    if (!threshold || *threshold == 0) return refused("any, all, or 1 to the number of members", words[2]);
    if (++groups_ > lines_of_a_kind_max) return refused("64 groups at most");
    group.threshold = *threshold;
    return define(words[1], std::move(group));
  }

  Result<void> read_quorum(std::string_view name) {
    if (has_quorum_) return refused("one line `quorum`", "a second one");
    has_quorum_ = true;
    if (name != no_quorum) policy_.quorum = TRY(find(name));
    return {};
  }

  Result<void> define(std::string_view name, std::variant<Witness, Group> member) {
    if (name == no_quorum || !names_.emplace(name, policy_.members.size()).second) {
      return refused("a name of its own", name);
    }
    policy_.members.push_back(std::move(member));
    return {};
  }

  Result<std::size_t> find(std::string_view name) const {
    const auto known = names_.find(std::string(name));
    if (known == names_.end()) return refused("the name of a witness or group defined before", name);
    return known->second;
  }

  LogPolicy policy_;
  std::map<std::string, std::size_t> names_;
  std::set<KeyId> witness_keys_;
  std::size_t groups_ = 0;
  std::size_t number_ = 0;
  bool has_quorum_ = false;
};

}  // namespace

Result<LogPolicy> parse_log_policy(std::string_view text) {
  return Parser().parse(text);
}

}  // namespace sallyport::tlog
