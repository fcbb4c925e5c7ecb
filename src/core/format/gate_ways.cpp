// SPDX-License-Identifier: Apache-2.0
#include "core/format/gate_ways.h"

#include <algorithm>

namespace sallyport {
namespace {

constexpr std::size_t holes_max = 64;
constexpr std::size_t way_size_max = 64;
constexpr std::size_t detail_size_max = 512;

constexpr std::array<std::string_view, 5> states{"closed", "open", "not-applicable", "not-run", "declared"};

Result<Hole> read_hole(JsonObject object) {
  auto way = TRY(object.text("way", way_size_max));
  const auto state = TRY(object.text("state", way_size_max));
  const auto* const found = std::find(states.begin(), states.end(), state);
  if (found == states.end())
    return object.malformed("state", "closed, open, not-applicable, not-run or declared", state);
  auto detail = TRY(object.text("detail", detail_size_max));
  TRY(object.finish());
  return Hole{std::move(way), static_cast<HoleState>(found - states.begin()), std::move(detail)};
}

}  // namespace

bool is_gate_way(std::string_view name) {
  return std::find(gate_ways.begin(), gate_ways.end(), name) != gate_ways.end();
}

std::string_view word(HoleState state) {
  return states.at(static_cast<std::size_t>(state));
}

std::vector<Hole> holes_not_tried(const std::string& why) {
  std::vector<Hole> holes;
  for (const auto way : gate_ways) holes.push_back({std::string(way), HoleState::not_run, why});
  return holes;
}

void write_holes(JsonWriter& json, std::string_view name, const std::vector<Hole>& holes) {
  json.key(name).begin_array();
  for (const auto& [way, state, detail] : holes) {
    json.begin_object().text("way", way).text("state", word(state)).text("detail", detail).end_object();
  }
  json.end_array();
}

Result<std::vector<Hole>> read_holes(JsonObject& object, std::string_view name) {
  const auto list = TRY(object.array(name, holes_max));
  std::vector<Hole> holes;
  for (std::size_t i = 0; i < list.size(); ++i) holes.push_back(TRY(read_hole(TRY(list.object(i)))));
  return holes;
}

}  // namespace sallyport
