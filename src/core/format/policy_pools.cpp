// SPDX-License-Identifier: Apache-2.0
#include "core/format/policy_parts.h"
#include "core/format/sysctl.h"

namespace sallyport::parts {
namespace {

constexpr std::size_t products_max = 256;
constexpr std::size_t persons_max = 1000;
constexpr std::size_t places_max = 16;        // of one composition
constexpr std::size_t compositions_max = 64;  // of one rule
constexpr std::size_t depth_max = 4;
constexpr std::size_t sets_max = 64;
constexpr std::size_t hours_max = 32;
constexpr std::size_t allowed_sysctls_max = 256;
constexpr std::uint64_t window_hours_max = 8760;
constexpr std::uint64_t break_glass_hours_max = 72;

using Compositions = std::vector<Composition>;

Result<Compositions> read_rule(JsonObject& rule, std::size_t depth);

// NOLINTNEXTLINE(misc-no-recursion): depth_max
Result<std::vector<Compositions>> read_parts(JsonObject& rule, std::string_view name, std::size_t depth) {
  if (depth == depth_max) return rule.malformed(name, "rules nested less deeply");
  const auto array = TRY(rule.array(name, places_max));
  if (array.size() == 0) return rule.malformed(name, "at least one", "none");
  std::vector<Compositions> all;
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto part = TRY(array.object(i));
    all.push_back(TRY(read_rule(part, depth + 1)));
    TRY(part.finish());
  }
  return all;
}

Result<Compositions> any_of(const JsonObject& rule, const std::vector<Compositions>& alternatives) {
  Compositions all;
  for (const auto& some : alternatives) all.insert(all.end(), some.begin(), some.end());
  if (all.size() > compositions_max)
    return rule.malformed("any", "a smaller rule", std::to_string(all.size()));
  return all;
}

// Every choice of one composition of each part.
Result<Compositions> all_of(const JsonObject& rule, const std::vector<Compositions>& wanted) {
  Compositions all{{}};
  for (const auto& part : wanted) {
    Compositions longer;
    for (const auto& begun : all) {
      for (const auto& more : part) {
        auto one = begun;
        one.insert(one.end(), more.begin(), more.end());
        if (one.size() > places_max) return rule.malformed("all", "a smaller rule");
        longer.push_back(std::move(one));
      }
    }
    if (longer.size() > compositions_max) return rule.malformed("all", "a smaller rule");
    all = std::move(longer);
  }
  return all;
}

// {"roles": [...], "persons": N}, {"all": [...]} or {"any": [...]}.
// NOLINTNEXTLINE(misc-no-recursion): depth_max
Result<Compositions> read_rule(JsonObject& rule, std::size_t depth) {
  if (rule.has("all")) return all_of(rule, TRY(read_parts(rule, "all", depth)));
  if (rule.has("any")) return any_of(rule, TRY(read_parts(rule, "any", depth)));
  auto roles = TRY(fields::parsed_set<RoleId>(rule, "roles", roles_max));
  const auto persons = TRY(fields::positive(rule, "persons", persons_max));
  return Compositions{{Places{std::move(roles), static_cast<std::uint32_t>(persons)}}};
}

Result<std::set<RoleId>> read_veto(JsonObject& object) {
  if (!object.has("veto")) return std::set<RoleId>();
  return fields::parsed_set<RoleId>(object, "veto", roles_max);
}

Result<ApprovalRule> read_approvals(JsonObject& object) {
  auto propose = TRY(fields::parsed_set<RoleId>(object, "propose", roles_max));
  auto approve = TRY(read_quorum(object, "approve"));
  auto veto = TRY(read_veto(object));
  return ApprovalRule{std::move(propose), std::move(approve), std::move(veto)};
}

Result<std::optional<BreakGlassRule>> read_break_glass(JsonObject& pool) {
  if (!pool.has("break_glass")) return std::optional<BreakGlassRule>();
  auto object = TRY(pool.object("break_glass"));
  auto approvals = TRY(read_approvals(object));
  const auto hours = TRY(fields::positive(object, "window_hours_max", break_glass_hours_max));
  TRY(object.finish());
  return std::optional(BreakGlassRule{std::move(approvals), static_cast<std::uint32_t>(hours)});
}

template <class T>
Result<T> of_hours(Result<T> parsed, const JsonObject& object, std::string_view member) {
  if (parsed.ok()) return parsed;
  return object.malformed(member, parsed.error().expected, parsed.error().found);
}

Result<Hours> read_hours(JsonObject& object) {
  Hours hours{};
  const auto days = TRY(object.array("days", 7));
  if (days.size() == 0) return object.malformed("days", "at least one", "none");
  for (std::size_t i = 0; i < days.size(); ++i) {
    const auto text = TRY(days.text(i, 10));
    const auto place = fields::indexed("days", i);
    if (!hours.days.insert(TRY(of_hours(parse_day(text), object, place))).second)
      return object.malformed(place, "each once", text);
  }
  hours.from_minute = TRY(of_hours(parse_minute(TRY(object.text("from", 10))), object, "from"));
  hours.until_minute = TRY(of_hours(parse_minute(TRY(object.text("until", 10))), object, "until"));
  TRY(object.finish());
  return hours;
}

Result<std::optional<Timetable>> read_timetable(JsonObject& pool) {
  if (!pool.has("windows")) return std::optional<Timetable>();
  const auto array = TRY(pool.array("windows", hours_max));
  if (array.size() == 0) return pool.malformed("windows", "at least one", "none");
  Timetable timetable;
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto object = TRY(array.object(i));
    timetable.push_back(TRY(read_hours(object)));
  }
  return std::optional(std::move(timetable));
}

Result<std::optional<std::uint32_t>> read_window_hours(JsonObject& pool) {
  if (!pool.has("window_hours_max")) return std::optional<std::uint32_t>();
  const auto hours = TRY(fields::positive(pool, "window_hours_max", window_hours_max));
  return std::optional(static_cast<std::uint32_t>(hours));
}

// The names that releases may set; docs/spec/tree.md has those that there are.
Result<std::set<std::string>> read_allowed_sysctls(JsonObject& pool) {
  std::set<std::string> names;
  if (!pool.has("sysctls")) return names;
  const auto array = TRY(pool.array("sysctls", allowed_sysctls_max));
  if (array.size() == 0) return pool.malformed("sysctls", "at least one", "none");
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto name = TRY(array.text(i, 200));
    if (sysctl_scope(name) == SysctlScope::none)
      return pool.malformed(fields::indexed("sysctls", i), "a setting of a network or IPC namespace", name);
    if (!names.insert(name).second) return pool.malformed(fields::indexed("sysctls", i), "each once", name);
  }
  return names;
}

}  // namespace

Result<Quorum> read_quorum(JsonObject& object, std::string_view roles_name) {
  if (object.has("rule")) {
    auto rule = TRY(object.object("rule"));
    auto compositions = TRY(read_rule(rule, 0));
    TRY(rule.finish());
    return Quorum(std::move(compositions));
  }
  auto roles = TRY(fields::parsed_set<RoleId>(object, roles_name, roles_max));
  const auto persons = TRY(fields::positive(object, "persons", persons_max));
  return Quorum({{Places{std::move(roles), static_cast<std::uint32_t>(persons)}}});
}

Result<Pool> read_pool(JsonObject& object) {
  auto id = TRY(fields::parsed<PoolId>(object, "id"));
  auto products = TRY(fields::parsed_set<ProductId>(object, "products", products_max));
  auto nodes = TRY(fields::parsed_set<NodeId>(object, "nodes", pool_nodes_max));
  auto rule = TRY(object.object("approvals"));
  auto approvals = TRY(read_approvals(rule));
  TRY(rule.finish());
  auto break_glass = TRY(read_break_glass(object));
  const auto hours = TRY(read_window_hours(object));
  auto timetable = TRY(read_timetable(object));
  auto sysctls = TRY(read_allowed_sysctls(object));
  auto gate = TRY(read_gate_rule(object));
  return Pool{std::move(id),        std::move(products),    std::move(nodes),
              std::move(approvals), std::move(break_glass), hours,
              std::move(timetable), std::move(sysctls),     std::move(gate)};
}

Result<std::optional<Officers>> read_officers(JsonObject& top) {
  if (!top.has("officers")) return std::optional<Officers>();
  auto object = TRY(top.object("officers"));
  auto officers = TRY(read_quorum(object, "roles"));
  TRY(object.finish());
  return std::optional(std::move(officers));
}

Result<std::vector<std::set<RoleId>>> read_apart(JsonObject& top) {
  std::vector<std::set<RoleId>> all;
  if (!top.has("apart")) return all;
  const auto array = TRY(top.array("apart", sets_max));
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto object = TRY(array.object(i));
    all.push_back(TRY(fields::parsed_set<RoleId>(object, "roles", roles_max)));
    TRY(object.finish());
    if (all.back().size() < 2) return top.malformed(fields::indexed("apart", i), "at least two roles");
  }
  return all;
}

}  // namespace sallyport::parts
