// SPDX-License-Identifier: Apache-2.0
#include "core/format/scan_exception.h"

#include <algorithm>
#include <array>

#include "core/format/fields.h"
#include "core/format/json_writer.h"
#include "core/format/statement.h"

namespace sallyport {
namespace {

constexpr std::string_view statement_type = "https://in-toto.io/Statement/v1";
// What says that it could not be looked at, or that an engine does not count, is no false positive.
constexpr std::array<Code, 3> may_be_excepted{Code::malware_found, Code::secret_found,
                                              Code::content_disguised};

bool is_known(std::string_view code) {
  return std::any_of(may_be_excepted.begin(), may_be_excepted.end(),
                     [&](Code one) { return name(one) == code; });
}

struct Subject {
  std::string name;
  FileDigest digest;
};

Result<Subject> read_subject(JsonObject& top) {
  const auto subjects = TRY(top.array("subject", 1));
  if (subjects.size() != 1) return top.malformed("subject", "exactly one", "none");
  auto subject = TRY(subjects.object(0));
  auto name = TRY(fields::label(subject, "name", 255));
  auto digests = TRY(subject.object("digest"));
  const auto digest = TRY(fields::parsed<FileDigest>(digests, "fsverity"));
  TRY(digests.finish());
  TRY(subject.finish());
  return Subject{std::move(name), digest};
}

Result<ScanException> read_exception(const JsonDocument& document) {
  auto top = TRY(document.object());
  TRY(top.expect("_type", statement_type));
  const auto type = TRY(top.text("predicateType", 200));
  if (type != scan_exception_predicate_type)
    return Error(Code::statement_type_mismatch, "predicateType", std::string(scan_exception_predicate_type),
                 type);
  auto subject = TRY(read_subject(top));
  auto p = TRY(top.object("predicate"));
  TRY(top.finish());
  auto code = TRY(p.text("code", 100));
  if (!is_known(code)) return p.malformed("code", "a finding that may be excepted", code);
  auto engine = TRY(fields::label(p, "engine", 100));
  auto signature = TRY(fields::label(p, "signature", 400));
  auto pool = TRY(fields::parsed<PoolId>(p, "pool"));
  const auto until = TRY(fields::parsed<Instant>(p, "until"));
  const auto time = TRY(fields::parsed<Instant>(p, "time"));
  if (until <= time) return p.malformed("until", "later than " + time.print(), until.print());
  auto proposer = TRY(fields::parsed<PersonId>(p, "proposer"));
  auto reason = TRY(fields::label(p, "reason", scan_exception_reason_size_max));
  TRY(p.finish());
  return ScanException{.name = std::move(subject.name),
                       .content = subject.digest,
                       .code = std::move(code),
                       .engine = std::move(engine),
                       .signature = std::move(signature),
                       .pool = std::move(pool),
                       .until = until,
                       .time = time,
                       .proposer = std::move(proposer),
                       .reason = std::move(reason)};
}

}  // namespace

Result<ScanException> parse_scan_exception(BytesView payload) {
  return parse_statement(payload, read_exception, print_scan_exception);
}

std::string print_scan_exception(const ScanException& exception) {
  JsonWriter writer;
  writer.begin_object().text("_type", statement_type).key("subject").begin_array().begin_object();
  writer.text("name", exception.name).key("digest").begin_object();
  writer.text("fsverity", exception.content.text()).end_object().end_object().end_array();
  writer.text("predicateType", scan_exception_predicate_type).key("predicate").begin_object();
  writer.text("code", exception.code).text("engine", exception.engine);
  writer.text("signature", exception.signature).text("pool", exception.pool.text());
  writer.text("until", exception.until.print()).text("time", exception.time.print());
  writer.text("proposer", exception.proposer.text()).text("reason", exception.reason);
  writer.end_object().end_object();
  return writer.take() + "\n";
}

// "words" where one engine looked; "engine: words" and perhaps " (other says clean)" where several did.
std::optional<EngineWords> words_of(const Finding& finding, const std::vector<EngineRecord>& engines) {
  if (engines.size() == 1) return EngineWords{engines.front().engine, finding.detail};
  constexpr std::string_view others_end = " says clean)";
  for (const auto& record : engines) {
    const auto begin = record.engine + ": ";
    if (!finding.detail.starts_with(begin)) continue;
    auto words = finding.detail.substr(begin.size());
    const auto others = words.rfind(" (");
    if (words.ends_with(others_end) && others != std::string::npos) words.resize(others);
    return EngineWords{record.engine, std::move(words)};
  }
  return std::nullopt;
}

// Words that leave something unsaid, or tell of something inside of which the engine, and nobody else, knows whether it
// is all: whoever approves them does not know what else they let in.
bool say_all(std::string_view words) {
  constexpr std::size_t said_max = 200;  // from there on words were cut
  return words.size() < said_max && words.find(": ") == std::string_view::npos && !words.ends_with(" more");
}

bool may_have_exception(const Finding& finding, const std::vector<EngineRecord>& engines) {
  const auto words = words_of(finding, engines);
  return is_known(finding.code) && words && say_all(words->words);
}

FileDigest about(const Finding& finding) {
  return finding.member.value_or(finding.digest);
}

Covers covers(const ScanException& exception, const Finding& finding,
              const std::vector<EngineRecord>& engines) {
  if (exception.content != about(finding) || exception.code != finding.code) return Covers::another;
  if (!say_all(exception.signature)) return Covers::another;
  return words_of(finding, engines) == EngineWords{exception.engine, exception.signature} ? Covers::it
                                                                                          : Covers::another;
}

std::vector<Field> scan_exception_fields(const ScanException& exception) {
  const auto& [name, content, code, engine, signature, pool, until, time, proposer, reason] = exception;
  return {{"content", content.text() + " (" + name + ")"},
          {"code", code},
          {"engine", engine},
          {"signature", signature},
          {"pool", pool.text()},
          {"until", until.print()},
          {"time", time.print()},
          {"proposer", proposer.text()},
          {"reason", reason}};
}

}  // namespace sallyport
