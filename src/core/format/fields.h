// SPDX-License-Identifier: Apache-2.0
// Members of JSON objects as the types that they stand for. For the parsers of this folder.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/format/json.h"

namespace sallyport::fields {

inline std::string indexed(std::string_view name, std::size_t index) {
  return std::string(name) + "[" + std::to_string(index) + "]";
}

inline std::string_view expected_of(const Error& error) {
  return error.expected.empty() ? std::string_view("a value of the one accepted form") : error.expected;
}

// T is an Id, a Digest or an Instant: whatever is made of a short text by T::parse.
template <class T>
Result<T> parsed(JsonObject& object, std::string_view name) {
  const auto text = TRY(object.text(name, 200));
  auto value = T::parse(text);
  if (!value.ok()) return object.malformed(name, expected_of(value.error()), text);
  return value;
}

// 1 to `count_max` of them, in the order of the text.
template <class T>
Result<std::vector<T>> parsed_list(JsonObject& object, std::string_view name, std::size_t count_max) {
  const auto array = TRY(object.array(name, count_max));
  if (array.size() == 0) return object.malformed(name, "at least one", "none");
  std::vector<T> values;
  values.reserve(array.size());
  for (std::size_t i = 0; i < array.size(); ++i) {
    const auto text = TRY(array.text(i, 200));
    auto value = T::parse(text);
    if (!value.ok()) return object.malformed(indexed(name, i), expected_of(value.error()), text);
    values.push_back(std::move(value).value());
  }
  return values;
}

// 1 to `count_max` of them, each once.
template <class T>
Result<std::set<T>> parsed_set(JsonObject& object, std::string_view name, std::size_t count_max) {
  const auto list = TRY(parsed_list<T>(object, name, count_max));
  std::set<T> values;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!values.insert(list[i]).second)
      return object.malformed(indexed(name, i), "each once", list[i].text());
  }
  return values;
}

// A text that says something: 1 to `size_max` bytes.
inline Result<std::string> label(JsonObject& object, std::string_view name, std::size_t size_max) {
  auto text = TRY(object.text(name, size_max));
  if (text.empty()) return object.malformed(name, "at least one character", "none");
  return text;
}

// A whole number from 1 to `max`.
inline Result<std::uint64_t> positive(JsonObject& object, std::string_view name, std::uint64_t max) {
  const auto number = TRY(object.number(name, max));
  if (number == 0) return object.malformed(name, "at least 1", "0");
  return number;
}

constexpr std::uint64_t number_max = 1ULL << 53U;

}  // namespace sallyport::fields
