// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/package_wrap.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>

#include "adapters/disk/file_source.h"
#include "adapters/disk/scratch_file.h"
#include "adapters/host/workers.h"
#include "adapters/openpgp/gpgv.h"
#include "adapters/tree_source/deb_file.h"
#include "adapters/tree_source/debs.h"
#include "adapters/tree_source/oci_archive.h"
#include "adapters/tree_source/oci_layers.h"
#include "adapters/tree_source/rpms.h"
#include "adapters/tree_source/tar_file.h"
#include "adapters/unpacker/libarchive.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/node_world.h"
#include "core/format/oci.h"

namespace sallyport::cli {
namespace {

struct Held {
  std::unique_ptr<FileSource> file;
  trust::SteadySource steady;
};

// Digested once; whatever is read of it later is what was digested.
Result<trust::NamedFile> hold(const std::string& path) {
  auto file = TRY(FileSource::open(path));
  auto steady = TRY(trust::SteadySource::begin(*file));
  const auto held = std::make_shared<const Held>(Held{std::move(file), std::move(steady)});
  return trust::NamedFile{path, std::shared_ptr<const trust::SteadySource>(held, &held->steady)};
}

Result<std::vector<trust::NamedFile>> hold_all(const std::vector<std::string>& paths) {
  std::vector<trust::NamedFile> files;
  for (const auto& path : paths) files.push_back(TRY(hold(path)));
  return files;
}

// As registries and skopeo write it.
Result<Sha256Digest> digest_of(const std::string& text) {
  constexpr std::string_view prefix = "sha256:";
  const auto digest =
      Sha256Digest::parse(std::string_view(text).substr(text.starts_with(prefix) ? prefix.size() : 0));
  if (digest.ok() && text.starts_with(prefix)) return digest.value();
  return Error(Code::usage_error, "--digest", "sha256: and 64 hexadecimal digits", text);
}

Result<vendor::WrapRequest> request_of(const Arguments& arguments,
                                       const std::vector<std::string>& payload_paths) {
  auto payloads = TRY(hold_all(payload_paths));
  auto signatures = TRY(hold_all(arguments.list("signature")));
  auto keys = TRY(hold_all(arguments.list("publisher-key")));
  const auto at = TRY(arguments.time_or_now("at"));
  vendor::WrapRequest request{"sallyport " SALLYPORT_VERSION,
                              std::move(payloads),
                              std::move(signatures),
                              {},
                              {},
                              std::move(keys),
                              at};
  if (arguments.has("digest")) request.digest = TRY(digest_of(arguments.text("digest")));
  if (arguments.has("release")) request.release = TRY(hold(arguments.text("release")));
  if (arguments.has("packages")) request.packages = TRY(hold(arguments.text("packages")));
  return request;
}

// Only for choosing who reads it: each reader refuses what the other one takes.
Result<InputKind> kind_of(const trust::NamedFile& file) {
  constexpr std::string_view ar = "!<arch>\n";
  constexpr std::string_view zip = "PK\x03\x04";
  constexpr std::string_view rpm = "\xed\xab\xee\xdb";
  const auto size = std::min<std::uint64_t>(file.bytes->size(), ar.size());
  const auto bytes = TRY(file.bytes->read(0, size, ar.size()));
  const auto begin = as_text(bytes);
  if (begin.starts_with(zip)) return InputKind::csar;
  if (begin.starts_with(rpm)) return InputKind::rpm;
  return begin == ar ? InputKind::deb : InputKind::tar;
}

Result<InputKind> kind_of_all(const std::vector<trust::NamedFile>& files) {
  const auto first = TRY(kind_of(files.front()));
  for (const auto& file : files) {
    if (TRY(kind_of(file)) != first)
      return Error(Code::usage_error, "--wrap", "files of one kind", file.name);
  }
  return first;
}

std::vector<SourceFileName> proved_files(const vendor::Wrapping& wrapping) {
  std::vector<SourceFileName> files;
  for (const auto& one : wrapping.payloads()) files.push_back({one.file().name, one.file().bytes});
  return files;
}

bool is_folder(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

Result<std::unique_ptr<Scratch>> scratch_file() {
  const char* folder = std::getenv("TMPDIR");
  auto file = TRY(ScratchFile::beside(std::string(folder == nullptr ? "/var/tmp" : folder) + "/sallyport"));
  return std::unique_ptr<Scratch>(std::move(file));
}

Result<vendor::OciLayout> layout_in(const std::string& folder) {
  auto mark = TRY(hold(folder + "/oci-layout"));
  return vendor::OciLayout{
      std::move(mark),
      [folder](const Sha256Digest& digest) { return hold(folder + "/blobs/sha256/" + digest.text()); },
      {}};
}

Result<vendor::Wrapping> wrap_folder(const vendor::WrapRequest& request, const std::string& folder,
                                     const std::string& machine) {
  if (request.signatures.empty()) return vendor::wrap_oci_folder(request, TRY(layout_in(folder)), machine);
  Gpgv openpgp;
  return vendor::wrap_oci(
      request, [&](const trust::Published&) { return layout_in(folder); }, machine, openpgp);
}

struct HeldPart {
  std::shared_ptr<const ByteSource> bytes;
  trust::SteadySource steady;
};

Result<vendor::OciLayout> open_archived_layout(const trust::Published& proved) {
  auto opened = TRY(OciArchive::open({proved.file().name, proved.file().bytes}, TRY(scratch_file())));
  const auto archive = std::make_shared<const OciArchive>(std::move(opened));
  const auto part = [archive](const std::string& path) -> Result<trust::NamedFile> {
    auto bytes = TRY(archive->file(path));
    auto steady = TRY(trust::SteadySource::begin(*bytes));
    const auto held = std::make_shared<const HeldPart>(HeldPart{std::move(bytes), std::move(steady)});
    return trust::NamedFile{path, std::shared_ptr<const trust::SteadySource>(held, &held->steady)};
  };
  auto mark = TRY(part("oci-layout"));
  auto index = TRY(part("index.json"));
  return vendor::OciLayout{
      std::move(mark), [part](const Sha256Digest& digest) { return part("blobs/sha256/" + digest.text()); },
      std::move(index)};
}

Result<Wrapped> open_image(const Arguments& arguments, const std::vector<std::string>& paths) {
  if (paths.size() != 1) return Error(Code::usage_error, "--wrap", "one image layout", "several");
  const auto& path = paths.front();
  const bool folder = is_folder(path);
  const auto request = TRY(request_of(arguments, {folder ? path + "/index.json" : path}));
  const auto machine = arguments.text_or("architecture", this_machine());
  TRY(check_oci_machine(machine));
  Gpgv openpgp;
  auto wrapping = TRY(folder ? wrap_folder(request, path, machine)
                             : vendor::wrap_oci(request, open_archived_layout, machine, openpgp));
  const auto files = proved_files(wrapping);
  std::vector<OciLayer> layers;
  for (std::size_t i = 0; i < files.size(); ++i) layers.push_back({files[i], wrapping.diff_ids()[i]});
  Wrapped wrapped{std::make_unique<vendor::Wrapping>(std::move(wrapping)), {}, {}, {}};
  wrapped.tree = std::make_unique<OciTreeSource>(std::move(layers), machine);
  return wrapped;
}

// What the proved files are made of: .deb files, or one archive.
Result<Wrapped> open_archives(vendor::Wrapping wrapping) {
  const auto kind = TRY(kind_of(wrapping.payloads().front().file()));
  auto files = proved_files(wrapping);
  Wrapped wrapped{std::make_unique<vendor::Wrapping>(std::move(wrapping)), {}, {}, {}};
  if (kind == InputKind::deb && files.size() == 1) {
    auto control = TRY(read_deb_control(files.front()));
    wrapped.name = std::move(control.package);
    wrapped.version = std::move(control.version);
  }
  if (const auto& components = wrapped.wrapping->components();
      kind == InputKind::rpm && components.size() == 1) {
    wrapped.name = components.front().name;
    wrapped.version = components.front().version;
  }
  if (kind == InputKind::deb)
    wrapped.tree = std::make_unique<DebTreeSource>(std::move(files));
  else if (kind == InputKind::rpm)
    wrapped.tree = std::make_unique<RpmTreeSource>(std::move(files));
  else
    wrapped.tree = std::make_unique<TarTreeSource>(std::move(files.front()));
  return wrapped;
}

Result<vendor::Wrapping> wrap_csar(const Arguments& arguments, const vendor::WrapRequest& request) {
  if (!arguments.has("policy") || !arguments.has("member"))
    return Error(Code::usage_error, "--wrap", "--policy POLICY and --member PATH", "not both");
  const auto policy = TRY(load_policy(arguments.text("policy")));
  auto member = RelativePath::parse(arguments.text("member"));
  if (!member.ok())
    return Error(Code::usage_error, "--member", "a path in the package", arguments.text("member"));
  vendor::CsarPart part{policy, {}, std::move(member).value(), scratch_file};
  for (const auto& text : arguments.list("tolerate")) part.tolerances.insert(TRY(find_tolerance(text)));
  ThreadWorkers workers;
  return vendor::wrap_csar(request, part, workers);
}

Result<Wrapped> open_files(const Arguments& arguments, const std::vector<std::string>& paths) {
  const auto request = TRY(request_of(arguments, paths));
  const auto kind = TRY(kind_of_all(request.payloads));
  if (kind == InputKind::csar) return open_archives(TRY(wrap_csar(arguments, request)));
  Gpgv openpgp;
  if (kind == InputKind::rpm) return open_archives(TRY(vendor::wrap_rpms(request, openpgp)));
  LibarchiveUnpacker unpacker;
  return open_archives(kind == InputKind::deb ? TRY(vendor::wrap_debs(request, openpgp, unpacker))
                                              : TRY(vendor::wrap_tars(request, openpgp)));
}

}  // namespace

const std::vector<Option> wrap_options = {
    {"wrap", "FILE",
     "Take what is in this .deb, .rpm, tar archive, OCI image layout (a folder) or vendor's CSAR, and keep "
     "it as "
     "provenance",
     Need::optional, Takes::values},
    {"signature", "FILE",
     "The publisher's signature over the file, the layout's index.json, or Release: CMS, raw, or OpenPGP",
     Need::optional, Takes::values},
    {"publisher-key", "FILE",
     "The publisher's certificate or public key (PEM), or OpenPGP keyring, from a place that you trust",
     Need::optional, Takes::values},
    {"digest", "sha256:HEX",
     "Of an image: the digest that it has to have, in place of a signature or beside it"},
    {"release", "InRelease",
     "Of .deb files: the signed list of lists; or Release, with Release.gpg as the --signature"},
    {"packages", "FILE", "Of .deb files: the list of packages, Packages or Packages.xz, .gz, .zst"},
    {"image", "", "The archive is an OCI image layout (oci-archive)", Need::optional, Takes::nothing},
    {"policy", "POLICY", "Of a vendor's CSAR: who may sign the product"},
    {"member", "PATH", "Of a vendor's CSAR: the archive in it that is unpacked, a tar, .deb or .rpm"},
    {"tolerate", "NAME", "Of a vendor's CSAR: a deviation to pass over, as of `verify`", Need::optional,
     Takes::values},
    {"at", "TIME", "The publisher's certificates and lists have to be valid at this time (default: now)"},
};

Result<std::optional<Wrapped>> open_wrapped(const Arguments& arguments) {
  if (arguments.list("wrap").empty()) {
    for (const auto& option : wrap_options) {
      if (arguments.has(option.name) || !arguments.list(option.name).empty())
        return Error(Code::usage_error, "--" + std::string(option.name), "--wrap FILE beside it", "none");
    }
    return std::optional<Wrapped>();
  }
  const auto& paths = arguments.list("wrap");
  auto wrapped = arguments.has("image") || is_folder(paths.front()) ? TRY(open_image(arguments, paths))
                                                                    : TRY(open_files(arguments, paths));
  return std::optional<Wrapped>(std::move(wrapped));
}

void show_provenance(const Provenance& provenance, Output& output) {
  output.json().key("provenance").begin_array();
  for (const auto& input : provenance.inputs) {
    output.field("wrapped", input.original.text() + ", " + describe_signer(input.signer));
    output.json().begin_object().text("kind", name(input.kind)).text("original", input.original.text());
    output.json()
        .text("form", name(input.signer.form))
        .text("signer", input.signer.name)
        .text("key", input.signer.key)
        .key("not_run")
        .begin_array();
    std::string scripts;
    for (const auto& one : input.not_run) {
      output.json().text(one);
      scripts += (scripts.empty() ? "" : ", ") + one;
    }
    output.json().end_array().end_object();
    if (!scripts.empty()) output.field("not run", input.original.text() + ": " + scripts);
  }
  output.json().end_array();
}

}  // namespace sallyport::cli
