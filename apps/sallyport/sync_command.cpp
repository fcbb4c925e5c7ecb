// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/file_source.h"
#include "adapters/http/curl.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/node_world.h"
#include "apps/sallyport/output.h"
#include "apps/sallyport/sync_view.h"
#include "core/base/library_fault.h"
#include "core/trust/tuf/metadata.h"

namespace sallyport::cli {

Result<CurlSettings> curl_settings(const Arguments& arguments) {
  CurlSettings settings;
  settings.anchors = arguments.text_or("ca", "");
  if (arguments.has("client-cert") != arguments.has("client-key"))
    return Error(Code::usage_error, "--client-cert and --client-key", "both", "one");
  settings.certificate = arguments.text_or("client-cert", "");
  settings.certificate_key = arguments.text_or("client-key", "");
  return settings;
}

namespace {

Result<void> run_sync(const Arguments& arguments, Output& output) {
  node::SyncRequest request{arguments.text("URL"), {}, packages_of(arguments)};
  TRY(check_url(request.url));
  if (arguments.has("pin"))
    request.first_root = TRY(read_whole_file(arguments.text("pin"), tuf::root_size_max));
  const auto world = TRY(NodeWorld::open(arguments));
  CurlFetcher fetcher(TRY(curl_settings(arguments)));
  auto synced = told(attempt([&] { return node::sync(world->ports(), fetcher, request); }), arguments);
  const Error* const error = synced.ok() ? nullptr : &synced.error();
  TRY(world->record(world->event("node-sync", request.url), error));
  const auto report = TRY(std::move(synced));
  TRY(record_papers(*world, report));
  show_sync(report, arguments.text("root"), output);
  return {};
}

}  // namespace

Command node_sync_command() {
  return {
      "node sync",
      "Fetch what the operator's repository has for this node",
      "Refreshes the repository's metadata (TUF 1.0) and fetches the orders of the node's pool that name "
      "it, with "
      "the verdicts and packages\n"
      "that they rest on. Verdict and order are verified before a package is fetched. Stop orders, recalls "
      "and revocation lists are\n"
      "taken in as from files. Nothing is installed. What breaks off is continued by the next call.",
      {"sallyport node sync https://repository.example --root /var/lib/sallyport"},
      {{"URL", "", "The folder of the repository that holds metadata/ and targets/", Need::required}},
      {{"root", "DIR", "The node's root folder", Need::required},
       {"pin", "FILE", "The repository's first root, once: everything else is trusted through it"},
       {"ca", "FILE", "Authorities for the server's certificate (PEM), instead of the system's"},
       {"client-cert", "FILE", "This node's certificate, for servers that ask for one (PEM)"},
       {"client-key", "FILE", "Its key (PEM, without a passphrase)"},
       rehearse_option},
      run_sync};
}

}  // namespace sallyport::cli
