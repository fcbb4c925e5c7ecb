// SPDX-License-Identifier: Apache-2.0
// What the API says no with: RFC 9457 problem details. `type` is urn:sallyport:problem:NAME, where NAME is one of the
// table problems.def or a code of the program (core/base/codes.def), both stable. docs/spec/server.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/https/port.h"

namespace sallyport::server {

enum class Trouble : std::uint8_t {
#define SALLYPORT_PROBLEM(name, status, title) name,
#include "roles/server/problems.def"
#undef SALLYPORT_PROBLEM
};

struct TroubleInfo {
  std::string_view name;  // kebab-case, stable
  unsigned status;
  std::string_view title;
};
const TroubleInfo& info(Trouble trouble);
std::vector<TroubleInfo> all_troubles();

struct Problem {
  std::string name;  // what stands behind urn:sallyport:problem:
  unsigned status;
  std::string title;
  std::string detail;
};

Problem problem(Trouble trouble, std::string detail = {});
// Of a refusal: 422. Of a fault: 500, or 503 where something that is needed does not answer; what it was stays in our
// own records.
Problem problem(const Error& error);
// Of a package that intake refused: with all that the refusal says, and `more` behind it.
Problem refusal_of_package(const Error& error, const std::string& more = {});

std::string print_problem(const Problem& problem);  // JSON
WebAnswer answer_with(const Problem& problem);
WebAnswer answer_with(Trouble trouble, std::string detail = {});

}  // namespace sallyport::server
