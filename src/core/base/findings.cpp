// SPDX-License-Identifier: Apache-2.0
#include "core/base/findings.h"

#include <algorithm>
#include <utility>

namespace sallyport {
namespace {

std::size_t grade_of(Code code) {
  if (kind_of(code) == Kind::fault) return 2;
  return exit_of(code) == Exit::integrity ? 0 : 1;
}

// NUL parts them: no text that was echoed from outside can make two findings look like one by accident only.
std::string key_of(const Error& error) {
  std::string key(name(error.code));
  for (const auto* const part : {&error.where, &error.expected, &error.found})
    key.append(1, '\0').append(*part);
  return key;
}

}  // namespace

void Findings::add(Error error) {
  auto& grade = by_grade_.at(grade_of(error.code));
  auto key = key_of(error);
  if (seen_.contains(key)) return;
  ++count_;
  if (grade.size() == listed_max) return;
  seen_.insert(std::move(key));
  grade.push_back(std::move(error));
}

bool Findings::has(Code code) const {
  const auto& grade = by_grade_.at(grade_of(code));
  return std::any_of(grade.begin(), grade.end(), [&](const Error& error) { return error.code == code; });
}

std::vector<Error> Findings::sorted() const {
  std::vector<Error> all;
  for (const auto& grade : by_grade_) {
    for (const auto& error : grade) {
      if (all.size() == listed_max) return all;
      all.push_back(error);
    }
  }
  return all;
}

}  // namespace sallyport
