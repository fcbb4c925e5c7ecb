// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
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
#include "apps/sallyport/package_wrap.h"
#include "apps/sallyport/progress_bar.h"
#include "core/base/text.h"
#include "core/format/attestation.h"
#include "core/format/declarations.h"
#include "core/format/sbom.h"
#include "core/format/services.h"
#include "roles/vendor/build.h"
#include "roles/vendor/sign.h"

namespace sallyport::cli {
namespace {

// `wrapped`: what came out of --wrap, if anything did.
Result<std::unique_ptr<TreeSource>> open_tree(const Arguments& arguments,
                                              std::unique_ptr<TreeSource> wrapped) {
  std::unique_ptr<TreeSource> lower = std::move(wrapped);
  std::unique_ptr<TreeSource> folder;
  if (!arguments.list("deb").empty()) {
    if (lower) return Error(Code::usage_error, "package build", "--wrap or --deb", "both");
    lower = std::make_unique<DebTreeSource>(arguments.list("deb"));
  }
  if (arguments.has("from")) folder = TRY(FolderTreeSource::at(arguments.text("from")));
  if (lower && folder)
    return std::unique_ptr<TreeSource>(
        std::make_unique<LayeredTreeSource>(std::move(lower), std::move(folder)));
  if (lower) return lower;
  if (folder) return folder;
  return Error(Code::usage_error, "package build", "--from DIR, --deb FILE or --wrap FILE", "none of them");
}

// --released, else SOURCE_DATE_EPOCH, else the input's newest file.
Result<std::optional<Instant>> released(const Arguments& arguments) {
  if (arguments.has("released")) return std::optional<Instant>(TRY(arguments.time_or_now("released")));
  const char* epoch = std::getenv("SOURCE_DATE_EPOCH");
  if (epoch == nullptr) return std::optional<Instant>();
  const auto seconds = TRY(whole_number(epoch, "SOURCE_DATE_EPOCH"));
  return std::optional<Instant>(TRY(Instant::from_seconds(static_cast<std::int64_t>(seconds))));
}

constexpr std::uint64_t written_size_max = 1U << 20U;  // of what the vendor writes by hand

// What is wrong with such a file is the vendor's to mend, and told of the file.
template <class T>
Result<T> of_input(Result<T> read, const std::string& path) {
  if (read.ok() || kind_of(read.error().code) == Kind::fault) return read;
  auto error = std::move(read).take_error();
  error.code = Code::input_refused;
  error.where = path + (error.where.empty() ? "" : ": " + error.where);
  return error;
}

// Lists of services go to --services, objects with more than these to --declare.
Result<Bytes> read_written(const Arguments& arguments, std::string_view option) {
  const auto& path = arguments.text(option);
  auto bytes = TRY(read_whole_file(path, written_size_max));
  const auto text = as_text(bytes);
  const auto first = text.find_first_not_of(" \t\r\n");
  const char begins = first == std::string_view::npos ? ' ' : text[first];
  if (option == "services" && begins == '{')
    return Error(Code::input_refused, path, "a list of services: [ … ]", "an object, as --declare takes it");
  if (option == "declare" && begins == '[')
    return Error(Code::input_refused, path, "an object: { … }", "a list, as --services takes it");
  return bytes;
}

Result<void> declare(vendor::BuildRequest& request, const Arguments& arguments) {
  const auto bytes = TRY(read_written(arguments, "declare"));
  auto declared = TRY(of_input(parse_declarations(bytes), arguments.text("declare")));
  if (arguments.has("services") && !declared.services.empty())
    return Error(Code::usage_error, "--declare", "services in one place", "there and in --services");
  if (!arguments.has("services")) request.services = std::move(declared.services);
  request.config = std::move(declared.config);
  request.users = std::move(declared.users);
  request.groups = std::move(declared.groups);
  return {};
}

// "build/slsa.intoto.jsonl" → "slsa"
std::string attestation_name(const std::string& path) {
  std::string stem = base_name(path);
  for (const std::string_view ending : {".dsse.json", ".intoto.json", ".intoto.jsonl", ".json"}) {
    if (!stem.ends_with(ending)) continue;
    stem.resize(stem.size() - ending.size());
    break;
  }
  return stem;
}

// What the request says, or what was wrapped says of itself.
Result<std::string> named(const Arguments& arguments, std::string_view option, std::string fallback) {
  auto text = arguments.text_or(option, fallback);
  if (!text.empty()) return text;
  return Error(Code::usage_error, "--" + std::string(option),
               "a value, except with --wrap of a single .deb or .rpm", "none");
}

Result<vendor::BuildRequest> build_request(const Arguments& arguments,
                                           const std::optional<Wrapped>& wrapped) {
  const auto product = TRY(ProductId::parse(arguments.text("product")));
  const auto counter = TRY(arguments.number("counter"));
  const auto release_time = TRY(released(arguments));
  const auto name = TRY(named(arguments, "name", wrapped ? wrapped->name : std::string()));
  const auto version = TRY(named(arguments, "version", wrapped ? wrapped->version : std::string()));
  vendor::BuildRequest request{name,        version,
                               product,     arguments.text_or("provider", name),
                               counter,     arguments.text_or("architecture", this_machine()),
                               {},          {},
                               release_time};
  if (arguments.has("services")) {
    const auto bytes = TRY(read_written(arguments, "services"));
    request.services = TRY(of_input(parse_services(bytes), arguments.text("services")));
  }
  if (arguments.has("declare")) TRY(declare(request, arguments));
  if (arguments.has("vnfd")) request.descriptor = TRY(read_whole_file(arguments.text("vnfd"), 1U << 20U));
  if (arguments.has("sbom")) request.sbom = TRY(read_whole_file(arguments.text("sbom"), sbom_size_max));
  for (const auto& path : arguments.list("attestation")) {
    auto bytes = TRY(read_whole_file(path, attestation_size_max));
    request.attestations.push_back({attestation_name(path), std::move(bytes)});
  }
  if (arguments.has("level"))
    request.level = static_cast<int>(std::min<std::uint64_t>(TRY(arguments.number("level")), 100));
  return request;
}

// Which file says what does not fit the tree.
Result<vendor::BuildReport> told_of_files(Result<vendor::BuildReport> built, const Arguments& arguments) {
  if (built.ok() || built.error().code != Code::input_refused) return built;
  std::string files;
  for (const auto* option : {"services", "declare"}) {
    if (arguments.has(option)) files += (files.empty() ? "" : " and ") + arguments.text(option);
  }
  if (files.empty()) return built;
  return std::move(built).within("fitting what " + files + " declares to the files");
}

Result<void> run_build(const Arguments& arguments, Output& output) {
  const auto& path = arguments.text("o");
  auto wrapped = TRY(open_wrapped(arguments));
  auto request = TRY(build_request(arguments, wrapped));
  if (wrapped) request.wrapping = wrapped->wrapping.get();
  const auto tree = TRY(open_tree(arguments, wrapped ? std::move(wrapped->tree) : nullptr));
  const bool dry = arguments.has("dry-run");
  const auto file = TRY(new_output(arguments, path));
  const auto scratch = TRY(ScratchFile::beside(path));
  ThreadWorkers workers;
  ProgressBar progress;
  NoSink nowhere;
  ByteSink& to = dry ? static_cast<ByteSink&>(nowhere) : *file;
  const auto report =
      TRY(told_of_files(vendor::build(request, *tree, *scratch, to, workers, progress), arguments));
  if (!dry) TRY(file->commit());
  output.line((dry ? "Would write " : "Built ") + printable(path) + ": " + counted(report.files, "file") +
              ", " + counted(report.content_size, "byte") + " in " + std::to_string(report.size));
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
  if (report.provenance) show_provenance(*report.provenance, output);
  output.json().key("attestations").begin_array();
  for (const auto& attestation : report.attestations) {
    output.field("attestation", attestation);
    output.json().text(attestation);
  }
  output.json().end_array();
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
  const auto file =
      elsewhere ? TRY(new_output(arguments, arguments.text("o"))) : TRY(replacing_output(arguments, path));
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
  // A signature is another one each time: the digest of a rehearsal is one that nobody meets again.
  if (!dry) output.field("package", "sha256 " + report.package.text());
  output.json().text("signer", report.signer);
  if (!dry) output.json().text("package", report.package.text());
  output.json().text("release", report.release.text());
  output.json()
      .text("product", report.product)
      .text("version", report.version)
      .number("counter", report.counter);
  return {};
}

std::vector<Option> with_wrap_options(std::vector<Option> options) {
  options.insert(options.begin() + 2, wrap_options.begin(), wrap_options.end());
  return options;
}

Command build_command() {
  return {
      "package build",
      "Build a release package from a folder, from .deb files, or from what another publisher has signed",
      "Writes an unsigned SOL004 package (.csar). The same input gives the same bytes. Modes, links and "
      "file capabilities are kept;\n"
      "there are no install scripts, ever. With --deb and --from the folder's files take the place of the "
      ".deb files' own. With --wrap what the publisher signed is verified before anything is unpacked, and "
      "kept "
      "inside as provenance.",
      {"sallyport package build --from ./tree --name mme --version 2.4.1 --product mme --counter 17 -o "
       "mme.csar",
       "sallyport package build --deb mme.deb --deb libs1ap.deb --from ./config --services services.json "
       "\\\n"
       "      --name mme --version 2.4.1 --product mme --counter 17 -o mme.csar",
       "sallyport package build --from ./tree --attestation provenance.dsse.json --name mme --version 2.4.1 "
       "\\\n"
       "      --product mme --counter 17 -o mme.csar",
       "sallyport package build --wrap app.tar.gz --signature app.tar.gz.sig --publisher-key acme.pub \\\n"
       "      --name app --version 1.0 --product app --counter 1 -o app.csar",
       "sallyport package build --wrap mme.rpm --publisher-key acme.gpg --product mme --counter 17 -o "
       "mme.csar"},
      {},
      with_wrap_options(
          {{"from", "DIR", "Take the tree below this folder; owners become root"},
           {"deb", "FILE", "Take what this .deb file would install", Need::optional, Takes::values},
           {"name", "NAME", "Name of the release (default: that of a single wrapped .deb or .rpm)"},
           {"version", "TEXT",
            "Version, for people; never compared (default: that of a single wrapped .deb or .rpm)"},
           {"product", "ID", "Product, as policies name it", Need::required},
           {"counter", "N", "Release counter: a node never goes below the highest that it ran",
            Need::required},
           {"services", "FILE", "JSON list of what runs: docs/spec/tree.md"},
           {"declare", "FILE",
            "JSON object of services, configuration files with their merge rule, users and groups"},
           {"sbom", "FILE",
            "The bill of materials: CycloneDX 1.4 to 1.6 or SPDX 2.2 or 2.3, JSON (default: one of the .deb "
            "files); where it names files it has to fit them: docs/spec/sbom.md"},
           {"attestation", "FILE",
            "What a build or a scan says about the release (in-toto, DSSE): "
            "docs/spec/attestation.md",
            Need::optional, Takes::values},
           {"provider", "TEXT", "Who provides it (default: the name)"},
           {"vnfd", "FILE", "The VNFD or PNFD (default: a minimal one)"},
           {"architecture", "NAME",
            "As uname -m, or any (default: from the .deb files, else this machine's)"},
           {"released", "TIME", "Release time (default: $SOURCE_DATE_EPOCH, else the newest file's)"},
           {"level", "N",
            "Compression level, 1 to 19 (default 3); from 9 on it takes 13 to 18 MiB for each core"},
           {"o", "FILE.csar", "Where the package goes; must not exist", Need::required},
           dry_option}),
      run_build};
}

Command sign_command() {
  return {
      "package sign",
      "Sign a package",
      "Reads the whole package as a node would, refuses what a node would refuse, and puts the signature "
      "(CMS) into the manifest. The\n"
      "file is replaced in one step. A signature that was there is replaced.",
      {"sallyport package sign mme.csar --key 'pkcs11:token=release;object=mme' --cert release-chain.pem"},
      {{"FILE", "", "The package", Need::required}},
      {{"key", "URI", "The private key: file:PATH, or pkcs11:… (RFC 7512)", Need::required},
       {"cert", "CHAIN.pem", "The key's certificate, then intermediates; a root is left out", Need::required},
       {"at", "TIME", "The certificate has to be valid at this time (default: now)"},
       {"o", "FILE.csar", "Write the signed package here instead"},
       dry_option},
      run_sign};
}

}  // namespace

std::vector<Command> package_commands() {
  std::vector<Command> commands{build_command(), sign_command()};
  for (auto& command : package_stamp_commands()) commands.push_back(std::move(command));
  return commands;
}

}  // namespace sallyport::cli
