// SPDX-License-Identifier: Apache-2.0
#include "roles/server/openapi.h"

#include <algorithm>
#include <set>

#include "core/format/json_writer.h"
#include "roles/server/openapi_parts.h"
#include "roles/server/problem.h"
#include "roles/server/routes.h"

namespace sallyport::server {
namespace {

// JSON in the spelling of JsonWriter, of such as people write.
std::string compact(std::string_view json) {
  std::string out;
  bool is_text = false;
  for (std::size_t at = 0; at < json.size(); ++at) {
    const char c = json[at];
    if (!is_text && (c == ' ' || c == '\n')) continue;
    if (c == '"') is_text = !is_text;
    out += c;
    if (is_text && c == '\\') out += json[++at];
  }
  return out;
}

// The members of an object, to be followed by others.
std::string members(std::string_view json) {
  const auto object = compact(json);
  return object.substr(1, object.size() - 2);
}

void refer(JsonWriter& to, std::string_view kind, std::string_view name) {
  to.begin_object().text("$ref", "#/components/" + std::string(kind) + "/" + std::string(name)).end_object();
}

std::string lower(std::string_view method) {
  std::string text(method);
  for (auto& c : text) c = static_cast<char>(c - 'A' + 'a');
  return text;
}

bool is_of_sol005(const Route& route) {
  return route.path.starts_with("/vnfpkgm/v2");
}

// Of any resource: its own, and those that are given before it is looked for.
std::set<unsigned> statuses_of(const Route& route) {
  std::set<unsigned> all(route.statuses.begin(), route.statuses.end());
  all.insert(common_statuses().begin(), common_statuses().end());
  if (is_of_sol005(route)) all.insert(info(Trouble::version_not_supported).status);
  return all;
}

void print_parameters(JsonWriter& to, const Route& route, const Operation* operation) {
  to.key("parameters").begin_array();
  std::string_view path = route.path;
  for (auto begin = path.find('{'); begin != std::string_view::npos; begin = path.find('{')) {
    const auto end = path.find('}');
    refer(to, "parameters", path.substr(begin + 1, end - begin - 1));
    path.remove_prefix(end + 1);
  }
  if (is_of_sol005(route)) refer(to, "parameters", "Version");
  if (operation != nullptr)
    for (const auto name : operation->parameters) refer(to, "parameters", name);
  to.end_array();
}

void print_answers(JsonWriter& to, const Route& route, const Operation* operation) {
  to.key("responses").begin_object();
  for (const auto status : statuses_of(route)) {
    to.key(std::to_string(status));
    if (status >= 400) {
      refer(to, "responses", "Problem" + std::to_string(status));
    } else if (operation != nullptr && operation->answers.contains(status)) {
      refer(to, "responses", operation->answers.find(status)->second);
    } else {
      to.begin_object().text("description", "Done").end_object();
    }
  }
  to.end_object();
}

void print_route(JsonWriter& to, const Route& route) {
  const auto& all = operations();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Operation& one) {
    return one.method == route.method && one.path == route.path;
  });
  const auto* const operation = found == all.end() ? nullptr : &*found;
  to.key(lower(route.method)).begin_object().text("summary", route.summary);
  if (operation != nullptr) {
    to.text("operationId", operation->id);
    to.key("tags").begin_array().text(operation->tag).end_array();
  }
  to.key("x-sallyport-roles").begin_array();
  for (const auto role : all_roles())
    if (route.roles.has(role)) to.text(word(role));
  to.end_array();
  print_parameters(to, route, operation);
  if (operation != nullptr && !operation->body.empty()) {
    to.key("requestBody");
    refer(to, "requestBodies", operation->body);
  }
  print_answers(to, route, operation);
  if (operation != nullptr && !operation->callback.empty()) {
    to.key("callbacks").begin_object().key(operation->callback);
    refer(to, "callbacks", operation->callback);
    to.end_object();
  }
  to.end_object();
}

// Every problem of this status, by its name; 422 has more of them.
std::string words_for(unsigned status) {
  std::string words;
  for (const auto& trouble : all_troubles()) {
    if (trouble.status != status) continue;
    if (!words.empty()) words += "; ";
    words += std::string(trouble.name) + ": " + std::string(trouble.title);
  }
  return status == 422 ? words + "; or a code of docs/errors.md" : words;
}

void print_problem_of(JsonWriter& to, unsigned status) {
  to.key("Problem" + std::to_string(status)).begin_object().text("description", words_for(status));
  to.key("headers").begin_object();
  const auto header = [&](std::string_view name, std::string_view component) {
    to.key(name);
    refer(to, "headers", component);
  };
  header("Version", "Version-Of-Problem");
  header("Cache-Control", "Cache-Control");
  header("X-Content-Type-Options", "X-Content-Type-Options");
  if (status == 401) header("WWW-Authenticate", "WWW-Authenticate");
  if (status == 405) header("Allow", "Allow");
  if (status == 409) header("Upload-Offset", "Upload-Offset-Of-Conflict");
  if (status == 416) header("Content-Range", "Content-Range-Outside");
  if (status == 429) header("Retry-After", "Retry-After");
  to.end_object().key("content").begin_object().key("application/problem+json").begin_object().key("schema");
  refer(to, "schemas", "ProblemDetails");
  to.end_object().end_object().end_object();
}

void print_components(JsonWriter& to) {
  const auto& parts = openapi_parts();
  to.key("components").begin_object();
  to.key("schemas").raw(compact(parts.schemas)).key("parameters").raw(compact(parts.parameters));
  to.key("headers").raw(compact(parts.headers)).key("requestBodies").raw(compact(parts.bodies));
  JsonWriter problems;
  problems.begin_object();
  std::set<unsigned> statuses;
  for (const auto& trouble : all_troubles()) statuses.insert(trouble.status);
  for (const auto status : statuses) print_problem_of(problems, status);
  to.key("responses").raw("{" + members(parts.answers) + "," + members(problems.end_object().take()) + "}");
  to.key("callbacks").raw(compact(parts.callbacks)).key("securitySchemes").raw(compact(parts.security));
  to.end_object();
}

}  // namespace

std::string print_openapi() {
  JsonWriter to;
  to.begin_object().key("paths").begin_object();
  std::string_view open;
  for (const auto& route : routes()) {
    if (route.path != open) {
      if (!open.empty()) to.end_object();
      to.key(route.path).begin_object();
      open = route.path;
    }
    print_route(to, route);
  }
  to.end_object().end_object();
  print_components(to);
  to.end_object();
  return indent_json("{" + members(openapi_parts().about) + "," + to.take().substr(1));
}

}  // namespace sallyport::server
