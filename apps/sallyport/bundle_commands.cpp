// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/file_source.h"
#include "adapters/disk/output_file.h"
#include "adapters/disk/posix.h"
#include "adapters/http/bundle.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/node_world.h"
#include "apps/sallyport/output.h"
#include "apps/sallyport/sync_view.h"
#include "core/base/text.h"
#include "core/trust/tuf/metadata.h"
#include "roles/operator/bundle.h"

namespace sallyport::cli {
namespace {

Result<operators::BundleRequest> request_of(const Arguments& arguments) {
  operators::BundleRequest request;
  for (const auto& text : arguments.list("have")) {
    const auto digest = Sha256Digest::parse(text);
    if (!digest.ok()) return Error(Code::usage_error, "--have", "the SHA-256 of a package", printable(text));
    request.have.insert(digest.value());
  }
  return request;
}

void show_export(const operators::BundleReport& report, const std::string& path, Output& output) {
  output.line("Bundle " + printable(base_name(path)) + ": root " + std::to_string(report.root) +
              ", snapshot " + std::to_string(report.snapshot) + ", " + std::to_string(report.packages) +
              " packages, " + std::to_string(report.files) + " files, " + std::to_string(report.bytes) +
              " bytes.");
  if (report.packages_left_out > 0)
    output.line("Left out, because the site has them: " + std::to_string(report.packages_left_out) +
                " packages.");
  auto& json = output.json();
  json.number("root", report.root).number("snapshot", report.snapshot);
  json.number("timestamp", report.timestamp).number("files", report.files);
  json.number("packages", report.packages).number("packages_left_out", report.packages_left_out);
  json.number("bytes", report.bytes);
}

Result<void> run_export(const Arguments& arguments, Output& output) {
  const auto request = TRY(request_of(arguments));
  const auto& path = arguments.text("o");
  const auto disk = TRY(PosixDisk::at(arguments.text("repository")));
  if (arguments.has("dry-run")) {
    NoSink nowhere;
    show_export(TRY(operators::export_bundle(*disk, request, nowhere)), path, output);
    return rehearse({path}, output);
  }
  const auto file = TRY(OutputFile::create(path, Readers::by_umask));
  const auto report = TRY(operators::export_bundle(*disk, request, *file));
  TRY(file->commit());
  show_export(report, path, output);
  output.json().text("file", path);
  output.next("at the site: sallyport bundle import " + base_name(path) + " --root DIR");
  return {};
}

Result<void> run_import(const Arguments& arguments, Output& output) {
  const auto& path = arguments.text("FILE");
  node::SyncRequest request{bundle_url, {}, packages_of(arguments)};
  if (arguments.has("pin"))
    request.first_root = TRY(read_whole_file(arguments.text("pin"), tuf::root_size_max));
  const auto file = TRY(FileSource::open(path));
  const auto world = TRY(NodeWorld::open(arguments));
  auto synced = [&]() -> Result<node::SyncReport> {
    auto fetcher = TRY(BundleFetcher::open(*file));
    return node::sync(world->ports(), fetcher, request);
  }();
  const Error* const error = synced.ok() ? nullptr : &synced.error();
  TRY(world->record(world->event("bundle-import", base_name(path)), error));
  show_sync(TRY(std::move(synced)), arguments.text("root"), output);
  return {};
}

}  // namespace

std::vector<Command> bundle_commands() {
  return {
      {"bundle export",
       "Put what a site without a network needs into one file",
       "Metadata with every root, policy, orders with their proofs, verdicts and packages of a repository, "
       "as "
       "they are: nothing is\nsigned anew, and the medium is trusted no more than a web server is. "
       "Everything "
       "is compared with what the repository lists.",
       {"sallyport bundle export --repository repo -o site.bundle"},
       {},
       {{"repository", "DIR", "The repository's folder", Need::required},
        {"have", "DIGEST", "SHA-256 of a package that the site has already", Need::optional, Takes::values},
        {"o", "FILE", "The bundle to write", Need::required},
        dry_option},
       run_export},
      {"bundle import",
       "Take in a bundle, as `node sync` takes in a repository",
       "Makes the very checks that `node sync` makes: signatures from the pinned root on, nothing older than "
       "what was seen, nothing\nmixed, nothing expired; verdict, order and proof before a package. Packages "
       "are copied while they are verified; the medium is\nnot needed any more after that. Nothing is "
       "installed.",
       {"sallyport bundle import /media/usb/site.bundle --root /var/lib/sallyport"},
       {{"FILE", "", "The bundle", Need::required}},
       {{"root", "DIR", "The node's root folder", Need::required},
        {"pin", "FILE", "The repository's first root, once: everything else is trusted through it"},
        rehearse_option},
       run_import},
  };
}

}  // namespace sallyport::cli
