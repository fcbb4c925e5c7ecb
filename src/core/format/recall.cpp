// SPDX-License-Identifier: Apache-2.0
#include "core/format/recall.h"

#include "core/format/fields.h"
#include "core/format/json_writer.h"
#include "core/format/statement.h"

namespace sallyport {
namespace {

constexpr std::string_view statement_type = "https://in-toto.io/Statement/v1";
constexpr std::size_t engines_max = 16;
constexpr std::size_t verdicts_max = 1000;
constexpr std::string_view content_digest = "fsverity";
constexpr std::string_view package_digest = "sha256";

struct Subjects {
  std::vector<RecalledContent> contents;
  std::vector<RecalledPackage> packages;
};

// Contents first, then packages; each of them in the order of their digests.
template <class Item>
Result<void> add_ordered(std::vector<Item>& items, Item item, const JsonObject& subject) {
  if (!items.empty() && !(items.back().digest < item.digest))
    return subject.malformed("digest", "in order, each once", item.digest.text());
  items.push_back(std::move(item));
  return {};
}

Result<void> read_subject(JsonObject subject, Subjects& subjects) {
  auto name = TRY(fields::label(subject, "name", 255));
  auto digests = TRY(subject.object("digest"));
  if (digests.has(content_digest)) {
    const auto digest = TRY(fields::parsed<FileDigest>(digests, content_digest));
    TRY(add_ordered(subjects.contents, {std::move(name), digest}, subject));
  } else {
    const auto digest = TRY(fields::parsed<Sha256Digest>(digests, package_digest));
    TRY(add_ordered(subjects.packages, {std::move(name), digest}, subject));
  }
  TRY(digests.finish());
  return subject.finish();
}

Result<Subjects> read_subjects(JsonObject& top) {
  const auto array = TRY(top.array("subject", recall_subjects_max));
  if (array.size() == 0) return top.malformed("subject", "at least one", "none");
  Subjects subjects;
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto subject = TRY(array.object(i));
    TRY(read_subject(std::move(subject), subjects));
  }
  return subjects;
}

Result<std::vector<RecallEngine>> read_engines(JsonObject& predicate) {
  const auto array = TRY(predicate.array("engines", engines_max));
  std::vector<RecallEngine> engines;
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto object = TRY(array.object(i));
    auto engine = TRY(fields::label(object, "engine", 100));
    auto database = TRY(fields::label(object, "database", 200));
    TRY(object.finish());
    if (!engines.empty() && !(engines.back().engine < engine))
      return object.malformed("engine", "in order, each once", engine);
    engines.push_back({std::move(engine), std::move(database)});
  }
  return engines;
}

Result<std::vector<Sha256Digest>> read_verdicts(JsonObject& predicate) {
  const auto array = TRY(predicate.array("verdicts", verdicts_max));
  std::vector<Sha256Digest> verdicts;
  for (std::size_t i = 0; i < array.size(); ++i) {
    const auto place = fields::indexed("verdicts", i);
    const auto text = TRY(array.text(i, 200));
    const auto digest = Sha256Digest::parse(text);
    if (!digest.ok()) return predicate.malformed(place, fields::expected_of(digest.error()), text);
    if (!verdicts.empty() && !(verdicts.back() < digest.value()))
      return predicate.malformed(place, "in order, each once", text);
    verdicts.push_back(digest.value());
  }
  return verdicts;
}

// It is the time in milliseconds, or a smaller one. What is far ahead is no number that anybody counts on from.
Result<void> check_sequence(const JsonObject& predicate, std::uint64_t sequence, Instant time) {
  const auto highest = static_cast<std::uint64_t>(time.seconds()) * 1000 + 999;
  if (sequence <= highest) return {};
  return predicate.malformed("sequence", "at most the milliseconds of its time, " + std::to_string(highest),
                             std::to_string(sequence));
}

Result<Recall> read_recall(const JsonDocument& document) {
  auto top = TRY(document.object());
  TRY(top.expect("_type", statement_type));
  const auto type = TRY(top.text("predicateType", 200));
  if (type != recall_predicate_type)
    return Error(Code::statement_type_mismatch, "predicateType", std::string(recall_predicate_type), type);
  auto subjects = TRY(read_subjects(top));
  auto p = TRY(top.object("predicate"));
  TRY(top.finish());
  auto pool = TRY(fields::parsed<PoolId>(p, "pool"));
  const auto sequence = TRY(fields::positive(p, "sequence", fields::number_max));
  auto engines = TRY(read_engines(p));
  auto verdicts = TRY(read_verdicts(p));
  const auto time = TRY(fields::parsed<Instant>(p, "time"));
  TRY(check_sequence(p, sequence, time));
  auto proposer = TRY(fields::parsed<PersonId>(p, "proposer"));
  auto reason = TRY(p.text("reason", recall_reason_size_max));
  TRY(p.finish());
  return Recall{.contents = std::move(subjects.contents),
                .packages = std::move(subjects.packages),
                .pool = std::move(pool),
                .sequence = sequence,
                .engines = std::move(engines),
                .verdicts = std::move(verdicts),
                .time = time,
                .proposer = std::move(proposer),
                .reason = std::move(reason)};
}

template <class Item>
void write_subjects(JsonWriter& writer, std::string_view digest_name, const std::vector<Item>& items) {
  for (const auto& item : items) {
    writer.begin_object().text("name", item.name).key("digest").begin_object();
    writer.text(digest_name, item.digest.text()).end_object().end_object();
  }
}

}  // namespace

Result<Recall> parse_recall(BytesView payload) {
  const auto document = TRY(JsonDocument::parse(payload, statement_size_max, Code::recall_malformed));
  auto recall = TRY(read_recall(document));
  if (as_text(payload) != print_recall(recall))
    return Error(Code::recall_malformed, "recall", "members in order, no white space, one line end",
                 "another spelling");
  return recall;
}

std::string print_recall(const Recall& recall) {
  JsonWriter writer;
  writer.begin_object().text("_type", statement_type).key("subject").begin_array();
  write_subjects(writer, content_digest, recall.contents);
  write_subjects(writer, package_digest, recall.packages);
  writer.end_array().text("predicateType", recall_predicate_type);
  writer.key("predicate").begin_object();
  writer.text("pool", recall.pool.text()).number("sequence", recall.sequence);
  writer.key("engines").begin_array();
  for (const auto& [engine, database] : recall.engines)
    writer.begin_object().text("engine", engine).text("database", database).end_object();
  writer.end_array().key("verdicts").begin_array();
  for (const auto& verdict : recall.verdicts) writer.text(verdict.text());
  writer.end_array().text("time", recall.time.print()).text("proposer", recall.proposer.text());
  writer.text("reason", recall.reason).end_object().end_object();
  return writer.take() + "\n";
}

std::vector<Field> recall_fields(const Recall& recall) {
  const auto& [contents, packages, pool, sequence, engines, verdicts, time, proposer, reason] = recall;
  std::vector<Field> all;
  for (const auto& content : contents)
    all.push_back({"content", content.digest.text() + " (" + content.name + ")"});
  for (const auto& package : packages)
    all.push_back({"package", package.digest.text() + " (" + package.name + ")"});
  all.push_back({"pool", pool.text()});
  all.push_back({"sequence", std::to_string(sequence)});
  for (const auto& [engine, database] : engines) all.push_back({"engine", engine + ", database " + database});
  for (const auto& verdict : verdicts) all.push_back({"verdict", verdict.text()});
  all.push_back({"time", time.print()});
  all.push_back({"proposer", proposer.text()});
  all.push_back({"reason", reason});
  return all;
}

}  // namespace sallyport
