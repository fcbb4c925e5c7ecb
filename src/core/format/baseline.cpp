// SPDX-License-Identifier: Apache-2.0
#include "core/format/baseline.h"

#include <set>
#include <tuple>

#include "core/format/fields.h"
#include "core/format/json_writer.h"

namespace sallyport {
namespace {

constexpr std::size_t nodes_max = 10000;
constexpr std::size_t packages_max = 20000;
constexpr std::size_t files_max = 30000;  // more do not fit into a statement
constexpr std::size_t reason_size_max = 1000;
constexpr std::size_t path_size_max = 4096;

Result<BaselineFile> read_file(JsonObject& object) {
  auto path = TRY(fields::label(object, "path", path_size_max));
  if (!path.starts_with('/')) return object.malformed("path", "an absolute path", path);
  const auto size = TRY(object.number("size", fields::number_max));
  const auto digest = TRY(fields::parsed<FileDigest>(object, "digest"));
  return BaselineFile{std::move(path), size, digest};
}

// In the order of their paths: there is one spelling, and nobody overlooks a second entry.
Result<std::vector<BaselineFile>> read_files(JsonObject& object, std::string_view name) {
  const auto array = TRY(object.array(name, files_max));
  std::vector<BaselineFile> files;
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto item = TRY(array.object(i));
    auto file = TRY(read_file(item));
    TRY(item.finish());
    if (!files.empty() && file.path <= files.back().path)
      return object.malformed(fields::indexed(name, i), "paths in order, each once", file.path);
    files.push_back(std::move(file));
  }
  return files;
}

Result<std::vector<BaselinePackage>> read_packages(JsonObject& predicate) {
  const auto array = TRY(predicate.array("packages", packages_max));
  std::vector<BaselinePackage> packages;
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto object = TRY(array.object(i));
    auto name = TRY(fields::label(object, "package", 200));
    auto architecture = TRY(fields::label(object, "architecture", 100));
    auto version = TRY(fields::label(object, "version", 200));
    auto files = TRY(read_files(object, "files"));
    TRY(object.finish());
    if (files.empty()) return object.malformed("files", "at least one", "none");
    const auto in_order = [&](const BaselinePackage& before) {
      return std::tie(before.name, before.architecture) < std::tie(name, architecture);
    };
    if (!packages.empty() && !in_order(packages.back()))
      return predicate.malformed(fields::indexed("packages", i), "packages in order, each once", name);
    packages.push_back({std::move(name), std::move(architecture), std::move(version), std::move(files)});
  }
  return packages;
}

Result<std::vector<ChangedFile>> read_changed(JsonObject& predicate) {
  const auto array = TRY(predicate.array("changed", files_max));
  std::vector<ChangedFile> changed;
  for (std::size_t i = 0; i < array.size(); ++i) {
    auto object = TRY(array.object(i));
    auto file = TRY(read_file(object));
    auto package = TRY(fields::label(object, "package", 200));
    TRY(object.finish());
    if (!changed.empty() && file.path <= changed.back().file.path)
      return predicate.malformed(fields::indexed("changed", i), "paths in order, each once", file.path);
    changed.push_back({std::move(file), std::move(package)});
  }
  return changed;
}

Result<HostBaseline> read_baseline(const JsonDocument& document) {
  auto frame = TRY(read_statement(document, baseline_predicate_type));
  auto& p = frame.predicate;
  auto pool = TRY(fields::parsed<PoolId>(p, "pool"));
  auto nodes = TRY(fields::parsed_set<NodeId>(p, "nodes", nodes_max));
  const auto number = TRY(fields::positive(p, "number", fields::number_max));
  const auto time = TRY(fields::parsed<Instant>(p, "time"));
  auto reason = TRY(p.text("reason", reason_size_max));
  auto packages = TRY(read_packages(p));
  auto changed = TRY(read_changed(p));
  auto unowned = TRY(read_files(p, "unowned"));
  TRY(p.finish());
  HostBaseline baseline{.database_name = std::move(frame.subject.name),
                        .database = frame.subject.digest,
                        .pool = std::move(pool),
                        .nodes = {nodes.begin(), nodes.end()},
                        .number = number,
                        .time = time,
                        .reason = std::move(reason),
                        .packages = std::move(packages),
                        .changed = std::move(changed),
                        .unowned = std::move(unowned)};
  if (count_files(baseline) == 0) return p.malformed("packages", "at least one file", "none");
  return baseline;
}

JsonWriter& write_file(JsonWriter& writer, const BaselineFile& file) {
  return writer.begin_object()
      .text("path", file.path)
      .number("size", file.size)
      .text("digest", file.digest.text());
}

void write_files(JsonWriter& writer, std::string_view name, const std::vector<BaselineFile>& files) {
  writer.key(name).begin_array();
  for (const auto& file : files) write_file(writer, file).end_object();
  writer.end_array();
}

std::string describe(const BaselineFile& file) {
  return std::to_string(file.size) + " bytes, " + file.digest.text();
}

}  // namespace

Result<HostBaseline> parse_baseline(BytesView payload) {
  return parse_statement(payload, read_baseline, print_baseline);
}

std::string print_baseline(const HostBaseline& baseline) {
  JsonWriter writer;
  writer.begin_object().text("pool", baseline.pool.text()).key("nodes").begin_array();
  for (const auto& node : baseline.nodes) writer.text(node.text());
  writer.end_array().number("number", baseline.number).text("time", baseline.time.print());
  writer.text("reason", baseline.reason).key("packages").begin_array();
  for (const auto& package : baseline.packages) {
    writer.begin_object().text("package", package.name).text("architecture", package.architecture);
    writer.text("version", package.version);
    write_files(writer, "files", package.files);
    writer.end_object();
  }
  writer.end_array().key("changed").begin_array();
  for (const auto& [file, package] : baseline.changed)
    write_file(writer, file).text("package", package).end_object();
  writer.end_array();
  write_files(writer, "unowned", baseline.unowned);
  writer.end_object();
  return print_statement({baseline.database_name, baseline.database}, baseline_predicate_type, writer.take());
}

std::uint64_t count_files(const HostBaseline& baseline) {
  std::uint64_t count = baseline.changed.size() + baseline.unowned.size();
  for (const auto& package : baseline.packages) count += package.files.size();
  return count;
}

std::vector<Field> baseline_fields(const HostBaseline& baseline) {
  const auto& [database_name, database, pool, nodes, number, time, reason, packages, changed, unowned] =
      baseline;
  std::string names;
  for (const auto& node : nodes) names += (names.empty() ? "" : ", ") + node.text();
  std::vector<Field> shown{{"database", database_name + " " + database.text()},
                           {"pool", pool.text()},
                           {"nodes", names},
                           {"number", std::to_string(number)},
                           {"time", time.print()},
                           {"reason", reason}};
  for (const auto& package : packages)
    shown.push_back({"package " + package.name + " " + package.architecture,
                     package.version + ", files: " + std::to_string(package.files.size())});
  for (const auto& [file, package] : changed)
    shown.push_back({"CHANGED " + file.path, "not as package " + package + " has it: " + describe(file)});
  for (const auto& file : unowned)
    shown.push_back({"UNOWNED " + file.path, "of no package: " + describe(file)});
  return shown;
}

}  // namespace sallyport
