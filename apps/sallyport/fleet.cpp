// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/fleet.h"

#include "adapters/disk/file_source.h"
#include "adapters/disk/posix.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/output.h"
#include "core/format/dsse.h"

namespace sallyport::cli {
namespace {

constexpr std::string_view key_ending = ".pub";
constexpr std::string_view report_ending = ".report";
constexpr std::size_t key_size_max = 16384;

Result<intake::PinnedNodes> pinned_in(const std::string& folder) {
  const auto disk = TRY(PosixDisk::shared_at(folder));
  intake::PinnedNodes pinned;
  for (const auto& name : TRY(disk->list(""))) {
    if (!name.ends_with(key_ending)) continue;
    const auto path = folder + "/" + name;
    const auto node = TRY(NodeId::parse(name.substr(0, name.size() - key_ending.size())).within(path));
    const auto pem = TRY(read_whole_file(path, key_size_max));
    pinned.emplace(node, TRY(PublicKey::from_pem(as_text(pem)).within(path)));
  }
  if (pinned.empty()) return Error(Code::usage_error, "--node-keys", "a folder with NODE.pub files", "none");
  return pinned;
}

Result<std::vector<intake::ReportFile>> reports_in(const std::string& folder) {
  const auto disk = TRY(PosixDisk::shared_at(folder));
  std::vector<intake::ReportFile> files;
  for (const auto& name : TRY(disk->list(""))) {
    if (!name.ends_with(report_ending)) continue;
    auto envelope = TRY(read_whole_file(folder + "/" + name, envelope_size_max));
    files.push_back({name, std::move(envelope)});
  }
  return files;
}

}  // namespace

const Option reports_option{
    "reports", "DIR", "A folder of signed reports of nodes, NODE.report: which of them run what is found"};
const Option node_keys_option{"node-keys", "DIR", "Their public keys, as each node's root has one: NODE.pub"};

Result<std::optional<intake::Fleet>> load_fleet(const Arguments& arguments, Instant now) {
  if (arguments.has("reports") != arguments.has("node-keys"))
    return Error(Code::usage_error, "--reports and --node-keys", "both", "one");
  if (!arguments.has("reports")) return std::optional<intake::Fleet>();
  const auto pinned = TRY(pinned_in(arguments.text("node-keys")));
  const auto files = TRY(reports_in(arguments.text("reports")));
  return std::optional(TRY(intake::read_fleet(files, pinned, now)));
}

void show_fleet(const intake::Fleet& fleet, Output& output) {
  auto& json = output.json();
  json.key("reports_refused").begin_array();
  for (const auto& [name, error] : fleet.refused) {
    output.field("report", name + ": REFUSED, " + std::string(sallyport::name(error.code)));
    json.begin_object().text("file", name).text("code", sallyport::name(error.code)).end_object();
  }
  json.end_array().key("silent").begin_array();
  for (const auto& node : fleet.silent) {
    output.field("no report", node.text());
    json.text(node.text());
  }
  json.end_array();
}

void show_who_has(const intake::Fleet& fleet, const Sha256Digest& package, Output& output) {
  output.json().key("nodes").begin_array();
  for (const auto& one : intake::who_has(fleet, package)) {
    output.field(one.use == GenerationUse::active ? "runs on" : "is on",
                 one.node.text() + " of " + one.pool.text() + ", generation " +
                     std::to_string(one.generation) + " (" + std::string(word(one.use)) + "), as of " +
                     one.time.print());
    output.json().begin_object().text("node", one.node.text()).text("pool", one.pool.text());
    output.json().number("generation", one.generation).text("use", word(one.use));
    output.json().text("time", one.time.print()).end_object();
  }
  output.json().end_array();
}

}  // namespace sallyport::cli
