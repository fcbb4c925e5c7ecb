// SPDX-License-Identifier: Apache-2.0
#include "core/install/config_merge.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace sallyport::install {
namespace {

constexpr std::ptrdiff_t differences_max = 1000;
constexpr std::size_t nowhere = SIZE_MAX;

// With their line ends, so that a last line without one is another line.
using Lines = std::vector<std::string_view>;

Lines lines_of(BytesView text) {
  Lines lines;
  auto rest = as_text(text);
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size() - 1) + 1;
    lines.push_back(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  return lines;
}

// Where each line of `from` is in `to`, in order; nowhere when it went. Myers' greedy algorithm: for each number of
// differences the furthest point on each diagonal (the place in `from` minus that in `to`), kept to walk back along.
class Matching {
 public:
  Matching(const Lines& from, const Lines& to)
      : from_(from), to_(to), from_size_(std::ssize(from)), to_size_(std::ssize(to)) {}

  // Nothing when the two differ in too many lines.
  std::optional<std::vector<std::size_t>> find() {
    for (std::ptrdiff_t count = 0; count <= differences_max; ++count) {
      if (extend(count) == Reached::end) return walk_back(count);
    }
    return std::nullopt;
  }

 private:
  enum class Reached : std::uint8_t { end, less };
  using Furthest = std::vector<std::ptrdiff_t>;  // by diagonal + count
  static constexpr std::ptrdiff_t none = -1000000000;

  struct Start {
    std::ptrdiff_t x;  // where the run of equal lines begins on this diagonal
    bool down;         // came by a line of `to` alone
  };
  Start start_of(std::ptrdiff_t count, std::ptrdiff_t diagonal) const {
    if (count == 0) return {0, true};
    const auto& before = rounds_[static_cast<std::size_t>(count - 1)];
    const auto at = [&](std::ptrdiff_t d) {
      return d < 1 - count || d > count - 1 ? none : before[static_cast<std::size_t>(d + count - 1)];
    };
    const bool down = at(diagonal - 1) < at(diagonal + 1);
    return {down ? at(diagonal + 1) : at(diagonal - 1) + 1, down};
  }

  Reached extend(std::ptrdiff_t count) {
    Furthest furthest(static_cast<std::size_t>(2 * count + 1), none);
    auto reached = Reached::less;
    for (auto diagonal = -count; diagonal <= count && reached == Reached::less; diagonal += 2) {
      auto x = start_of(count, diagonal).x;
      auto y = x - diagonal;
      if (x < 0 || y < 0 || x > from_size_ || y > to_size_) continue;
      while (x < from_size_ && y < to_size_ && line(from_, x) == line(to_, y)) ++x, ++y;
      furthest[static_cast<std::size_t>(diagonal + count)] = x;
      if (x == from_size_ && y == to_size_) reached = Reached::end;
    }
    rounds_.push_back(std::move(furthest));
    return reached;
  }

  std::vector<std::size_t> walk_back(std::ptrdiff_t count) const {
    std::vector<std::size_t> places(from_.size(), nowhere);
    auto x = from_size_;
    auto y = to_size_;
    for (;; --count) {
      const auto start = start_of(count, x - y);
      while (x > start.x) places[static_cast<std::size_t>(--x)] = static_cast<std::size_t>(--y);
      if (count == 0) return places;
      --(start.down ? y : x);
    }
  }

  static std::string_view line(const Lines& lines, std::ptrdiff_t index) {
    return lines[static_cast<std::size_t>(index)];
  }

  const Lines& from_;
  const Lines& to_;
  std::ptrdiff_t from_size_;
  std::ptrdiff_t to_size_;
  std::vector<Furthest> rounds_;
};

bool same(const Lines& a, std::size_t a_begin, std::size_t a_end, const Lines& b, std::size_t b_begin,
          std::size_t b_end) {
  return std::equal(
      a.begin() + static_cast<std::ptrdiff_t>(a_begin), a.begin() + static_cast<std::ptrdiff_t>(a_end),
      b.begin() + static_cast<std::ptrdiff_t>(b_begin), b.begin() + static_cast<std::ptrdiff_t>(b_end));
}

// Both made the change `less`, and `more` has lines of its own before or behind it: none of those that were there.
struct Part {
  const Lines& lines;
  std::size_t begin;
  std::size_t end;
  std::size_t size() const { return end - begin; }
};
bool adds_to(const Part& more, const Part& less, const Part& old) {
  if (less.size() == 0 || less.size() >= more.size()) return false;
  const auto inner = more.size() - less.size();
  const bool behind = same(more.lines, more.begin, more.end - inner, less.lines, less.begin, less.end);
  const bool before = same(more.lines, more.begin + inner, more.end, less.lines, less.begin, less.end);
  if (!behind && !before) return false;
  const auto own = behind ? more.end - inner : more.begin;
  for (auto line = own; line < own + inner; ++line) {
    for (auto was = old.begin; was < old.end; ++was)
      if (more.lines[line] == old.lines[was]) return false;
  }
  return true;
}

// "line 2", "lines 2 to 4"; of a place without lines, the one that it is before.
std::string lines_text(std::size_t begin, std::size_t end) {
  if (begin == end) return "the place before line " + std::to_string(begin + 1);
  if (begin + 1 == end) return "line " + std::to_string(end);
  return "lines " + std::to_string(begin + 1) + " to " + std::to_string(end);
}

class ThreeWay {
 public:
  ThreeWay(const ConfigVersions& versions, const std::string& path)
      : old_(lines_of(versions.old_default)),
        mine_(lines_of(*versions.current)),
        theirs_(lines_of(versions.new_default)),
        path_(path) {}

  Result<Bytes> merge() {
    const auto in_mine = Matching(old_, mine_).find();
    const auto in_theirs = Matching(old_, theirs_).find();
    if (!in_mine || !in_theirs)
      return Error(Code::config_conflict, path_, "at most 1000 lines that differ from the old default",
                   "more");
    for (std::size_t line = 0; line < old_.size(); ++line) {
      const auto mine = (*in_mine)[line];
      const auto theirs = (*in_theirs)[line];
      if (mine == nowhere || theirs == nowhere) continue;
      TRY(settle(line, mine, theirs));
      add(old_, line, line + 1);
      old_at_ = line + 1;
      mine_at_ = mine + 1;
      theirs_at_ = theirs + 1;
    }
    TRY(settle(old_.size(), mine_.size(), theirs_.size()));
    return std::move(merged_);
  }

 private:
  // What lies before a line that all three have.
  Result<void> settle(std::size_t old_end, std::size_t mine_end, std::size_t theirs_end) {
    const bool mine_changed = !same(old_, old_at_, old_end, mine_, mine_at_, mine_end);
    const bool theirs_changed = !same(old_, old_at_, old_end, theirs_, theirs_at_, theirs_end);
    const bool alike = same(mine_, mine_at_, mine_end, theirs_, theirs_at_, theirs_end);
    const Part old{old_, old_at_, old_end};
    const Part mine{mine_, mine_at_, mine_end};
    const Part theirs{theirs_, theirs_at_, theirs_end};
    const bool mine_has_both = adds_to(mine, theirs, old);
    if (mine_changed && theirs_changed && !alike && !mine_has_both && !adds_to(theirs, mine, old))
      return Error(Code::config_conflict, path_,
                   "changes that do not touch those of the release (" + lines_text(theirs_at_, theirs_end) +
                       " of the new default)",
                   lines_text(mine_at_, mine_end) + " changed here as well");
    if (theirs_changed && !mine_has_both) add(theirs_, theirs_at_, theirs_end);
    if (!theirs_changed || mine_has_both) add(mine_, mine_at_, mine_end);
    return {};
  }

  void add(const Lines& from, std::size_t begin, std::size_t end) {
    for (; begin < end; ++begin) {
      const auto bytes = as_bytes(from[begin]);
      merged_.insert(merged_.end(), bytes.begin(), bytes.end());
    }
  }

  Lines old_;
  Lines mine_;
  Lines theirs_;
  const std::string& path_;
  std::size_t old_at_ = 0;
  std::size_t mine_at_ = 0;
  std::size_t theirs_at_ = 0;
  Bytes merged_;
};

bool equal(BytesView a, BytesView b) {
  return std::ranges::equal(a, b);
}

}  // namespace

std::string_view word(ConfigOutcome outcome) {
  constexpr std::array<std::string_view, 4> words = {"default", "kept", "replaced", "merged"};
  return words[static_cast<std::size_t>(outcome)];
}

Result<ConfigMerge> merge_config(const std::string& path, MergeRule rule, const ConfigVersions& versions) {
  const auto& [old_default, current, new_default] = versions;
  if (!current || equal(*current, old_default) || equal(*current, new_default))
    return ConfigMerge{copy(new_default), ConfigOutcome::standard};
  if (rule == MergeRule::replace) return ConfigMerge{copy(new_default), ConfigOutcome::replaced};
  if (rule == MergeRule::keep || equal(new_default, old_default))
    return ConfigMerge{copy(*current), ConfigOutcome::kept};
  auto merged = TRY(ThreeWay(versions, path).merge());
  // One that comes out too large for the next upgrade to read would lock the operator out of it.
  if (merged.size() > config_size_max)
    return Error(Code::config_conflict, path, "at most 1 MiB", std::to_string(merged.size()) + " bytes");
  return ConfigMerge{std::move(merged), ConfigOutcome::merged};
}

}  // namespace sallyport::install
