// SPDX-License-Identifier: Apache-2.0
#include "roles/server/openapi.h"

namespace sallyport::server {
namespace {

using Names = std::vector<std::string_view>;

const Names of_lists = {"filter",          "fields",     "exclude_fields",
                        "exclude_default", "all_fields", "nextpage_opaque_marker"};
const Names of_contents = {"Range", "If-Range"};

std::vector<Operation> of_packages() {
  const std::string_view all = "/vnfpkgm/v2/vnf_packages";
  const std::string_view one = "/vnfpkgm/v2/vnf_packages/{id}";
  const std::string_view content = "/vnfpkgm/v2/vnf_packages/{id}/package_content";
  const std::string_view from_uri = "/vnfpkgm/v2/vnf_packages/{id}/package_content/upload_from_uri";
  const std::string_view upload = "/api/v1/packages/{id}/upload";
  const std::string_view verdict = "/api/v1/packages/{id}/verdict";
  const std::string_view rescan = "/api/v1/packages/{id}/rescan";
  const std::string_view tag = "packages";
  return {
      {"GET", "/vnfpkgm/api_versions", "getVersions", tag, {}, "", {{200, "ApiVersions"}}},
      {"POST", all, "createPackage", tag, {}, "CreatePackage", {{201, "PackageCreated"}}},
      {"GET", all, "listPackages", tag, of_lists, "", {{200, "Packages"}}},
      {"GET", one, "showPackage", tag, {"If-None-Match"}, "", {{200, "Package"}, {304, "NotModified"}}},
      {"PATCH", one, "changePackage", tag, {"If-Match"}, "ChangePackage", {{200, "PackageChanged"}}},
      {"DELETE", one, "deletePackage", tag, {"If-Match"}, "", {{204, "Ended"}}},
      {"PUT",
       content,
       "putContent",
       tag,
       {"Content-Range", "Repr-Digest"},
       "Content",
       {{202, "ContentTaken"}, {204, "PartTaken"}}},
      {"GET", content, "getContent", tag, of_contents, "", {{200, "Content"}, {206, "ContentPart"}}},
      {"POST", from_uri, "uploadFromUri", tag, {}, "FromUri", {{202, "FetchBegun"}}},
      {"GET", upload, "getUpload", tag, {}, "", {{200, "Upload"}}},
      {"POST", "/api/v1/packages/{id}/intake", "retryIntake", tag, {}, "", {{202, "IntakeBegun"}}},
      {"GET", verdict, "getVerdict", tag, {}, "", {{200, "Verdict"}}},
      {"GET", rescan, "getRescan", tag, {}, "", {{200, "Verdict"}}},
  };
}

std::vector<Operation> of_parts() {
  const std::string_view tag = "parts";
  return {
      {"GET",
       "/vnfpkgm/v2/vnf_packages/{id}/vnfd",
       "getDescriptor",
       tag,
       of_contents,
       "",
       {{200, "Descriptor"}, {206, "DescriptorPart"}}},
      {"GET",
       "/vnfpkgm/v2/vnf_packages/{id}/manifest",
       "getManifest",
       tag,
       of_contents,
       "",
       {{200, "Manifest"}, {206, "ManifestPart"}}},
      {"GET",
       "/vnfpkgm/v2/vnf_packages/{id}/artifacts",
       "getArtifacts",
       tag,
       of_contents,
       "",
       {{200, "Artifacts"}, {206, "ArtifactsPart"}}},
      {"GET",
       "/vnfpkgm/v2/vnf_packages/{id}/artifacts/{path}",
       "getArtifact",
       tag,
       of_contents,
       "",
       {{200, "Artifact"}, {206, "ArtifactPart"}}},
  };
}

std::vector<Operation> of_releases() {
  const std::string_view all = "/vnfpkgm/v2/onboarded_vnf_packages";
  const std::string_view one = "/vnfpkgm/v2/onboarded_vnf_packages/{vnfdId}";
  return {
      {"GET", all, "listReleases", "packages", of_lists, "", {{200, "Packages"}}},
      {"GET",
       one,
       "showRelease",
       "packages",
       {"If-None-Match"},
       "",
       {{200, "Package"}, {304, "NotModified"}}},
      {"GET",
       "/vnfpkgm/v2/onboarded_vnf_packages/{vnfdId}/package_content",
       "getReleaseContent",
       "packages",
       of_contents,
       "",
       {{200, "Content"}, {206, "ContentPart"}}},
      {"GET",
       "/vnfpkgm/v2/onboarded_vnf_packages/{vnfdId}/vnfd",
       "getReleaseDescriptor",
       "parts",
       of_contents,
       "",
       {{200, "Descriptor"}, {206, "DescriptorPart"}}},
      {"GET",
       "/vnfpkgm/v2/onboarded_vnf_packages/{vnfdId}/manifest",
       "getReleaseManifest",
       "parts",
       of_contents,
       "",
       {{200, "Manifest"}, {206, "ManifestPart"}}},
      {"GET",
       "/vnfpkgm/v2/onboarded_vnf_packages/{vnfdId}/artifacts",
       "getReleaseArtifacts",
       "parts",
       of_contents,
       "",
       {{200, "Artifacts"}, {206, "ArtifactsPart"}}},
      {"GET",
       "/vnfpkgm/v2/onboarded_vnf_packages/{vnfdId}/artifacts/{path}",
       "getReleaseArtifact",
       "parts",
       of_contents,
       "",
       {{200, "Artifact"}, {206, "ArtifactPart"}}},
  };
}

std::vector<Operation> of_subscriptions() {
  const std::string_view all = "/vnfpkgm/v2/subscriptions";
  const std::string_view one = "/vnfpkgm/v2/subscriptions/{id}";
  const std::string_view tag = "subscriptions";
  return {
      {"POST",
       all,
       "subscribe",
       tag,
       {},
       "Subscription",
       {{201, "SubscriptionCreated"}, {303, "SubscriptionKnown"}},
       "Told"},
      {"GET", all, "listSubscriptions", tag, {}, "", {{200, "Subscriptions"}}},
      {"GET", one, "showSubscription", tag, {}, "", {{200, "Subscription"}}},
      {"DELETE", one, "unsubscribe", tag, {}, "", {{204, "Ended"}}},
  };
}

std::vector<Operation> of_motions() {
  const std::string_view orders = "/api/v1/orders";
  const std::string_view order = "/api/v1/orders/{digest}";
  const std::string_view recalls = "/api/v1/recalls";
  const std::string_view recall = "/api/v1/recalls/{digest}";
  const std::string_view exceptions = "/api/v1/exceptions";
  const std::string_view exception = "/api/v1/exceptions/{digest}";
  const std::string_view approvals = "/api/v1/exceptions/{digest}/approvals";
  const std::map<unsigned, std::string_view> brought = {{200, "OrderKnown"}, {201, "OrderBrought"}};
  const std::map<unsigned, std::string_view> shown = {{200, "Statement"}};
  return {
      {"GET", orders, "listOrders", "orders", {"after"}, "", {{200, "Orders"}}},
      {"PUT", order, "putOrder", "orders", {}, "Statement", brought},
      {"GET", order, "getOrder", "orders", {}, "", shown},
      {"POST", "/api/v1/orders/{digest}/approvals", "approveOrder", "orders", {}, "Statement", shown},
      {"GET", recalls, "listRecalls", "recalls", {"after"}, "", {{200, "Recalls"}}},
      {"PUT", recall, "putRecall", "recalls", {}, "Statement", brought},
      {"GET", recall, "getRecall", "recalls", {}, "", shown},
      {"POST", "/api/v1/recalls/{digest}/approvals", "approveRecall", "recalls", {}, "Statement", shown},
      {"GET", exceptions, "listExceptions", "exceptions", {"after"}, "", {{200, "Exceptions"}}},
      {"PUT", exception, "putException", "exceptions", {}, "Exception", brought},
      {"GET", exception, "getException", "exceptions", {}, "", shown},
      {"POST", approvals, "approveException", "exceptions", {}, "Exception", shown},
  };
}

std::vector<Operation> of_nodes_and_others() {
  const std::string_view node = "/api/v1/nodes/{node}";
  const std::string_view report = "/api/v1/nodes/{node}/report";
  return {
      {"GET", "/api/v1/nodes", "listNodes", "nodes", {"afterNode"}, "", {{200, "Nodes"}}},
      {"GET", node, "showNode", "nodes", {}, "", {{200, "Node"}}},
      {"PUT", report, "putReport", "nodes", {}, "Report", {{204, "ReportTaken"}}},
      {"GET", report, "getReport", "nodes", {}, "", {{200, "Report"}}},
      {"GET", "/api/v1/log/{path}", "getLogFile", "server", {}, "", {{200, "LogFile"}}},
      {"GET", "/api/v1/policy", "getPolicy", "server", {}, "", {{200, "Policy"}}},
      {"GET", "/api/v1/audit", "listSecurityEvents", "server", {"after"}, "", {{200, "SecurityEvents"}}},
      {"GET", "/healthz", "isAlive", "server", {}, "", {{200, "Alive"}}},
      {"GET", "/metrics", "getMetrics", "server", {}, "", {{200, "Metrics"}}},
      {"GET", "/readyz", "isReady", "server", {}, "", {{200, "Ready"}}},
  };
}

}  // namespace

const std::vector<Operation>& operations() {
  static const auto all = [] {
    std::vector<Operation> made;
    for (const auto& some :
         {of_packages(), of_parts(), of_releases(), of_subscriptions(), of_motions(), of_nodes_and_others()})
      made.insert(made.end(), some.begin(), some.end());
    return made;
  }();
  return all;
}

}  // namespace sallyport::server
