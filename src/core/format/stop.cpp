// SPDX-License-Identifier: Apache-2.0
#include "core/format/stop.h"

#include "core/format/fields.h"
#include "core/format/json_writer.h"

namespace sallyport {
namespace {

constexpr std::size_t reason_size_max = 1000;

Result<StopOrder> read_stop(const JsonDocument& document) {
  auto frame = TRY(read_statement(document, stop_predicate_type));
  auto& p = frame.predicate;
  const auto order = TRY(fields::parsed<Sha256Digest>(p, "order"));
  auto pool = TRY(fields::parsed<PoolId>(p, "pool"));
  const auto sequence = TRY(fields::positive(p, "sequence", fields::number_max));
  auto person = TRY(fields::parsed<PersonId>(p, "person"));
  const auto time = TRY(fields::parsed<Instant>(p, "time"));
  auto reason = TRY(p.text("reason", reason_size_max));
  TRY(p.finish());
  return StopOrder{.package_name = std::move(frame.subject.name),
                   .package = frame.subject.digest,
                   .order = order,
                   .pool = std::move(pool),
                   .sequence = sequence,
                   .person = std::move(person),
                   .time = time,
                   .reason = std::move(reason)};
}

}  // namespace

Result<StopOrder> parse_stop(BytesView payload) {
  return parse_statement(payload, read_stop, print_stop);
}

std::string print_stop(const StopOrder& stop) {
  JsonWriter writer;
  writer.begin_object().text("order", stop.order.text()).text("pool", stop.pool.text());
  writer.number("sequence", stop.sequence).text("person", stop.person.text());
  writer.text("time", stop.time.print()).text("reason", stop.reason).end_object();
  return print_statement({stop.package_name, stop.package}, stop_predicate_type, writer.take());
}

std::vector<Field> stop_fields(const StopOrder& stop) {
  const auto& [package_name, package, order, pool, sequence, person, time, reason] = stop;
  return {{"name", package_name},
          {"package", package.text()},
          {"order", order.text()},
          {"pool", pool.text()},
          {"sequence", std::to_string(sequence)},
          {"person", person.text()},
          {"time", time.print()},
          {"reason", reason}};
}

}  // namespace sallyport
