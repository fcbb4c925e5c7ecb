// SPDX-License-Identifier: Apache-2.0
#include "core/format/event.h"

#include "core/format/json_writer.h"

namespace sallyport {
namespace {

std::string_view outcome(const Event& event) {
  if (!event.error) return "accepted";
  return kind_of(event.error->code) == Kind::refused ? "refused" : "fault";
}

void write_error(JsonWriter& json, const Error& error) {
  json.key("error").begin_object().text("code", name(error.code)).text("where", error.where);
  json.text("expected", error.expected).text("found", error.found).end_object();
}

}  // namespace

std::string print_event(const Event& event) {
  JsonWriter json;
  json.begin_object()
      .text("schema", "sallyport-event/1")
      .text("time", event.time.print())
      .text("activity", event.activity);
  json.text("outcome", outcome(event)).text("code", event.error ? name(event.error->code) : "ok");
  json.text("actor", event.actor).text("subject", echoed(event.subject)).text("package", event.package);
  json.text("signer", event.signer).text("order", event.order).number("policy_version", event.policy_version);
  json.key("checks").begin_array();
  for (const auto& check : event.checks) {
    json.begin_object().text("name", check.name).text("finding", check.finding).end_object();
  }
  json.end_array();
  if (event.error) write_error(json, *event.error);
  return json.text("effect", event.effect).end_object().take() + "\n";
}

}  // namespace sallyport
