// SPDX-License-Identifier: Apache-2.0
#include "core/format/statement.h"

#include "core/format/fields.h"
#include "core/format/json_writer.h"

namespace sallyport {
namespace {

constexpr std::string_view statement_type = "https://in-toto.io/Statement/v1";

Result<StatementSubject> read_subject(JsonObject& top) {
  const auto subjects = TRY(top.array("subject", 1));
  if (subjects.size() != 1) return top.malformed("subject", "exactly one", "none");
  auto subject = TRY(subjects.object(0));
  auto name = TRY(fields::label(subject, "name", 255));
  auto digests = TRY(subject.object("digest"));
  auto digest = TRY(fields::parsed<Sha256Digest>(digests, "sha256"));
  TRY(digests.finish());
  TRY(subject.finish());
  return StatementSubject{std::move(name), digest};
}

}  // namespace

Result<StatementFrame> read_statement(const JsonDocument& document, std::string_view predicate_type) {
  auto top = TRY(document.object());
  TRY(top.expect("_type", statement_type));
  const auto found = TRY(top.text("predicateType", 200));
  if (found != predicate_type) {
    return Error(Code::statement_type_mismatch, "predicateType", std::string(predicate_type), found);
  }
  auto subject = TRY(read_subject(top));
  auto predicate = TRY(top.object("predicate"));
  TRY(top.finish());
  return StatementFrame{std::move(subject), std::move(predicate)};
}

std::string print_statement(const StatementSubject& subject, std::string_view predicate_type,
                            std::string_view predicate_json) {
  JsonWriter writer;
  writer.begin_object().text("_type", statement_type);
  writer.key("subject").begin_array().begin_object().text("name", subject.name);
  writer.key("digest").begin_object().text("sha256", subject.digest.text()).end_object();
  writer.end_object().end_array();
  writer.text("predicateType", predicate_type).key("predicate").raw(predicate_json).end_object();
  return writer.take() + "\n";
}

Result<void> check_spelling(BytesView received, std::string_view printed) {
  if (as_text(received) == printed) return {};
  return Error(Code::statement_malformed, "statement", "members in order, no white space, one line end",
               "another spelling");
}

Result<std::string> predicate_type_of(BytesView payload) {
  const auto document = TRY(JsonDocument::parse(payload, statement_size_max, Code::statement_malformed));
  auto top = TRY(document.object());
  TRY(top.expect("_type", statement_type));
  return top.text("predicateType", 200);
}

}  // namespace sallyport
