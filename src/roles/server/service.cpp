// SPDX-License-Identifier: Apache-2.0
#include "roles/server/service.h"

#include <algorithm>

#include "core/base/library_fault.h"
#include "core/base/text.h"
#include "roles/server/audit.h"
#include "roles/server/problem.h"

namespace sallyport::server {
namespace {

constexpr std::string_view api_version = "2.0.0";
constexpr std::string_view versioned_path = "/vnfpkgm/v2";
constexpr std::size_t object_size_max = 512;
constexpr std::size_t method_size_max = 32;  // any word is one, if nobody bounds it

AuditRecord event_of(const WebQuestion& question, const std::string& account, Instant now) {
  AuditRecord event;
  event.time = now.seconds();
  event.account = account;
  event.source = question.client.address;
  event.action = question.method.substr(0, method_size_max);
  event.object = question.target.substr(0, object_size_max);
  return event;
}

// "urn:sallyport:problem:NAME" of our own answers.
std::string code_of(const WebAnswer& answer) {
  constexpr std::string_view prefix = "urn:sallyport:problem:";
  const auto at = answer.body.find(prefix);
  if (answer.status < 400 || at == std::string::npos) return {};
  const auto begin = at + prefix.size();
  return answer.body.substr(begin, answer.body.find('"', begin) - begin);
}

bool only_reads(const WebQuestion& question) {
  return question.method == "GET" || question.method == "HEAD";
}

bool is_recorded(const WebQuestion& question, unsigned status) {
  return !only_reads(question) || status == 401 || status == 403 || status == 429 || status >= 500 ||
         question.target.starts_with("/api/v1/audit");
}

// What every answer has, unless its resource says otherwise. SOL013 clause 9.1.3: Version, in refusals, too.
void add_usual_headers(WebAnswer& answer, std::string_view target) {
  WebHeaders usual{{"Cache-Control", "no-store"}, {"X-Content-Type-Options", "nosniff"}};
  if (target.starts_with(versioned_path)) usual.emplace_back("Version", api_version);
  for (auto& header : usual)
    if (std::none_of(answer.headers.begin(), answer.headers.end(),
                     [&](const auto& there) { return there.first == header.first; }))
      answer.headers.push_back(std::move(header));
}

// The answer, recorded; or what is said instead of it.
WebAnswer recorded(World& world, const WebQuestion& question, const std::string& account, Instant now,
                   WebAnswer answer) {
  ++world.live.answers.at(std::min<std::size_t>(answer.status / 100, world.live.answers.size() - 1));
  if (!is_recorded(question, answer.status)) return answer;
  auto event = event_of(question, account, now);
  event.outcome = answer.status < 400 ? "success" : answer.status < 500 ? "refused" : "fault";
  event.code = code_of(answer);
  const auto done = record(world, event);
  // That it could not be done is true without a record: where the database is gone, it is not ready (503).
  return done.ok() || answer.status >= 500 ? answer : answer_with(Trouble::internal_fault);
}

Trouble trouble_of(unsigned status) {
  return status == 408   ? Trouble::request_too_slow
         : status == 413 ? Trouble::content_too_large
         : status == 431 ? Trouble::head_too_large
                         : Trouble::request_malformed;
}

class RecordedBody final : public WebBody {
 public:
  RecordedBody(World& world, Call call, std::unique_ptr<WebBody> inner)
      : world_(world), call_(std::move(call)), inner_(std::move(inner)) {}
  RecordedBody(const RecordedBody&) = delete;
  RecordedBody& operator=(const RecordedBody&) = delete;
  ~RecordedBody() override {
    if (is_answered_) return;
    auto event = event_of(call_.question, call_.account.name, call_.now);
    event.outcome = "refused";
    if (refusal_) event.code = info(*refusal_).name;
    event.detail = refusal_ ? "" : "the request was not completed";
    static_cast<void>(record(world_, event).ok());
  }

  std::uint64_t size_max() const override { return inner_->size_max(); }
  std::optional<WebAnswer> take(BytesView part) override {
    auto answer = inner_->take(part);
    if (!answer) return std::nullopt;
    return ended(std::move(*answer));
  }
  void refused(unsigned status) override {
    refusal_ = trouble_of(status);
    ++world_.live.answers.at(status / 100);
  }
  WebAnswer finish() override {
    auto answer = attempt([&]() -> Result<WebAnswer> { return inner_->finish(); });
    return ended(answer.ok() ? std::move(answer).value() : answer_with(problem(answer.error())));
  }

 private:
  WebAnswer ended(WebAnswer answer) {
    is_answered_ = true;
    auto said = recorded(world_, call_.question, call_.account.name, call_.now, std::move(answer));
    add_usual_headers(said, call_.question.target);
    return said;
  }

  World& world_;
  Call call_;
  std::unique_ptr<WebBody> inner_;
  std::optional<Trouble> refusal_;
  bool is_answered_ = false;
};

WebAnswer turned_away(const TurnedAway& how) {
  if (how.status == 401) {
    auto answer = answer_with(Trouble::not_authenticated);
    answer.headers.emplace_back("WWW-Authenticate", "Certificate");
    return answer;
  }
  auto answer = answer_with(Trouble::too_many_requests);
  answer.headers.emplace_back("Retry-After", std::to_string(how.retry_after));
  return answer;
}

WebAnswer other_methods(const std::vector<Match>& matches) {
  std::string allowed;
  for (const auto& [route, names] : matches) {
    if (!allowed.empty()) allowed += ", ";
    allowed += route->method;
  }
  auto answer = answer_with(Trouble::method_not_allowed);
  answer.headers.emplace_back("Allow", allowed);
  return answer;
}

// SOL013 clause 4.6.3: the header Version on each request and answer of the API that has versions.
std::optional<WebAnswer> check_version(const WebQuestion& question, const Route& route) {
  if (!route.path.starts_with(versioned_path)) return std::nullopt;
  const auto* const version = question.header("version");
  if (version == nullptr) return answer_with(Trouble::version_header_missing, "Version: 2.0.0");
  if (version->starts_with("2.")) return std::nullopt;
  return answer_with(Trouble::version_not_supported, "spoken here: 2.0.0");
}

void note_certificate(Live& live, const Account& account, const WebClient& client) {
  if (client.certificate && client.certificate_until)
    live.expiry.note({"account " + account.name, *client.certificate, *client.certificate_until});
}

struct Found {
  const Route* route;
  Call call;
};

std::variant<Found, WebAnswer> find_route(const WebQuestion& question, const Account& account, Instant now) {
  if (question.target.size() > target_size_max) return answer_with(Trouble::target_too_long);
  auto target = parse_target(question.target);
  if (!target.ok()) return answer_with(Trouble::request_malformed, target.error().expected);
  auto matches = match(target.value().segments);
  if (matches.empty()) return answer_with(Trouble::not_found);
  const std::string_view method = question.method == "HEAD" ? "GET" : std::string_view(question.method);
  for (auto& [route, names] : matches) {
    if (route->method != method) continue;
    if (!account.roles.shares(route->roles)) return answer_with(Trouble::not_allowed);
    if (auto refusal = check_version(question, *route)) return std::move(*refusal);
    Call call{question, account, std::move(target).value(), std::move(names), now};
    return Found{route, std::move(call)};
  }
  return other_methods(matches);
}

}  // namespace

WebAnswer Service::record_turned_away(const WebQuestion& question, Instant now, const TurnedAway& how) {
  auto answer = turned_away(how);
  ++world_.live.turned_away;
  ++world_.live.answers.at(4);
  if (!is_told(how.count)) return answer;
  auto event = event_of(question, how.account, now);
  event.outcome = "refused";
  event.code = code_of(answer);
  event.detail = "number " + std::to_string(how.count);
  return record(world_, event).ok() ? answer : answer_with(Trouble::internal_fault);
}

WebBegun Service::begin(const WebQuestion& question) {
  auto begun = decide(question);
  if (auto* const answer = std::get_if<WebAnswer>(&begun)) add_usual_headers(*answer, question.target);
  return begun;
}

WebBegun Service::decide(const WebQuestion& question) {
  const auto now = world_.clock.now();
  const auto admitted = guard_.admit(question.client, now);
  if (const auto* const away = std::get_if<TurnedAway>(&admitted))
    return record_turned_away(question, now, *away);
  const auto& account = std::get<Account>(admitted);
  note_certificate(world_.live, account, question.client);
  auto found = find_route(question, account, now);
  if (auto* const answer = std::get_if<WebAnswer>(&found))
    return recorded(world_, question, account.name, now, std::move(*answer));
  auto& [route, call] = std::get<Found>(found);
  if (!only_reads(question) && !can_record(world_))
    return recorded(world_, question, account.name, now, answer_with(Trouble::internal_fault));
  auto begun = attempt([&, handler = route->handler, &its_call = call] { return handler(world_, its_call); });
  if (begun.ok() && std::holds_alternative<std::unique_ptr<WebBody>>(begun.value()))
    return std::make_unique<RecordedBody>(world_, std::move(call),
                                          std::move(std::get<std::unique_ptr<WebBody>>(begun.value())));
  auto answer =
      begun.ok() ? std::move(std::get<WebAnswer>(begun.value())) : answer_with(problem(begun.error()));
  return recorded(world_, question, account.name, now, std::move(answer));
}

WebAnswer Service::refuse(unsigned status, const WebClient& client) {
  static_cast<void>(client);
  auto answer = answer_with(trouble_of(status));
  add_usual_headers(answer, "");
  return answer;
}

void Service::handshake_failed(const WebClient& client, const std::string& why) {
  const auto now = world_.clock.now();
  const auto count = guard_.failed(client.address, now);
  ++world_.live.turned_away;
  if (!is_told(count)) return;
  AuditRecord event;
  event.time = now.seconds();
  event.source = client.address;
  event.action = "TLS";
  event.outcome = "refused";
  event.code = "not-authenticated";
  event.detail = why + "; number " + std::to_string(count);
  static_cast<void>(record(world_, event).ok());  // nobody is there to be told
}

}  // namespace sallyport::server
