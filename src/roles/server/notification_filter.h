// SPDX-License-Identifier: Apache-2.0
// What somebody wants to be told of: PkgmSubscriptionRequest and PkgmNotificationsFilter of ETSI SOL005 clause 9.5.
// A list that is left out lets everything pass, one that is there lets pass what one of its entries names.
// json_malformed, also for what is not offered here: usageState, vnfmId, other authentication than TLS_CERT.
#pragma once

#include <string>
#include <vector>

#include "adapters/db/port.h"
#include "core/base/bytes.h"

namespace sallyport::server {

struct VersionFilter {
  std::string software;                  // vnfSoftwareVersion
  std::vector<std::string> descriptors;  // vnfdVersions
};
struct ProductFilter {
  std::string name;
  std::vector<VersionFilter> versions;
};
struct ProviderFilter {
  std::string name;
  std::vector<ProductFilter> products;
};

// SOL005's words for both kinds of notifications.
constexpr std::string_view onboarding_type = "VnfPackageOnboardingNotification";
constexpr std::string_view change_type = "VnfPackageChangeNotification";

struct NotificationFilter {
  std::vector<std::string> types;
  std::vector<std::string> releases;  // vnfdId
  std::vector<std::string> packages;  // vnfPkgId
  std::vector<std::string> states;    // operationalState
  std::vector<ProviderFilter> providers;

  bool takes(const EventRecord& event) const;
};

std::string print_notification_filter(const NotificationFilter& filter);
Result<NotificationFilter> parse_notification_filter(BytesView json);

struct SubscriptionRequest {
  NotificationFilter filter;
  std::string callback;
};
Result<SubscriptionRequest> parse_subscription_request(BytesView json);

}  // namespace sallyport::server
