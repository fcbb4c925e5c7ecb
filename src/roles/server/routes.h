// SPDX-License-Identifier: Apache-2.0
// Every resource of the API: method, path, who may ask, and with what it answers. The OpenAPI document (openapi.h) is
// printed from this table, and a test holds each of its words against the service.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "roles/server/world.h"

namespace sallyport::server {

struct Route {
  std::string_view method;
  std::string_view path;  // {name} stands for one segment; {path} at the end for all that follow
  std::string_view summary;
  Roles roles;
  std::vector<unsigned> statuses;  // besides those that any resource answers with
  Handler handler;
};
const std::vector<Route>& routes();

// Of any resource: 400, 401, 403, …
const std::vector<unsigned>& common_statuses();

using Names = std::map<std::string, std::string, std::less<>>;

// The routes of this path, one for each method; empty: there is no such resource.
struct Match {
  const Route* route;
  Names names;
};
std::vector<Match> match(const std::vector<std::string>& segments);

}  // namespace sallyport::server
