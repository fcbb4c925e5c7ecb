// SPDX-License-Identifier: Apache-2.0
#include "roles/server/packages.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "core/format/json.h"
#include "core/format/json_writer.h"
#include "roles/server/content.h"
#include "roles/server/package_view.h"
#include "roles/server/problem.h"
#include "roles/server/quota.h"
#include "roles/server/ranged.h"
#include "roles/server/upload.h"
#include "roles/server/user_data.h"

namespace sallyport::server {
namespace {

constexpr std::size_t page_size = 100;
constexpr std::uint32_t batch_size = 200;
constexpr std::uint64_t body_size_max = 64U << 10U;

const std::vector<std::string_view> json_types = {"application/json", "application/merge-patch+json"};

bool may_change(const Account& account, const PackageRecord& package) {
  return account.roles.has(Role::officer) || package.owner == account.name;
}

Usage usage_of(bool is_in_use) {
  return is_in_use ? Usage::in_use : Usage::not_in_use;
}

WebAnswer show(unsigned status, const Seen& seen, WebHeaders headers = {}) {
  headers.emplace_back("ETag", entity_tag(seen.package));
  return answer_json(status, print_package(seen.package, usage_of(seen.is_in_use), Selection::all()),
                     std::move(headers));
}

// One of a list (RFC 9110 §8.8.3). Ours have no commas inside.
bool names_tag(std::string_view list, std::string_view tag) {
  while (true) {
    const auto end = list.find(',');
    auto one = list.substr(0, end);
    while (one.starts_with(' ') || one.starts_with('\t')) one.remove_prefix(1);
    while (one.ends_with(' ') || one.ends_with('\t')) one.remove_suffix(1);
    if (one == "*" || one == tag) return true;
    if (end == std::string_view::npos) return false;
    list.remove_prefix(end + 1);
  }
}

// Absent: it may go on. The header may come several times, and is one list then.
std::optional<WebAnswer> check_if_match(const Call& call, const PackageRecord& package) {
  const auto tag = entity_tag(package);
  bool is_wanted = false;
  for (const auto& [name, value] : call.question.headers) {
    if (name != "if-match") continue;
    if (names_tag(value, tag)) return std::nullopt;
    is_wanted = true;
  }
  if (!is_wanted) return std::nullopt;
  return answer_with(Trouble::precondition_failed, "the package is now " + tag);
}

WebAnswer conflict(const PackageRecord& package, std::string_view needed) {
  return answer_with(Trouble::state_conflict, "the package is " + std::string(word(package.state)) + ", " +
                                                  std::string(word(package.operational)) +
                                                  "; needed: " + std::string(needed));
}

WebAnswer changed_meanwhile() {
  return answer_with(Trouble::state_conflict, "somebody else changed the package at the same time");
}

Result<WebAnswer> add_package(World& world, const Call& call, BytesView body) {
  const auto request = TRY(parse_create_request(body));
  PackageRecord package;
  package.id = TRY(world.new_id());
  package.owner = call.account.name;
  package.user_data = request;
  package.created = call.now.seconds();
  if (TRY(add_within_quota(world, package)) == Changed::not_found)
    return answer_with(packages_max_reached(world, package.owner));
  return show(201, {package, false}, {{"Location", std::string(packages_path) + "/" + package.id}});
}

Result<WebAnswer> apply_change(World& world, Seen seen, BytesView body) {
  const auto request = TRY(parse_change_request(body, seen.package.user_data));
  auto& package = seen.package;
  auto what = Happened::nothing;
  if (request.operational) {
    if (package.state != Onboarding::onboarded) return conflict(package, "ONBOARDED");
    if (package.operational == *request.operational) return conflict(package, "the other state");
    package.operational = *request.operational;
    what = package.operational == Operational::enabled ? Happened::enabled : Happened::disabled;
  }
  package.user_data = request.user_data;
  if (TRY(world.db.modify_package(package, what)) == Changed::not_found) return changed_meanwhile();
  ++package.revision;
  return answer_json(200, request.text, {{"ETag", entity_tag(package)}});
}

Result<std::uint64_t> marker_of(const Target& target) {
  const auto* const text = target.find("nextpage_opaque_marker");
  std::uint64_t marker = 0;
  if (text == nullptr) return marker;
  const auto* const end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, marker);
  if (read.ec != std::errc() || read.ptr != end || marker >> 62U != 0)
    return Error(Code::json_malformed, "nextpage_opaque_marker", "a marker of this server", *text);
  return marker;
}

std::string next_page(const Call& call, std::uint64_t marker) {
  std::string link = "<" + call.question.target.substr(0, call.question.target.find('?')) + "?";
  for (const auto& [name, value] : call.target.query)
    if (name != "nextpage_opaque_marker") link += percent_encoded(name) + "=" + percent_encoded(value) + "&";
  return link + "nextpage_opaque_marker=" + std::to_string(marker) + ">; rel=\"next\"";
}

// What a list shows, page by page.
enum class Which : std::uint8_t { all, onboarded };
struct Listing {
  Which which;
  Filter filter;
  Selection selection;
  std::set<std::string> ordered;
};

Result<WebAnswer> print_page(World& world, const Call& call, const Listing& listing, std::uint64_t marker) {
  JsonWriter to;
  to.begin_array();
  std::size_t shown = 0;
  while (true) {
    const auto batch = TRY(world.db.list_packages(marker, batch_size));
    for (const auto& package : batch) {
      if (shown == page_size)
        return answer_json(200, to.end_array().take(), {{"Link", next_page(call, marker)}});
      marker = package.number;
      const auto usage = usage_of(listing.ordered.contains(package.content));
      const bool is_listed = listing.which == Which::all || package.state == Onboarding::onboarded;
      if (!is_listed || !sees(call.account, package.owner) ||
          !listing.filter.takes(attributes_of(package, usage)))
        continue;
      to.raw(print_package(package, usage, listing.selection));
      ++shown;
    }
    if (batch.size() < batch_size) return answer_json(200, to.end_array().take());
  }
}

Result<std::set<std::string>> ordered_packages(World& world, Instant now) {
  const auto list = TRY(world.db.list_used_packages(now));
  return std::set<std::string>(list.begin(), list.end());
}

// By its identifier; or, below onboarded_vnf_packages, the first one of the release that the account may see.
Result<std::optional<PackageRecord>> look_up(World& world, const Call& call) {
  if (!call.names.contains("vnfdId")) return world.db.find_package(call.name("id"));
  for (auto& package : TRY(world.db.list_release(call.name("vnfdId"))))
    if (sees(call.account, package.owner)) return std::optional(std::move(package));
  return std::optional<PackageRecord>();
}

}  // namespace

bool sees(const Account& account, const std::string& owner) {
  return account.name == owner ||
         account.roles.shares({Role::approver, Role::deployer, Role::officer, Role::auditor, Role::node});
}

Result<std::variant<Seen, WebAnswer>> find_package(World& world, const Call& call, Access access) {
  using Answered = std::variant<Seen, WebAnswer>;
  auto found = TRY(look_up(world, call));
  // What an account may not see is not there.
  const bool is_seen = found && sees(call.account, found->owner);
  if (!is_seen) return Answered(answer_with(Trouble::not_found));
  if (access == Access::change && !may_change(call.account, *found))
    return Answered(answer_with(Trouble::not_allowed, "the package is another account's"));
  const auto ordered = TRY(ordered_packages(world, call.now));
  const bool is_in_use = ordered.contains(found->content);
  Seen seen{std::move(*found), is_in_use};
  return Answered(std::move(seen));
}

Handled create_package(World& world, const Call& call) {
  return take_small_body(call, body_size_max, json_types,
                         [&world, call](BytesView body) { return add_package(world, call, body); });
}

namespace {

Handled list(World& world, const Call& call, Which which) {
  Listing listing{which, {}, {}, {}};
  const auto* const filter = call.target.find("filter");
  auto parsed = filter == nullptr ? Result<Filter>(Filter()) : Filter::parse(*filter, attribute_names());
  auto selection = Selection::of_query(call.target);
  const auto marker = marker_of(call.target);
  if (!parsed.ok()) return WebBegun(answer_with(Trouble::request_malformed, parsed.error().expected));
  if (!selection.ok()) return WebBegun(answer_with(Trouble::request_malformed, selection.error().expected));
  if (!marker.ok()) return WebBegun(answer_with(Trouble::request_malformed, marker.error().expected));
  listing.filter = std::move(parsed).value();
  listing.selection = std::move(selection).value();
  listing.ordered = TRY(ordered_packages(world, call.now));
  return WebBegun(TRY(print_page(world, call, listing, marker.value())));
}

}  // namespace

Handled list_packages(World& world, const Call& call) {
  return list(world, call, Which::all);
}

Handled list_onboarded(World& world, const Call& call) {
  return list(world, call, Which::onboarded);
}

Handled show_package(World& world, const Call& call) {
  auto found = TRY(find_package(world, call, Access::see));
  if (auto* const answer = std::get_if<WebAnswer>(&found)) return WebBegun(std::move(*answer));
  const auto& seen = std::get<Seen>(found);
  const auto* const known = call.question.header("if-none-match");
  if (known != nullptr && *known == entity_tag(seen.package))
    return WebBegun(answer_empty(304, {{"ETag", *known}}));
  const auto rescan = TRY(world.db.find_rescan(seen.package.id));
  return WebBegun(answer_json(200,
                              print_package(seen.package, usage_of(seen.is_in_use), Selection::all(), rescan),
                              {{"ETag", entity_tag(seen.package)}}));
}

Handled get_rescan(World& world, const Call& call) {
  auto found = TRY(find_package(world, call, Access::see));
  if (auto* const answer = std::get_if<WebAnswer>(&found)) return WebBegun(std::move(*answer));
  const auto rescan = TRY(world.db.find_rescan(std::get<Seen>(found).package.id));
  if (!rescan || rescan->verdict.empty())
    return WebBegun(answer_with(Trouble::not_found, "it was not looked at again"));
  return WebBegun(answer_json(200, rescan->verdict));
}

Handled change_package(World& world, const Call& call) {
  auto found = TRY(find_package(world, call, Access::change));
  if (auto* const answer = std::get_if<WebAnswer>(&found)) return WebBegun(std::move(*answer));
  const auto& seen = std::get<Seen>(found);
  if (auto refusal = check_if_match(call, seen.package)) return WebBegun(std::move(*refusal));
  return take_small_body(call, body_size_max, json_types,
                         [&world, seen](BytesView body) { return apply_change(world, seen, body); });
}

Handled delete_package(World& world, const Call& call) {
  auto found = TRY(find_package(world, call, Access::change));
  if (auto* const answer = std::get_if<WebAnswer>(&found)) return WebBegun(std::move(*answer));
  const auto& seen = std::get<Seen>(found);
  const auto& package = seen.package;
  if (auto refusal = check_if_match(call, package)) return WebBegun(std::move(*refusal));
  const bool is_busy = package.state == Onboarding::uploading || package.state == Onboarding::processing;
  if (is_busy || package.operational != Operational::disabled || seen.is_in_use)
    return WebBegun(conflict(package, "DISABLED, NOT_IN_USE, and neither UPLOADING nor PROCESSING"));
  if (TRY(world.db.remove_package(package)) == Changed::not_found) return WebBegun(changed_meanwhile());
  if (!package.content.empty()) {
    const auto removed = world.data.remove(content_path(package));
    if (!removed.ok() && removed.error().code != Code::file_missing) return Error(removed.error());
  }
  // What an upload left that was cut off; the sweeper finds it otherwise.
  const auto upload = Upload::hold(world.data, package.id);
  if (upload.ok()) static_cast<void>(upload.value()->remove_traces().ok());
  return WebBegun(answer_empty(204));
}

Handled get_content(World& world, const Call& call) {
  auto found = TRY(find_package(world, call, Access::see));
  if (auto* const answer = std::get_if<WebAnswer>(&found)) return WebBegun(std::move(*answer));
  const auto& package = std::get<Seen>(found).package;
  if (package.state != Onboarding::onboarded) return WebBegun(conflict(package, "ONBOARDED"));
  std::shared_ptr<const ByteSource> file = TRY(world.data.open(content_path(package)));
  const auto size = file->size();
  return WebBegun(answer_with_range(
      call.question, {std::move(file), 0, size, "\"" + package.content + "\"", "application/zip"}));
}

Handled get_verdict(World& world, const Call& call) {
  auto found = TRY(find_package(world, call, Access::see));
  if (auto* const answer = std::get_if<WebAnswer>(&found)) return WebBegun(std::move(*answer));
  const auto& package = std::get<Seen>(found).package;
  if (package.verdict.empty()) return WebBegun(answer_with(Trouble::not_found, "there is no verdict"));
  return WebBegun(answer_json(200, package.verdict));
}

}  // namespace sallyport::server
