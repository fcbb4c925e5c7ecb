// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/apart_messages.h"

#include <array>
#include <utility>

#include "core/base/overloaded.h"
#include "core/base/text.h"
#include "core/format/fields.h"
#include "core/format/json_writer.h"
#include "core/format/statement.h"

namespace sallyport::intake {
namespace {

constexpr std::string_view order_schema = "sallyport-examine/1";
constexpr std::string_view answer_schema = "sallyport-examined/1";
constexpr std::size_t blob_size_max = 24U << 20U;
constexpr std::size_t lists_max = 64;
constexpr std::size_t engines_max = 16;
constexpr std::size_t checks_max = 1000;
constexpr std::size_t words_max = 16384;  // of one text of a check or an error, when all of it is escaped

constexpr std::array<std::pair<EngineKind, std::string_view>, 3> kinds{
    {{EngineKind::relayed, "relayed"}, {EngineKind::rules, "rules"}, {EngineKind::secrets, "secrets"}}};

std::string_view name_of(EngineKind kind) {
  for (const auto& [value, name] : kinds) {
    if (value == kind) return name;
  }
  return {};
}

Result<EngineKind> read_kind(JsonObject& object) {
  const auto text = TRY(object.text("kind", 20));
  for (const auto& [value, name] : kinds) {
    if (name == text) return value;
  }
  return object.malformed("kind", "a kind of engine", text);
}

Result<Bytes> read_blob(JsonObject& object, std::string_view name) {
  return parse_base64(TRY(object.text(name, blob_size_max * 4 / 3 + 4)), blob_size_max);
}

Result<ApartEngine> read_engine(JsonObject object) {
  const auto kind = TRY(read_kind(object));
  auto engine = TRY(fields::label(object, "engine", 100));
  auto version = TRY(fields::label(object, "version", 200));
  auto database = TRY(fields::label(object, "database", 200));
  const auto time = TRY(fields::parsed<Instant>(object, "database_time"));
  const auto rules = TRY(read_blob(object, "rules"));
  TRY(object.finish());
  return ApartEngine{kind,
                     {std::move(engine), std::move(version), std::move(database), time, EngineTrial::none},
                     std::string(as_text(rules))};
}

Result<ApartOrder> read_order(JsonObject top) {
  TRY(top.expect("schema", order_schema));
  auto name = TRY(fields::label(top, "package", 255));
  auto intake = TRY(fields::parsed<IntakeId>(top, "intake"));
  const auto now = TRY(fields::parsed<Instant>(top, "now"));
  auto folder = TRY(fields::label(top, "scratch_folder", 4096));
  ApartOrder order{std::move(name), std::move(intake), now, std::move(folder), {}, {}, {}};
  order.files.policy = TRY(read_blob(top, "policy"));
  const auto lists = TRY(top.array("lists", lists_max));
  for (std::size_t i = 0; i < lists.size(); ++i)
    order.files.lists.push_back(TRY(parse_base64(TRY(lists.text(i, blob_size_max)), blob_size_max)));
  const auto engines = TRY(top.array("engines", engines_max));
  for (std::size_t i = 0; i < engines.size(); ++i)
    order.engines.push_back(TRY(read_engine(TRY(engines.object(i)))));
  const auto tolerances = TRY(top.array("tolerate", all_tolerances().size()));
  for (std::size_t i = 0; i < tolerances.size(); ++i)
    order.tolerances.insert(TRY(find_tolerance(TRY(tolerances.text(i, 100)))));
  order.remembers = TRY(top.number("remembers", 1)) == 1;
  TRY(top.finish());
  return order;
}

Result<Checks> read_checks(JsonObject& top) {
  const auto array = TRY(top.array("checks", checks_max));
  Checks checks;
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto object = TRY(array.object(i));
    auto name = TRY(fields::label(object, "name", 200));
    auto finding = TRY(object.text("finding", words_max));
    TRY(object.finish());
    checks.push_back({std::move(name), std::move(finding)});
  }
  return checks;
}

// Which kind it is says its type, as to everybody else.
Result<AnyVerdict> read_draft(const std::string& text) {
  if (TRY(predicate_type_of(as_bytes(text))) == foreign_verdict_predicate_type)
    return AnyVerdict(TRY(parse_foreign_verdict(as_bytes(text))));
  return AnyVerdict(TRY(parse_verdict(as_bytes(text))));
}

std::string print_draft(const AnyVerdict& draft) {
  return std::visit(Overloaded{[](const Verdict& one) { return print_verdict(one); },
                               [](const ForeignVerdict& one) { return print_foreign_verdict(one); }},
                    draft);
}

struct Answer {
  std::optional<Error> error;
  std::optional<ApartAnswer> answer;
};

Result<Answer> read_error(JsonObject object) {
  const auto code = TRY(object.text("code", 100));
  const auto known = find_code(code);
  if (!known) return object.malformed("code", "the name of a code", code);
  auto where = TRY(object.text("where", words_max));
  auto expected = TRY(object.text("expected", words_max));
  auto found = TRY(object.text("found", words_max));
  TRY(object.finish());
  return Answer{Error(*known, std::move(where), std::move(expected), std::move(found)), {}};
}

Result<Answer> read_answer(JsonObject top) {
  TRY(top.expect("schema", answer_schema));
  if (top.has("error")) {
    auto error = TRY(read_error(TRY(top.object("error"))));
    TRY(top.finish());
    return error;
  }
  auto checks = TRY(read_checks(top));
  const auto draft = TRY(top.lines("draft", statement_size_max));
  TRY(top.finish());
  return Answer{{}, ApartAnswer{TRY(read_draft(draft)), std::move(checks)}};
}

Result<Answer> read_answer_text(BytesView text) {
  const auto document = TRY(JsonDocument::parse(text, answer_size_max, Code::examiner_failed));
  return read_answer(TRY(document.object()));
}

}  // namespace

Result<Policy> read_policy(const PolicyFiles& files) {
  auto policy = TRY(parse_policy(files.policy));
  for (const auto& list : files.lists) policy.delivered_lists.push_back(TRY(RevocationList::from_file(list)));
  return policy;
}

std::string print_order(const ApartOrder& order) {
  JsonWriter writer;
  writer.begin_object().text("schema", order_schema).text("package", order.package_name);
  writer.text("intake", order.intake.text()).text("now", order.now.print());
  writer.text("scratch_folder", order.scratch_folder).text("policy", base64(order.files.policy));
  writer.key("lists").begin_array();
  for (const auto& list : order.files.lists) writer.text(base64(list));
  writer.end_array().key("engines").begin_array();
  for (const auto& [kind, info, rules] : order.engines) {
    writer.begin_object().text("kind", name_of(kind)).text("engine", info.engine);
    writer.text("version", info.version).text("database", info.database);
    writer.text("database_time", info.database_time.print());
    writer.text("rules", base64(as_bytes(rules))).end_object();
  }
  writer.end_array().key("tolerate").begin_array();
  for (const auto what : order.tolerances) writer.text(name(what));
  writer.end_array().number("remembers", order.remembers ? 1 : 0).end_object();
  return writer.take();
}

Result<ApartOrder> parse_order(BytesView text) {
  const auto document = TRY(JsonDocument::parse(text, order_size_max, Code::internal_error));
  return read_order(TRY(document.object()));
}

std::string print_answer(const AnyVerdict& draft, const Checks& checks) {
  JsonWriter writer;
  writer.begin_object().text("schema", answer_schema).key("checks").begin_array();
  const auto add = [&](const std::string& name, const std::string& finding) {
    writer.begin_object().text("name", name).text("finding", finding).end_object();
  };
  const auto listed = checks.size() <= checks_max ? checks.size() : checks_max - 1;
  for (std::size_t i = 0; i < listed; ++i) add(printable(checks[i].name), printable(checks[i].finding));
  if (listed < checks.size()) add("more", std::to_string(checks.size() - listed) + " checks");
  writer.end_array().text("draft", print_draft(draft)).end_object();
  return writer.take();
}

std::string print_answer(const Error& error) {
  JsonWriter writer;
  writer.begin_object().text("schema", answer_schema).key("error").begin_object();
  writer.text("code", name(error.code)).text("where", printable(error.where));
  writer.text("expected", printable(error.expected)).text("found", printable(error.found));
  writer.end_object().end_object();
  return writer.take();
}

Result<ApartAnswer> parse_answer(BytesView text) {
  auto answer = read_answer_text(text);
  if (!answer.ok()) {
    const auto& error = answer.error();
    return Error(Code::examiner_failed, "the worker's answer: " + error.where, error.expected, error.found);
  }
  if (answer.value().error) return *std::move(answer.value().error);
  return *std::move(answer.value().answer);
}

}  // namespace sallyport::intake
