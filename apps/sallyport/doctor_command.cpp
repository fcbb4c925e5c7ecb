// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>

#include "adapters/disk/posix.h"
#include "adapters/host/facilities.h"
#include "adapters/scanner/clamd.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/output.h"
#include "core/base/text.h"
#include "core/format/signature_kinds.h"

namespace sallyport::cli {
namespace {

std::string_view word(Wanted wanted) {
  return wanted == Wanted::required ? "required" : "useful";
}

void show(const Facility& facility, Output& output) {
  const bool there = facility.missing.empty();
  output.line(fmt::format("  {:3}  {:26} {}{}", there ? "yes" : "no", facility.name, facility.purpose,
                          there ? std::string() : " (" + printable(facility.missing) + ")"));
  output.json().begin_object().text("name", facility.name).text("wanted", word(facility.wanted));
  output.json().key("there").boolean(there);
  if (!there) output.json().text("why", facility.missing);
  output.json().end_object();
}

// Asked of the library, not of the kernel.
Facility post_quantum_signatures() {
  const auto available = RequiredKinds({SignatureKind::post_quantum}).check_available();
  return {"ML-DSA", Wanted::useful, "policies that ask for post-quantum signatures",
          available.ok() ? std::string() : available.error().found};
}

// The required ones that are not there, by name.
std::string show_facilities(Output& output) {
  std::string lacking;
  std::optional<Wanted> heading;
  output.json().key("facilities").begin_array();
  auto facilities = host_facilities();
  facilities.push_back(post_quantum_signatures());
  for (const auto& facility : facilities) {
    if (heading != facility.wanted)
      output.line(facility.wanted == Wanted::required ? "Required by a node" : "Useful to a node");
    heading = facility.wanted;
    show(facility, output);
    if (facility.wanted == Wanted::required && !facility.missing.empty())
      lacking += (lacking.empty() ? "" : ", ") + std::string(facility.name);
  }
  output.json().end_array();
  return lacking;
}

// Of a folder that is not there yet, the one that it would be made in is looked at.
Result<std::unique_ptr<PosixDisk>> root_or_parent(const std::string& path) {
  auto disk = PosixDisk::at(path);
  if (disk.ok() || disk.error().code != Code::file_missing) return disk;
  auto parent = PosixDisk::shared_at((std::filesystem::absolute(path) / "..").lexically_normal().string());
  if (!parent.ok()) return disk;
  return parent;
}

Result<void> show_root(const std::string& path, Output& output) {
  const auto disk = TRY(root_or_parent(path));
  const auto space = TRY(disk->space());
  output.line("The node's folder");
  output.field("  root", path);
  output.field("  free", fmt::format("{} MiB, {} files", space.bytes_free >> 20U, space.files_free));
  output.json().key("root").begin_object().text("path", path).number("bytes_free", space.bytes_free);
  output.json().number("files_free", space.files_free).end_object();
  return {};
}

Result<void> show_scanner(const std::string& socket, Output& output) {
  const auto engine = TRY(Clamd({socket}).info());
  const auto published = engine.database_time.print();
  output.line("The scanner");
  output.field("  engine", engine.version);
  output.field("  database", fmt::format("{}, of {}", engine.database, published));
  output.json().key("scanner").begin_object().text("version", engine.version);
  output.json().text("database", engine.database).text("database_time", published).end_object();
  return {};
}

Result<void> run_doctor(const Arguments& arguments, Output& output) {
  output.field("sallyport", SALLYPORT_VERSION);
  output.field("kernel", kernel_release());
  output.json().text("version", SALLYPORT_VERSION).text("kernel", kernel_release());
  const auto lacking = show_facilities(output);
  if (arguments.has("root")) TRY(show_root(arguments.text("root"), output));
  if (arguments.has("clamd")) TRY(show_scanner(arguments.text("clamd"), output));
  if (lacking.empty()) return {};
  return Error(Code::not_supported, "this machine", "everything that a node requires", "no " + lacking);
}

}  // namespace

Command doctor_command() {
  return {
      "doctor",
      "Show what this machine has and lacks for a node, and for intake",
      "Asks the kernel, and OpenSSL, for each facility that Sallyport builds on, by harmless tries, and says "
      "what each is "
      "for. With --root it\nlooks at the folder of a node, or at the one that is to become one; with --clamd "
      "it asks the scanner for its version and its\ndatabase. Exit code 1 when something is missing that a "
      "node cannot do without. Changes nothing.",
      {"sallyport doctor", "sallyport doctor --root /var/lib/sallyport --clamd /run/clamav/clamd.ctl"},
      {},
      {{"root", "DIR", "The folder of a node"}, {"clamd", "SOCKET", "The socket of clamd"}},
      run_doctor};
}

}  // namespace sallyport::cli
