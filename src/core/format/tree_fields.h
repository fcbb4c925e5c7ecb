// SPDX-License-Identifier: Apache-2.0
// Reading the fields that entries and services share; for tree_parse.cpp and service_parse.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/path.h"
#include "core/format/json.h"

namespace sallyport {

constexpr std::size_t tree_text_size_max = 4095;
constexpr std::size_t capabilities_max = 64;

template <class T>
struct Named {
  std::string_view name;
  T value;
};

// "own or host"
template <class T, std::size_t N>
std::string list_choices(const Named<T> (&choices)[N]) {
  std::string text;
  for (std::size_t i = 0; i < N; ++i) {
    text += i == 0 ? "" : i + 1 == N ? " or " : ", ";
    text += choices[i].name;
  }
  return text;
}

template <class T, std::size_t N>
Result<T> read_choice(JsonObject& from, std::string_view member, const Named<T> (&choices)[N]) {
  const auto text = TRY(from.text(member, 32));
  for (const auto& choice : choices) {
    if (choice.name == text) return choice.value;
  }
  return from.malformed(member, list_choices(choices), text);
}

template <class T, std::size_t N>
std::string_view spell_choice(T value, const Named<T> (&choices)[N]) {
  for (const auto& choice : choices) {
    if (choice.value == value) return choice.name;
  }
  return {};
}

// A user or group. 2^32-1 is no such: it means "leave as it is" to chown.
Result<std::uint32_t> read_owner(JsonObject& from, std::string_view member);
Result<RelativePath> read_path(JsonObject& from, std::string_view member);
Result<std::vector<std::string>> read_texts(JsonObject& from, std::string_view member, std::size_t count_max);

}  // namespace sallyport
