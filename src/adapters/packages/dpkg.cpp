// SPDX-License-Identifier: Apache-2.0
#include "adapters/packages/dpkg.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "adapters/packages/root_files.h"
#include "core/crypto/file_digest.h"
#include "core/crypto/md5.h"
#include "core/format/dpkg.h"

namespace sallyport {
namespace {

using packages::open_in_root;
using packages::OpenFile;
using packages::read_text;

const std::string database = "/var/lib/dpkg/";
constexpr std::size_t piece_size = 256U << 10U;

// What a package has in info/, whose names have the architecture where several of them may be installed together.
Result<std::optional<std::string>> read_info(int root, const DpkgPackage& package,
                                             const std::string& suffix) {
  const auto info = database + "info/" + package.name;
  for (const auto& path : {info + ":" + package.architecture + suffix, info + suffix}) {
    auto text = read_text(root, path, dpkg_text_size_max);
    if (text.ok()) return std::optional(std::move(text).value());
    if (text.error().code != Code::file_missing) return text.error();
  }
  return std::optional<std::string>();
}

using Diversions = std::map<std::string, Diversion>;

Result<void> add_files(int root, const DpkgPackage& package, const Diversions& diversions,
                       InstalledPackages& into) {
  const auto list = TRY(read_info(root, package, ".list"));
  if (!list) return {};  // a package of no files may have none
  const auto sums_text = TRY(read_info(root, package, ".md5sums"));
  const auto paths = TRY(parse_dpkg_list(*list).within(package.name + ".list"));
  auto sums = TRY(parse_dpkg_md5sums(sums_text.value_or("")).within(package.name + ".md5sums"));
  sums.insert(package.conffiles.begin(), package.conffiles.end());
  const auto index = into.packages.size() - 1;
  for (const auto& path : paths) {
    const auto sum = sums.find(path);
    into.files.push_back({diverted(diversions, path, package.name), index,
                          sum == sums.end() ? std::nullopt : std::optional(sum->second)});
  }
  return {};
}

Result<ProgramFile> read_all(int file, const std::string& path) {
  FileDigester digester;
  Md5 md5;
  std::vector<std::uint8_t> piece(piece_size);
  for (std::uint64_t total = 0;;) {
    const auto size = ::read(file, piece.data(), piece.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return Error(Code::io_failed, path, {}, std::generic_category().message(errno));
    if (size == 0) return ProgramFile{total, digester.finish(), md5.finish()};
    const BytesView read(piece.data(), static_cast<std::size_t>(size));
    digester.update(read);
    md5.update(read);
    total += read.size();
  }
}

}  // namespace

Result<std::unique_ptr<DpkgPackages>> DpkgPackages::at(const std::string& root) {
  const int folder = ::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0)
    return Error(Code::file_missing, root, "the root folder of a host",
                 std::generic_category().message(errno));
  return std::unique_ptr<DpkgPackages>(new DpkgPackages(folder));
}

DpkgPackages::~DpkgPackages() {
  ::close(root_);
}

Result<InstalledPackages> DpkgPackages::installed() {
  const auto status = TRY(read_text(root_, database + "status", dpkg_text_size_max));
  const auto packages = TRY(parse_dpkg_status(status).within("status"));
  auto diversions_text = read_text(root_, database + "diversions", dpkg_text_size_max);
  if (!diversions_text.ok() && diversions_text.error().code != Code::file_missing)
    return diversions_text.take_error();
  const auto diversions =
      TRY(parse_dpkg_diversions(diversions_text.ok() ? diversions_text.value() : "").within("diversions"));
  InstalledPackages installed{"dpkg", sha256(as_bytes(status)), {}, {}};
  for (const auto& package : packages) {
    installed.packages.push_back({package.name, package.architecture, package.version});
    TRY(add_files(root_, package, diversions, installed));
  }
  return installed;
}

Result<std::optional<ProgramFile>> DpkgPackages::measure(const std::string& path, Wanted wanted) {
  // Not even opened before it is known to be a file: a device may do something when it is.
  const OpenFile found(open_in_root(root_, path, O_PATH));
  if (!found.open()) return std::optional<ProgramFile>();
  struct stat status {};
  if (::fstat(found.get(), &status) != 0 || !S_ISREG(status.st_mode)) return std::optional<ProgramFile>();
  constexpr auto any_x = static_cast<mode_t>(S_IXUSR | S_IXGRP | S_IXOTH);
  if (wanted == Wanted::executable && (status.st_mode & any_x) == 0) return std::optional<ProgramFile>();
  const auto itself = "/proc/self/fd/" + std::to_string(found.get());
  const OpenFile file(::open(itself.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) {
    const Code code = errno == EACCES ? Code::permission_missing : Code::io_failed;
    return Error(code, path, {}, std::generic_category().message(errno));
  }
  return std::optional(TRY(read_all(file.get(), path)));
}

}  // namespace sallyport
