// SPDX-License-Identifier: Apache-2.0
#include "roles/server/notification_filter.h"

#include <algorithm>

#include "core/format/json.h"
#include "core/format/json_writer.h"

namespace sallyport::server {
namespace {

constexpr std::uint64_t text_max = 64U << 10U;
constexpr std::size_t entries_max = 64;
constexpr std::size_t entry_size_max = 256;
constexpr std::size_t url_size_max = 2048;

using Texts = std::vector<std::string>;

Result<Texts> read_texts(JsonObject& from, std::string_view name, const Texts& allowed = {}) {
  Texts texts;
  if (!from.has(name)) return texts;
  const auto list = TRY(from.array(name, entries_max));
  for (std::size_t i = 0; i < list.size(); ++i) {
    texts.push_back(TRY(list.text(i, entry_size_max)));
    if (!allowed.empty() && std::find(allowed.begin(), allowed.end(), texts.back()) == allowed.end())
      return from.malformed(name, "one of the words of SOL005", texts.back());
  }
  return texts;
}

Result<VersionFilter> read_version(JsonObject from) {
  VersionFilter version{TRY(from.text("vnfSoftwareVersion", entry_size_max)), {}};
  version.descriptors = TRY(read_texts(from, "vnfdVersions"));
  TRY(from.finish());
  return version;
}

Result<ProductFilter> read_product(JsonObject from) {
  ProductFilter product{TRY(from.text("vnfProductName", entry_size_max)), {}};
  if (from.has("versions")) {
    const auto list = TRY(from.array("versions", entries_max));
    for (std::size_t i = 0; i < list.size(); ++i)
      product.versions.push_back(TRY(read_version(TRY(list.object(i)))));
  }
  TRY(from.finish());
  return product;
}

Result<ProviderFilter> read_provider(JsonObject from) {
  ProviderFilter provider{TRY(from.text("vnfProvider", entry_size_max)), {}};
  if (from.has("vnfProducts")) {
    const auto list = TRY(from.array("vnfProducts", entries_max));
    for (std::size_t i = 0; i < list.size(); ++i)
      provider.products.push_back(TRY(read_product(TRY(list.object(i)))));
  }
  TRY(from.finish());
  return provider;
}

Result<NotificationFilter> read_filter(JsonObject from) {
  NotificationFilter filter;
  filter.types =
      TRY(read_texts(from, "notificationTypes", {std::string(onboarding_type), std::string(change_type)}));
  filter.releases = TRY(read_texts(from, "vnfdId"));
  filter.packages = TRY(read_texts(from, "vnfPkgId"));
  filter.states = TRY(read_texts(from, "operationalState", {"ENABLED", "DISABLED"}));
  if (from.has("vnfProductsFromProviders")) {
    const auto list = TRY(from.array("vnfProductsFromProviders", entries_max));
    for (std::size_t i = 0; i < list.size(); ++i)
      filter.providers.push_back(TRY(read_provider(TRY(list.object(i)))));
  }
  TRY(from.finish());
  return filter;
}

// How the one who is called may know us: by our certificate, or not at all.
Result<void> read_authentication(JsonObject from) {
  const auto kinds = TRY(read_texts(from, "authType", {"TLS_CERT"}));
  if (kinds.empty()) return from.malformed("authType", "TLS_CERT");
  return from.finish();
}

void print_texts(JsonWriter& to, std::string_view name, const Texts& texts) {
  if (texts.empty()) return;
  to.key(name).begin_array();
  for (const auto& text : texts) to.text(text);
  to.end_array();
}

void print_product(JsonWriter& to, const ProductFilter& product) {
  to.begin_object().text("vnfProductName", product.name);
  if (!product.versions.empty()) {
    to.key("versions").begin_array();
    for (const auto& version : product.versions) {
      to.begin_object().text("vnfSoftwareVersion", version.software);
      print_texts(to, "vnfdVersions", version.descriptors);
      to.end_object();
    }
    to.end_array();
  }
  to.end_object();
}

void print_provider(JsonWriter& to, const ProviderFilter& provider) {
  to.begin_object().text("vnfProvider", provider.name);
  if (!provider.products.empty()) {
    to.key("vnfProducts").begin_array();
    for (const auto& product : provider.products) print_product(to, product);
    to.end_array();
  }
  to.end_object();
}

bool names(const Texts& list, std::string_view text) {
  return list.empty() || std::find(list.begin(), list.end(), text) != list.end();
}

// An empty list names everything.
template <class List, class Fits>
bool one_fits(const List& list, Fits fits) {
  return list.empty() || std::any_of(list.begin(), list.end(), fits);
}

// A package has one version here, which is that of its descriptor as well.
bool fits(const ProductFilter& product, const EventRecord& event) {
  return product.name == event.product && one_fits(product.versions, [&](const VersionFilter& version) {
           return version.software == event.version && names(version.descriptors, event.version);
         });
}

bool fits(const ProviderFilter& provider, const EventRecord& event) {
  return provider.name == event.provider &&
         one_fits(provider.products, [&](const ProductFilter& product) { return fits(product, event); });
}

bool fits_state(const Texts& states, Happened what) {
  if (what == Happened::enabled) return names(states, "ENABLED");
  if (what == Happened::disabled) return names(states, "DISABLED");
  return states.empty();
}

}  // namespace

bool NotificationFilter::takes(const EventRecord& event) const {
  return names(types, event.what == Happened::onboarded ? onboarding_type : change_type) &&
         names(releases, event.release) && names(packages, event.package) && fits_state(states, event.what) &&
         one_fits(providers, [&](const ProviderFilter& provider) { return fits(provider, event); });
}

std::string print_notification_filter(const NotificationFilter& filter) {
  JsonWriter to;
  to.begin_object();
  print_texts(to, "notificationTypes", filter.types);
  print_texts(to, "vnfdId", filter.releases);
  print_texts(to, "vnfPkgId", filter.packages);
  print_texts(to, "operationalState", filter.states);
  if (!filter.providers.empty()) {
    to.key("vnfProductsFromProviders").begin_array();
    for (const auto& provider : filter.providers) print_provider(to, provider);
    to.end_array();
  }
  return to.end_object().take();
}

Result<NotificationFilter> parse_notification_filter(BytesView json) {
  const auto document = TRY(JsonDocument::parse(json, text_max, Code::json_malformed));
  return read_filter(TRY(document.object()));
}

Result<SubscriptionRequest> parse_subscription_request(BytesView json) {
  const auto document = TRY(JsonDocument::parse(json, text_max, Code::json_malformed));
  auto top = TRY(document.object());
  SubscriptionRequest request;
  if (top.has("filter")) request.filter = TRY(read_filter(TRY(top.object("filter"))));
  request.callback = TRY(top.text("callbackUri", url_size_max));
  if (top.has("authentication")) TRY(read_authentication(TRY(top.object("authentication"))));
  TRY(top.finish());
  return request;
}

}  // namespace sallyport::server
