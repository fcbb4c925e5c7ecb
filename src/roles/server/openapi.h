// SPDX-License-Identifier: Apache-2.0
// The OpenAPI document of the API: the routes (routes.h), what each takes and gives (below), the words for that
// (openapi_parts.h) and the problems (problem.h). Tests hold it against the service; a story holds every answer of a
// server that runs against it.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::server {

// What a route takes and gives, by names of the components of the document.
struct Operation {
  std::string_view method;
  std::string_view path;
  std::string_view id;
  std::string_view tag;
  std::vector<std::string_view> parameters;  // besides those of the path, and Version
  std::string_view body;                     // empty: none
  std::map<unsigned, std::string_view> answers;
  std::string_view callback = {};  // empty: none
};
const std::vector<Operation>& operations();

std::string print_openapi();

}  // namespace sallyport::server
