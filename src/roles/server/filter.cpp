// SPDX-License-Identifier: Apache-2.0
#include "roles/server/filter.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/text.h"

namespace sallyport::server {
namespace {

using Operator = Condition::Operator;

constexpr std::size_t conditions_max = 16;
constexpr std::size_t values_max = 64;
constexpr std::array<std::pair<std::string_view, Operator>, 10> operators = {{
    {"eq", Operator::eq},
    {"neq", Operator::neq},
    {"in", Operator::in},
    {"nin", Operator::nin},
    {"gt", Operator::gt},
    {"gte", Operator::gte},
    {"lt", Operator::lt},
    {"lte", Operator::lte},
    {"cont", Operator::cont},
    {"ncont", Operator::ncont},
}};

Error refused(std::string_view expected, std::string_view found) {
  return {Code::json_malformed, "filter", std::string(expected), printable(found.substr(0, 200))};
}

// Reads one text from front to back.
class Reader {
 public:
  explicit Reader(std::string_view text) : left_(text) {}
  bool at_end() const { return left_.empty(); }
  std::string_view left() const { return left_; }
  bool take(char c) {
    if (left_.empty() || left_.front() != c) return false;
    left_.remove_prefix(1);
    return true;
  }
  std::string plain() {
    const auto end = std::min(left_.find_first_of(",();'"), left_.size());
    std::string found(left_.substr(0, end));
    left_.remove_prefix(end);
    return found;
  }
  // Between apostrophes, of which two stand for one.
  Result<std::string> value() {
    if (!take('\'')) return plain();
    std::string found;
    while (!left_.empty()) {
      const char c = left_.front();
      left_.remove_prefix(1);
      if (c != '\'' || take('\'')) {
        found += c;
        continue;
      }
      return found;
    }
    return refused("an apostrophe at the end of the value", found);
  }

 private:
  std::string_view left_;
};

bool takes_several(Operator op) {
  return op == Operator::in || op == Operator::nin || op == Operator::cont || op == Operator::ncont;
}

Result<Condition> parse_condition(Reader& from, const std::vector<std::string_view>& known) {
  if (!from.take('(')) return refused("(", from.left());
  const auto word = from.plain();
  const auto* const op = std::find_if(operators.begin(), operators.end(),
                                      [&](const auto& entry) { return entry.first == word; });
  if (op == operators.end())
    return refused("an operator: eq, neq, in, nin, gt, gte, lt, lte, cont, ncont", word);
  if (!from.take(',')) return refused("a comma", from.left());
  Condition condition{op->second, from.plain(), {}};
  if (std::find(known.begin(), known.end(), condition.attribute) == known.end())
    return refused("an attribute that can be filtered by", condition.attribute);
  while (from.take(',')) {
    if (condition.values.size() == values_max) return refused("at most 64 values", from.left());
    condition.values.push_back(TRY(from.value()));
  }
  if (condition.values.empty() || (condition.values.size() > 1 && !takes_several(condition.op)))
    return refused("as many values as the operator takes", word);
  if (!from.take(')')) return refused(")", from.left());
  return condition;
}

bool holds(const Condition& condition, const std::string& value) {
  const auto& all = condition.values;
  const auto is_one = [&] { return std::find(all.begin(), all.end(), value) != all.end(); };
  const auto has_one = [&] {
    return std::any_of(all.begin(), all.end(),
                       [&](const auto& part) { return value.find(part) != std::string::npos; });
  };
  switch (condition.op) {
    case Operator::eq:
    case Operator::in:
      return is_one();
    case Operator::neq:
    case Operator::nin:
      return !is_one();
    case Operator::gt:
      return value > all.front();
    case Operator::gte:
      return value >= all.front();
    case Operator::lt:
      return value < all.front();
    case Operator::lte:
      return value <= all.front();
    case Operator::cont:
      return has_one();
    case Operator::ncont:
      return !has_one();
  }
  CHECK(false);
}

}  // namespace

Result<Filter> Filter::parse(std::string_view text, const std::vector<std::string_view>& known) {
  Filter filter;
  Reader from(text);
  do {
    if (filter.conditions_.size() == conditions_max) return refused("at most 16 conditions", from.left());
    filter.conditions_.push_back(TRY(parse_condition(from, known)));
  } while (from.take(';'));
  if (!from.at_end()) return refused("; or the end", from.left());
  return filter;
}

bool Filter::takes(const Attributes& attributes) const {
  return std::all_of(conditions_.begin(), conditions_.end(), [&](const Condition& condition) {
    const auto found = attributes.find(condition.attribute);
    return holds(condition, found == attributes.end() ? std::string() : found->second);
  });
}

}  // namespace sallyport::server
