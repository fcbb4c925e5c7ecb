// SPDX-License-Identifier: Apache-2.0
#include "roles/server/subscriptions.h"

#include <functional>

#include "core/format/json_writer.h"
#include "roles/server/notification_filter.h"
#include "roles/server/problem.h"

namespace sallyport::server {
namespace {

constexpr std::uint64_t body_size_max = 64U << 10U;
constexpr std::uint32_t batch_size = 200;
constexpr std::uint64_t tests_max = 2;  // each holds one of the threads that answer

std::string path_of(const std::string& id) {
  return std::string(subscriptions_path) + "/" + id;
}

void print(JsonWriter& to, const SubscriptionRecord& subscription) {
  to.begin_object().text("id", subscription.id).key("filter").raw(subscription.filter);
  to.text("callbackUri", subscription.callback);
  to.key("_links").begin_object().key("self").begin_object().text("href", path_of(subscription.id));
  to.end_object().end_object().end_object();
}

bool sees(const Account& account, const SubscriptionRecord& subscription) {
  return account.roles.shares({Role::officer, Role::auditor}) || account.name == subscription.account;
}

Result<void> for_each(World& world, const std::function<void(const SubscriptionRecord&)>& look) {
  std::uint64_t after = 0;
  while (true) {
    const auto batch = TRY(world.db.list_subscriptions(after, batch_size));
    for (const auto& subscription : batch) {
      look(subscription);
      after = subscription.number;
    }
    if (batch.size() < batch_size) return {};
  }
}

// While it is alive a test is under way.
class Turn {
 public:
  explicit Turn(Live& live) : live_(live), number_(++live.callback_tests) {}
  ~Turn() { --live_.callback_tests; }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  bool may_begin() const { return number_ <= tests_max; }

 private:
  Live& live_;
  std::uint64_t number_;
};

// SOL005 clause 9.4.9.3.2: the address answers a GET with 204. Absent: it does.
Result<std::optional<WebAnswer>> try_callback(World& world, const std::string& url) {
  TRY(world.callbacks.check(url));
  const Turn turn(world.live);
  if (!turn.may_begin())
    return std::optional(answer_with(Trouble::not_available, "other addresses are tried"));
  const auto status = world.callbacks.look(url);
  if (status.ok() && status.value() == 204) return std::optional<WebAnswer>();
  if (!status.ok() && status.error().code == Code::url_not_allowed) return Error(status.error());
  return std::optional(answer_with(
      Trouble::callback_test_failed,
      status.ok() ? "the address answered " + std::to_string(status.value()) + " where 204 was expected"
                  : std::string(name(status.error().code))));
}

Result<WebAnswer> add(World& world, const Call& call, BytesView body) {
  const auto request = TRY(parse_subscription_request(body));
  SubscriptionRecord added;
  added.account = call.account.name;
  added.filter = print_notification_filter(request.filter);
  added.callback = request.callback;
  added.created = call.now.seconds();
  std::string same;
  TRY(for_each(world, [&](const SubscriptionRecord& other) {
    if (other.account == added.account && other.filter == added.filter && other.callback == added.callback)
      same = other.id;
  }));
  if (!same.empty()) return answer_empty(303, {{"Location", path_of(same)}});
  if (auto refusal = TRY(try_callback(world, added.callback))) return std::move(*refusal);
  added.id = TRY(world.new_id());
  if (TRY(world.db.add_subscription(added, subscriptions_max)) == Changed::not_found)
    return answer_with(Trouble::state_conflict,
                       "the account has " + std::to_string(subscriptions_max) + " subscriptions");
  JsonWriter to;
  print(to, added);
  return answer_json(201, to.take(), {{"Location", path_of(added.id)}});
}

Result<std::optional<SubscriptionRecord>> find(World& world, const Call& call) {
  auto found = TRY(world.db.find_subscription(call.name("id")));
  if (found && !sees(call.account, *found)) found.reset();
  return found;
}

}  // namespace

Handled create_subscription(World& world, const Call& call) {
  return take_small_body(call, body_size_max, {"application/json"},
                         [&world, call](BytesView body) { return add(world, call, body); });
}

Handled list_subscriptions(World& world, const Call& call) {
  JsonWriter to;
  to.begin_array();
  TRY(for_each(world, [&](const SubscriptionRecord& subscription) {
    if (sees(call.account, subscription)) print(to, subscription);
  }));
  return WebBegun(answer_json(200, to.end_array().take()));
}

Handled show_subscription(World& world, const Call& call) {
  const auto found = TRY(find(world, call));
  if (!found) return WebBegun(answer_with(Trouble::not_found));
  JsonWriter to;
  print(to, *found);
  return WebBegun(answer_json(200, to.take()));
}

Handled delete_subscription(World& world, const Call& call) {
  const auto found = TRY(find(world, call));
  if (!found || TRY(world.db.remove_subscription(found->id)) == Changed::not_found)
    return WebBegun(answer_with(Trouble::not_found));
  return WebBegun(answer_empty(204));
}

}  // namespace sallyport::server
