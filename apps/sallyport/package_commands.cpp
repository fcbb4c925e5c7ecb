// SPDX-License-Identifier: Apache-2.0

#include <cstdlib>

#include "adapters/disk/file_source.h"
#include "adapters/disk/output_file.h"
#include "adapters/disk/scratch_file.h"
#include "adapters/host/workers.h"
#include "adapters/signer/open.h"
#include "adapters/tree_source/debs.h"
#include "adapters/tree_source/folder.h"
#include "adapters/tree_source/layered.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/node_world.h"
#include "apps/sallyport/output.h"
#include "apps/sallyport/progress_bar.h"
#include "core/base/text.h"
#include "core/format/declarations.h"
#include "core/format/services.h"
#include "roles/vendor/build.h"
#include "roles/vendor/sign.h"

namespace sallyport::cli {
namespace {

Result<std::unique_ptr<TreeSource>> open_tree(const Arguments& arguments) {
  std::unique_ptr<TreeSource> debs;
  std::unique_ptr<TreeSource> folder;
  if (!arguments.list("deb").empty()) debs = std::make_unique<DebTreeSource>(arguments.list("deb"));
  if (arguments.has("from")) folder = TRY(FolderTreeSource::at(arguments.text("from")));
  if (debs && folder)
    return std::unique_ptr<TreeSource>(
        std::make_unique<LayeredTreeSource>(std::move(debs), std::move(folder)));
  if (debs) return debs;
  if (folder) return folder;
  return Error(Code::usage_error, "package build", "--from DIR or --deb FILE", "neither");
}

// --released, else SOURCE_DATE_EPOCH, else the input's newest file.
Result<std::optional<Instant>> released(const Arguments& arguments) {
  if (arguments.has("released")) return std::optional<Instant>(TRY(arguments.time_or_now("released")));
  const char* epoch = std::getenv("SOURCE_DATE_EPOCH");
  if (epoch == nullptr) return std::optional<Instant>();
  const auto seconds = TRY(whole_number(epoch, "SOURCE_DATE_EPOCH"));
  return std::optional<Instant>(TRY(Instant::from_seconds(static_cast<std::int64_t>(seconds))));
}

Result<void> declare(vendor::BuildRequest& request, const Arguments& arguments) {
  auto declared = TRY(parse_declarations(TRY(read_whole_file(arguments.text("declare"), 1U << 20U))));
  if (arguments.has("services") && !declared.services.empty())
    return Error(Code::usage_error, "--declare", "services in one place", "there and in --services");
  if (!arguments.has("services")) request.services = std::move(declared.services);
  request.config = std::move(declared.config);
  request.users = std::move(declared.users);
  request.groups = std::move(declared.groups);
  return {};
}

Result<vendor::BuildRequest> build_request(const Arguments& arguments) {
  const auto product = TRY(ProductId::parse(arguments.text("product")));
  const auto counter = TRY(arguments.number("counter"));
  const auto release_time = TRY(released(arguments));
  vendor::BuildRequest request{arguments.text("name"),
                               arguments.text("version"),
                               product,
                               arguments.text_or("provider", arguments.text("name")),
                               counter,
                               arguments.text_or("architecture", this_machine()),
                               {},
                               {},
                               release_time};
  if (arguments.has("services")) {
    request.services = TRY(parse_services(TRY(read_whole_file(arguments.text("services"), 1U << 20U))));
  }
  if (arguments.has("declare")) TRY(declare(request, arguments));
  if (arguments.has("vnfd")) request.descriptor = TRY(read_whole_file(arguments.text("vnfd"), 1U << 20U));
  if (arguments.has("level"))
    request.level = static_cast<int>(std::min<std::uint64_t>(TRY(arguments.number("level")), 100));
  return request;
}

Result<void> run_build(const Arguments& arguments, Output& output) {
  const auto& path = arguments.text("o");
  const auto request = TRY(build_request(arguments));
  const auto tree = TRY(open_tree(arguments));
  const bool dry = arguments.has("dry-run");
  const auto file = TRY(OutputFile::create(path, Readers::by_umask));
  const auto scratch = TRY(ScratchFile::beside(path));
  ThreadWorkers workers;
  ProgressBar progress;
  NoSink nowhere;
  ByteSink& to = dry ? static_cast<ByteSink&>(nowhere) : *file;
  const auto report = TRY(vendor::build(request, *tree, *scratch, to, workers, progress));
  if (!dry) TRY(file->commit());
  output.line((dry ? "Would write " : "Built ") + printable(path) + ": " + std::to_string(report.files) +
              " files, " + std::to_string(report.content_size) + " bytes in " + std::to_string(report.size));
  output.field("package", "sha256 " + report.package.text());
  output.field("release", "sha256 " + report.release.text());
  output.json()
      .text("package", report.package.text())
      .text("release", report.release.text())
      .number("size", report.size);
  output.json()
      .number("files", report.files)
      .number("content_size", report.content_size)
      .number("contents", report.contents);
  output.json().text("architecture", report.architecture).text("released", report.released.print());
  if (dry) return {};
  output.next("sallyport package sign " + path + " --key URI --cert CHAIN.pem");
  return {};
}

Result<void> run_sign(const Arguments& arguments, Output& output) {
  const auto& path = arguments.text("FILE");
  const auto package = TRY(FileSource::open(path));
  const auto chain = TRY(load_chain(arguments.text("cert")));
  const auto signer = TRY(open_signer(arguments.text("key")));
  const auto at = TRY(arguments.time_or_now("at"));
  const bool elsewhere = arguments.has("o");
  const auto file = elsewhere ? TRY(OutputFile::create(arguments.text("o"), Readers::by_umask))
                              : TRY(OutputFile::create_replacement(path, Readers::by_umask));
  const bool dry = arguments.has("dry-run");
  ThreadWorkers workers;
  ProgressBar progress;
  NoSink nowhere;
  ByteSink& to = dry ? static_cast<ByteSink&>(nowhere) : *file;
  const auto report = TRY(vendor::sign(*package, *signer, chain, at, to, workers, progress));
  if (!dry) TRY(elsewhere ? file->commit() : file->commit_replacing());
  output.line((dry ? "Would sign and write " : "Signed ") +
              printable(elsewhere ? arguments.text("o") : path));
  output.field("signer", report.signer + " (" + signer->public_key().algorithm() + ")");
  output.field("product",
               report.product + " " + report.version + ", counter " + std::to_string(report.counter));
  output.field("package", "sha256 " + report.package.text());
  output.json()
      .text("signer", report.signer)
      .text("package", report.package.text())
      .text("release", report.release.text());
  output.json()
      .text("product", report.product)
      .text("version", report.version)
      .number("counter", report.counter);
  return {};
}

}  // namespace

std::vector<Command> package_commands() {
  std::vector<Command> commands{
      {"package build",
       "Build a release package from a folder or from .deb files",
       "Writes an unsigned SOL004 package (.csar). The same input gives the same bytes. Modes, links and "
       "file capabilities are kept;\n"
       "there are no install scripts, ever. With --deb and --from the folder's files take the place of the "
       ".deb files' own.",
       {"sallyport package build --from ./tree --name mme --version 2.4.1 --product mme --counter 17 -o "
        "mme.csar",
        "sallyport package build --deb mme.deb --deb libs1ap.deb --from ./config --services services.json "
        "\\\n"
        "      --name mme --version 2.4.1 --product mme --counter 17 -o mme.csar"},
       {},
       {{"from", "DIR", "Take the tree below this folder; owners become root"},
        {"deb", "FILE", "Take what this .deb file would install", Need::optional, Takes::values},
        {"name", "NAME", "Name of the release", Need::required},
        {"version", "TEXT", "Version, for people; never compared", Need::required},
        {"product", "ID", "Product, as policies name it", Need::required},
        {"counter", "N", "Release counter: a node never goes below the highest that it ran", Need::required},
        {"services", "FILE", "JSON list of what runs: docs/spec/tree.md"},
        {"declare", "FILE",
         "JSON object of services, configuration files with their merge rule, users and groups"},
        {"provider", "TEXT", "Who provides it (default: the name)"},
        {"vnfd", "FILE", "The VNFD or PNFD (default: a minimal one)"},
        {"architecture", "NAME", "As uname -m, or any (default: from the .deb files, else this machine's)"},
        {"released", "TIME", "Release time (default: $SOURCE_DATE_EPOCH, else the newest file's)"},
        {"level", "N",
         "Compression level, 1 to 19 (default 3); from 9 on it takes 13 to 18 MiB for each core"},
        {"o", "FILE.csar", "Where the package goes; must not exist", Need::required},
        dry_option},
       run_build},
      {"package sign",
       "Sign a package",
       "Reads the whole package as a node would, refuses what a node would refuse, and puts the signature "
       "(CMS) into the manifest. The\n"
       "file is replaced in one step. A signature that was there is replaced.",
       {"sallyport package sign mme.csar --key 'pkcs11:token=release;object=mme' --cert release-chain.pem"},
       {{"FILE", "", "The package", Need::required}},
       {{"key", "URI", "The private key: file:PATH, or pkcs11:… (RFC 7512)", Need::required},
        {"cert", "CHAIN.pem", "The key's certificate, then intermediates; a root is left out",
         Need::required},
        {"at", "TIME", "The certificate has to be valid at this time (default: now)"},
        {"o", "FILE.csar", "Write the signed package here instead"},
        dry_option},
       run_sign},
  };
  for (auto& command : package_stamp_commands()) commands.push_back(std::move(command));
  return commands;
}

}  // namespace sallyport::cli
