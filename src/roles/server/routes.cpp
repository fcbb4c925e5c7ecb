// SPDX-License-Identifier: Apache-2.0
#include "roles/server/routes.h"

#include <optional>

#include "roles/server/exceptions.h"
#include "roles/server/nodes.h"
#include "roles/server/orders.h"
#include "roles/server/others.h"
#include "roles/server/packages.h"
#include "roles/server/parts.h"
#include "roles/server/recalls.h"
#include "roles/server/retry.h"
#include "roles/server/subscriptions.h"

namespace sallyport::server {
namespace {

constexpr Roles everybody = {Role::submitter, Role::approver, Role::deployer,
                             Role::officer,   Role::auditor,  Role::node};
constexpr Roles readers = {Role::approver, Role::deployer, Role::officer, Role::auditor, Role::node};
constexpr Roles overseers = {Role::deployer, Role::officer, Role::auditor};
constexpr Roles keepers = {Role::submitter, Role::officer};
constexpr Roles watchers = {Role::officer, Role::auditor, Role::monitor};
constexpr Roles subscribers = {Role::submitter, Role::approver, Role::deployer, Role::officer};
constexpr Roles told = {Role::submitter, Role::approver, Role::deployer, Role::officer, Role::auditor};

std::vector<Route> package_routes() {
  return {
      {"GET",
       "/vnfpkgm/api_versions",
       "The versions of the package management API",
       everybody,
       {200},
       get_versions},
      {"POST",
       "/vnfpkgm/v2/vnf_packages",
       "Create a package resource",
       {Role::submitter},
       {201, 413, 415, 422},
       create_package},
      {"GET", "/vnfpkgm/v2/vnf_packages", "List packages", everybody, {200}, list_packages},
      {"GET", "/vnfpkgm/v2/vnf_packages/{id}", "Show a package", everybody, {200, 304, 404}, show_package},
      {"PATCH",
       "/vnfpkgm/v2/vnf_packages/{id}",
       "Change operationalState or userDefinedData",
       keepers,
       {200, 404, 409, 412, 413, 415, 422},
       change_package},
      {"DELETE",
       "/vnfpkgm/v2/vnf_packages/{id}",
       "Delete a package",
       keepers,
       {204, 404, 409, 412},
       delete_package},
      {"PUT",
       "/vnfpkgm/v2/vnf_packages/{id}/package_content",
       "Upload the content of a package, or the part of it that Content-Range names",
       {Role::submitter},
       {202, 204, 404, 409, 413, 415, 422},
       put_content},
      {"GET",
       "/vnfpkgm/v2/vnf_packages/{id}/package_content",
       "Fetch the content of a package",
       everybody,
       {200, 206, 404, 409, 416},
       get_content},
      {"POST",
       "/vnfpkgm/v2/vnf_packages/{id}/package_content/upload_from_uri",
       "Have the content of a package fetched from a listed host",
       {Role::submitter},
       {202, 404, 409, 413, 415, 422},
       upload_from_uri},
      {"GET",
       "/api/v1/packages/{id}/upload",
       "Where an upload that was cut off goes on",
       {Role::submitter},
       {200, 404, 409},
       get_upload},
      {"POST",
       "/api/v1/packages/{id}/intake",
       "Take a package in ERROR in once more, with the content that is there",
       keepers,
       {202, 404, 409},
       retry_intake},
  };
}

std::vector<Route> verdict_routes() {
  return {
      {"GET",
       "/api/v1/packages/{id}/verdict",
       "Fetch the signed verdict of a package",
       everybody,
       {200, 404},
       get_verdict},
      {"GET",
       "/api/v1/packages/{id}/rescan",
       "Fetch the verdict of the last time that a package was looked at again",
       everybody,
       {200, 404},
       get_rescan},
  };
}

std::vector<Route> part_routes() {
  return {
      {"GET",
       "/vnfpkgm/v2/vnf_packages/{id}/vnfd",
       "Fetch the descriptor of a package",
       everybody,
       {200, 206, 404, 406, 409, 416},
       get_descriptor},
      {"GET",
       "/vnfpkgm/v2/vnf_packages/{id}/manifest",
       "Fetch the manifest of a package, with its signatures",
       everybody,
       {200, 206, 404, 406, 409, 416},
       get_manifest},
      {"GET",
       "/vnfpkgm/v2/vnf_packages/{id}/artifacts",
       "Fetch all artifacts of a package in one archive",
       everybody,
       {200, 206, 404, 406, 409, 416},
       get_artifacts},
      {"GET",
       "/vnfpkgm/v2/vnf_packages/{id}/artifacts/{path}",
       "Fetch a member of a package",
       everybody,
       {200, 206, 404, 406, 409, 416},
       get_artifact},
  };
}

std::vector<Route> release_routes() {
  return {
      {"GET",
       "/vnfpkgm/v2/onboarded_vnf_packages",
       "List packages that are on-boarded",
       everybody,
       {200},
       list_onboarded},
      {"GET",
       "/vnfpkgm/v2/onboarded_vnf_packages/{vnfdId}",
       "Show a package that is on-boarded",
       everybody,
       {200, 304, 404},
       show_package},
      {"GET",
       "/vnfpkgm/v2/onboarded_vnf_packages/{vnfdId}/package_content",
       "Fetch the content of a package that is on-boarded",
       everybody,
       {200, 206, 404, 416},
       get_content},
      {"GET",
       "/vnfpkgm/v2/onboarded_vnf_packages/{vnfdId}/vnfd",
       "Fetch the descriptor of a package that is on-boarded",
       everybody,
       {200, 206, 404, 406, 416},
       get_descriptor},
      {"GET",
       "/vnfpkgm/v2/onboarded_vnf_packages/{vnfdId}/manifest",
       "Fetch the manifest of a package that is on-boarded, with its signatures",
       everybody,
       {200, 206, 404, 406, 416},
       get_manifest},
      {"GET",
       "/vnfpkgm/v2/onboarded_vnf_packages/{vnfdId}/artifacts",
       "Fetch all artifacts of a package that is on-boarded in one archive",
       everybody,
       {200, 206, 404, 406, 416},
       get_artifacts},
      {"GET",
       "/vnfpkgm/v2/onboarded_vnf_packages/{vnfdId}/artifacts/{path}",
       "Fetch a member of a package that is on-boarded",
       everybody,
       {200, 206, 404, 406, 416},
       get_artifact},
  };
}

std::vector<Route> subscription_routes() {
  return {
      {"POST",
       "/vnfpkgm/v2/subscriptions",
       "Ask to be told of packages",
       subscribers,
       {201, 303, 409, 413, 415, 422, 503},
       create_subscription},
      {"GET", "/vnfpkgm/v2/subscriptions", "List subscriptions", told, {200}, list_subscriptions},
      {"GET", "/vnfpkgm/v2/subscriptions/{id}", "Show a subscription", told, {200, 404}, show_subscription},
      {"DELETE",
       "/vnfpkgm/v2/subscriptions/{id}",
       "End a subscription",
       subscribers,
       {204, 404},
       delete_subscription},
  };
}

std::vector<Route> order_routes() {
  return {
      {"GET", "/api/v1/orders", "List orders", readers, {200}, list_orders},
      {"PUT",
       "/api/v1/orders/{digest}",
       "Bring a proposed order",
       {Role::deployer},
       {200, 201, 413, 415, 422},
       put_order},
      {"GET",
       "/api/v1/orders/{digest}",
       "Fetch an order with all its signatures",
       readers,
       {200, 404},
       get_order},
      {"POST",
       "/api/v1/orders/{digest}/approvals",
       "Bring signatures of the account's person",
       {Role::approver},
       {200, 404, 413, 415, 422},
       post_approvals},
  };
}

std::vector<Route> recall_routes() {
  return {
      {"GET", "/api/v1/recalls", "List recalls", readers, {200}, list_recalls},
      {"PUT",
       "/api/v1/recalls/{digest}",
       "Bring a proposed recall",
       {Role::deployer},
       {200, 201, 413, 415, 422},
       put_recall},
      {"GET",
       "/api/v1/recalls/{digest}",
       "Fetch a recall with all its signatures",
       readers,
       {200, 404},
       get_recall},
      {"POST",
       "/api/v1/recalls/{digest}/approvals",
       "Bring signatures of the account's person",
       {Role::approver},
       {200, 404, 413, 415, 422},
       post_recall_approvals},
  };
}

std::vector<Route> exception_routes() {
  return {
      {"GET", "/api/v1/exceptions", "List exceptions for findings", readers, {200}, list_exceptions},
      {"PUT",
       "/api/v1/exceptions/{digest}",
       "Bring a proposed exception",
       {Role::deployer},
       {200, 201, 413, 415, 422},
       put_exception},
      {"GET",
       "/api/v1/exceptions/{digest}",
       "Fetch an exception with all its signatures",
       readers,
       {200, 404},
       get_exception},
      {"POST",
       "/api/v1/exceptions/{digest}/approvals",
       "Bring signatures of the account's person",
       {Role::approver},
       {200, 404, 413, 415, 422},
       post_exception_approvals},
  };
}

std::vector<Route> node_routes() {
  return {
      {"GET", "/api/v1/nodes", "List what nodes report", overseers, {200}, list_nodes},
      {"GET", "/api/v1/nodes/{node}", "Show what a node reports", overseers, {200, 404}, show_node},
      {"PUT",
       "/api/v1/nodes/{node}/report",
       "Bring the node's own report",
       {Role::node},
       {204, 409, 413, 415, 422},
       put_report},
      {"GET",
       "/api/v1/nodes/{node}/report",
       "Fetch the newest report of a node",
       overseers,
       {200, 404},
       get_report},
  };
}

std::vector<Route> other_routes() {
  return {
      {"GET",
       "/api/v1/log/{path}",
       "Fetch the log's checkpoint or one of its tiles",
       everybody,
       {200, 404},
       get_log_file},
      {"GET", "/api/v1/policy", "Fetch the policy that this server goes by", everybody, {200}, get_policy},
      {"GET", "/api/v1/audit", "Read security events", {Role::auditor}, {200}, list_audit},
      {"GET", "/healthz", "Whether the server runs", watchers, {200}, is_alive},
      {"GET", "/metrics", "What the server counts, for Prometheus", watchers, {200}, get_metrics},
      {"GET", "/readyz", "Whether database and disk answer", watchers, {200, 503}, is_ready},
  };
}

std::vector<Route> make() {
  auto all = package_routes();
  for (const auto& more :
       {verdict_routes(), part_routes(), release_routes(), subscription_routes(), order_routes(),
        recall_routes(), exception_routes(), node_routes(), other_routes()})
    all.insert(all.end(), more.begin(), more.end());
  return all;
}

std::vector<std::string_view> parts_of(std::string_view path) {
  std::vector<std::string_view> parts;
  path.remove_prefix(1);
  while (true) {
    const auto end = path.find('/');
    parts.push_back(path.substr(0, end));
    if (end == std::string_view::npos) return parts;
    path.remove_prefix(end + 1);
  }
}

std::optional<Names> match_one(const Route& route, const std::vector<std::string>& segments) {
  const auto parts = parts_of(route.path);
  const bool takes_rest = parts.back() == "{path}";
  if (segments.size() < parts.size() || (segments.size() > parts.size() && !takes_rest)) return std::nullopt;
  Names names;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!parts[i].starts_with('{')) {
      if (parts[i] != segments[i]) return std::nullopt;
      continue;
    }
    std::string value = segments[i];
    if (takes_rest && i + 1 == parts.size())
      for (auto rest = i + 1; rest < segments.size(); ++rest) value += "/" + segments[rest];
    names.emplace(parts[i].substr(1, parts[i].size() - 2), std::move(value));
  }
  return names;
}

}  // namespace

const std::vector<Route>& routes() {
  static const auto all = make();
  return all;
}

const std::vector<unsigned>& common_statuses() {
  static const std::vector<unsigned> all = {400, 401, 403, 408, 414, 429, 431, 500};
  return all;
}

std::vector<Match> match(const std::vector<std::string>& segments) {
  std::vector<Match> found;
  for (const auto& route : routes())
    if (auto names = match_one(route, segments)) found.push_back({&route, std::move(*names)});
  return found;
}

}  // namespace sallyport::server
