// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/file_source.h"
#include "adapters/disk/output_file.h"
#include "adapters/disk/posix.h"
#include "adapters/disk/scratch_file.h"
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
  if (arguments.has("pool")) request.pool = TRY(PoolId::parse(arguments.text("pool")));
  return request;
}

void show_export(const operators::BundleReport& report, const std::string& path, Output& output) {
  output.line("Bundle " + printable(base_name(path)) + ": root " + std::to_string(report.root) +
              ", snapshot " + std::to_string(report.snapshot) + ", " + counted(report.packages, "package") +
              ", " + counted(report.files, "file") + ", " + counted(report.bytes, "byte") + ".");
  if (report.packages_left_out > 0)
    output.line("Left out, because the site has them: " + counted(report.packages_left_out, "package") + ".");
  auto& json = output.json();
  json.number("root", report.root).number("snapshot", report.snapshot);
  json.number("timestamp", report.timestamp).number("files", report.files);
  json.number("packages", report.packages).number("packages_left_out", report.packages_left_out);
  json.number("bytes", report.bytes);
}

// With a folder, or with a web server, whose files wait in a nameless one beside the bundle.
Result<operators::BundleReport> export_to(const Arguments& arguments, ByteSink& to) {
  const auto request = TRY(request_of(arguments));
  const auto& place = arguments.text("repository");
  const bool is_url = place.starts_with("http://") || place.starts_with("https://");
  if (!is_url) {
    const auto disk = TRY(PosixDisk::at(place));
    operators::FolderSource folder(*disk);
    return operators::export_bundle(folder, request, to);
  }
  TRY(check_url(place));
  const auto scratch = TRY(ScratchFile::beside(arguments.text("o")));
  CurlFetcher fetcher(TRY(curl_settings(arguments)));
  operators::ServerSource server(fetcher, place, *scratch);
  return operators::export_bundle(server, request, to);
}

Result<void> run_export(const Arguments& arguments, Output& output) {
  const auto& path = arguments.text("o");
  if (arguments.rehearses()) {
    NoSink nowhere;
    show_export(TRY(export_to(arguments, nowhere)), path, output);
    return rehearse({path}, output);
  }
  const auto file = TRY(OutputFile::create(path, Readers::by_umask));
  const auto report = TRY(export_to(arguments, *file));
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
    return told(node::sync(world->ports(), fetcher, request), arguments);
  }();
  const Error* const error = synced.ok() ? nullptr : &synced.error();
  TRY(world->record(world->event("bundle-import", base_name(path)), error));
  const auto report = TRY(std::move(synced));
  TRY(record_papers(*world, report));
  show_sync(report, arguments.text("root"), output);
  return {};
}

}  // namespace

std::vector<Command> bundle_commands() {
  return {
      {"bundle export",
       "Put what a site without a network needs into one file",
       "Metadata with every root, policy, orders with their proofs, verdicts, packages, stop orders, recalls "
       "and revocation lists of a repository, as "
       "they are: nothing\nis signed anew, and the medium is trusted no more than a web server is. "
       "Everything "
       "is compared with what the repository lists.",
       {"sallyport bundle export --repository repo -o site.bundle",
        "sallyport bundle export --repository https://repository.example --pool mme-north -o north.bundle"},
       {},
       {{"repository", "DIR|URL", "The repository's folder, or where it is served", Need::required},
        {"pool", "POOL", "Only what the nodes of this pool need (default: of all)"},
        {"have", "DIGEST", "SHA-256 of a package that the site has already", Need::optional, Takes::values},
        {"o", "FILE", "The bundle to write", Need::required},
        {"ca", "FILE", "Authorities for the server's certificate (PEM), instead of the system's"},
        {"client-cert", "FILE", "A certificate, for servers that ask for one (PEM)"},
        {"client-key", "FILE", "Its key (PEM, without a passphrase)"},
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
