// SPDX-License-Identifier: Apache-2.0
#include "adapters/confine/new_root.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <memory>

#include "adapters/confine/mounts.h"
#include "adapters/confine/sysctls.h"
#include "adapters/confine/watch.h"
#include "core/format/service_exceptions.h"

namespace sallyport::confine {
namespace {

constexpr std::array<std::string_view, 4> reserved = {"dev", "proc", "run", "tmp"};
constexpr std::array<const char*, 5> devices = {"null", "zero", "full", "random", "urandom"};

bool is_reserved(std::string_view top) {
  return std::count(reserved.begin(), reserved.end(), top) != 0;
}

// A mount of its own, attached nowhere yet.
struct Detached {
  std::string path;  // relative to the new root
  Descriptor mount;
};

Result<Descriptor> writable_tmpfs(const std::string& mode, const Service& service, const Descriptor& watch) {
  auto mount = TRY(new_file_system("tmpfs",
                                   {{"mode", mode},
                                    {"size", "64m"},
                                    {"nr_inodes", "16k"},
                                    {"uid", std::to_string(service.uid)},
                                    {"gid", std::to_string(service.gid)}},
                                   writable));
  if (watch.open()) TRY(watch_file_system(watch, mount));
  return mount;
}

// One component, below a folder of ours that the service may have written into: never through a link.
Result<Descriptor> open_child(const Descriptor& parent, const std::string& name) {
  TRY(make_folder(parent.get(), name));
  open_how how{};
  how.flags = O_PATH | O_DIRECTORY | O_CLOEXEC;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  Descriptor child(static_cast<int>(::syscall(SYS_openat2, parent.get(), name.c_str(), &how, sizeof how)));
  if (!child.open()) return last_error("open " + name);
  return child;
}

Result<Descriptor> open_data_folder(const std::string& path) {
  if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST) return last_error("mkdir " + path);
  Descriptor folder(::open(path.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder.open()) return last_error("open " + path);
  return folder;
}

Result<std::vector<Detached>> copy_state_folders(const Confinement& confinement) {
  const auto data = TRY(open_data_folder(confinement.data_folder));
  std::vector<Detached> mounts;
  for (const auto& state : confinement.service.state_folders) {
    Descriptor folder(::fcntl(data.get(), F_DUPFD_CLOEXEC, 0));
    std::string_view rest = state.text();
    while (!rest.empty()) {
      const auto slash = std::min(rest.find('/'), rest.size());
      folder = TRY(open_child(folder, std::string(rest.substr(0, slash))));
      rest.remove_prefix(std::min(slash + 1, rest.size()));
    }
    if (::fchownat(folder.get(), "", confinement.service.uid, confinement.service.gid, AT_EMPTY_PATH) != 0) {
      return last_error("chown " + state.text());
    }
    auto mount = TRY(copy_mount(folder.get(), "", writable));
    mounts.push_back({state.text(), std::move(mount)});
  }
  // An outer folder first, or it would hide the inner one.
  std::sort(mounts.begin(), mounts.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  return mounts;
}

// The operator's files: each a regular file below its folder, reached through no link.
Result<std::vector<Detached>> copy_config(const Confinement& confinement) {
  std::vector<Detached> mounts;
  if (confinement.config.empty()) return mounts;
  const auto failed = [](const std::string& path, Error cause) {
    return Error(Code::service_start_failed, "configuration " + path, "a regular file",
                 std::move(cause.found));
  };
  const auto& place = confinement.config_folder;
  const Descriptor folder(::open(place.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder.open()) return failed(place, last_error("open"));
  for (const auto& path : confinement.config) {
    open_how how{};
    how.flags = O_PATH | O_CLOEXEC | O_NOFOLLOW;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV;
    const auto& name = path.text();
    const Descriptor file(
        static_cast<int>(::syscall(SYS_openat2, folder.get(), name.c_str(), &how, sizeof how)));
    if (!file.open()) return failed(name, last_error("open"));
    struct stat status;
    if (::fstat(file.get(), &status) != 0) return last_error("stat " + name);
    if (!S_ISREG(status.st_mode)) return failed(name, Error(Code::io_failed, name, {}, "something else"));
    auto mount = TRY(copy_mount(file.get(), "", sealed));
    mounts.push_back({name, std::move(mount)});
  }
  return mounts;
}

bool covers_interpreters(const Confinement& confinement) {
  return !has_exception(confinement.service, ServiceException::interpreters);
}

std::vector<RelativePath> not_to_be_executed(const Confinement& confinement) {
  std::vector<RelativePath> paths;
  if (covers_interpreters(confinement)) paths = confinement.interpreters;
  if (has_exception(confinement.service, ServiceException::jit)) return paths;
  paths.insert(paths.end(), confinement.writable_code.begin(), confinement.writable_code.end());
  std::sort(paths.begin(), paths.end());
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  return paths;
}

// What runs scripts, or has memory that is written and executed, is shown over itself, and cannot be executed there.
Result<std::vector<Detached>> copy_noexec(const Confinement& confinement) {
  std::vector<Detached> mounts;
  for (const auto& path : not_to_be_executed(confinement)) {
    if (is_reserved(path.text().substr(0, path.text().find('/')))) continue;
    auto mount = TRY(copy_mount(AT_FDCWD, confinement.tree_folder + "/" + path.text(), sealed));
    mounts.push_back({path.text(), std::move(mount)});
  }
  return mounts;
}

struct TopLevel {
  std::vector<Detached> mounts;
  std::vector<std::pair<std::string, std::string>> links;
  std::vector<std::string> files;  // the names among `mounts` that are files
};

Result<std::string> link_target(int folder, const char* name) {
  std::array<char, PATH_MAX> target;
  const auto size = ::readlinkat(folder, name, target.data(), target.size());
  if (size < 0) return last_error(std::string("readlink ") + name);
  return std::string(target.data(), static_cast<std::size_t>(size));
}

Result<void> copy_entry(int folder, const std::string& name, TopLevel& top) {
  struct stat status;
  if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return last_error("stat " + name);
  if (S_ISLNK(status.st_mode)) {
    auto target = TRY(link_target(folder, name.c_str()));
    top.links.emplace_back(name, std::move(target));
    return {};
  }
  auto mount = TRY(copy_mount(folder, name, generation));
  if (!S_ISDIR(status.st_mode)) top.files.push_back(name);
  top.mounts.push_back({name, std::move(mount)});
  return {};
}

Result<TopLevel> copy_tree(const std::string& tree_folder) {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(tree_folder.c_str()), ::closedir);
  if (!folder) return last_error("open " + tree_folder);
  TopLevel top;
  while (const auto* entry = ::readdir(folder.get())) {
    const std::string name = entry->d_name;
    if (name == "." || name == ".." || is_reserved(name)) continue;
    TRY(copy_entry(::dirfd(folder.get()), name, top));
  }
  return top;
}

Result<void> attach_tree(int root, const TopLevel& top) {
  for (const auto& [name, target] : top.links) TRY(make_link(root, name, target));
  for (const auto& [name, mount] : top.mounts) {
    const bool is_file = std::count(top.files.begin(), top.files.end(), name) != 0;
    TRY(is_file ? make_file(root, name) : make_folder(root, name));
    TRY(attach(mount, root, name));
  }
  return {};
}

Result<void> attach_devices(int root, const Service& service, const Descriptor& watch) {
  std::vector<Detached> nodes;
  for (const char* name : devices) {
    auto node = TRY(copy_mount(AT_FDCWD, std::string("/dev/") + name, device));
    nodes.push_back({name, std::move(node)});
  }
  // A mount can only be attached below one that is attached itself, so /dev is filled in place.
  const auto dev = TRY(new_file_system("tmpfs", {{"mode", "0755"}, {"size", "64k"}}, writable));
  TRY(make_folder(root, "dev"));
  TRY(attach(dev, root, "dev"));
  for (const auto& [name, node] : nodes) {
    TRY(make_file(dev.get(), name));
    TRY(attach(node, dev.get(), name));
  }
  const std::pair<const char*, const char*> links[] = {{"fd", "/proc/self/fd"},
                                                       {"stdin", "/proc/self/fd/0"},
                                                       {"stdout", "/proc/self/fd/1"},
                                                       {"stderr", "/proc/self/fd/2"}};
  for (const auto& [name, target] : links) TRY(make_link(dev.get(), name, target));
  TRY(make_folder(dev.get(), "shm"));
  const auto shared = TRY(writable_tmpfs("1777", service, watch));
  TRY(attach(shared, dev.get(), "shm"));
  return {};
}

Result<void> attach_temporary(int root, const Service& service, const Descriptor& watch) {
  for (const auto& [name, mode] : {std::pair{"tmp", "1777"}, std::pair{"run", "0755"}}) {
    const auto mount = TRY(writable_tmpfs(mode, service, watch));
    TRY(make_folder(root, name));
    TRY(attach(mount, root, name));
  }
  return {};
}

Result<void> attach_proc(int root) {
  const auto proc = TRY(new_file_system("proc", {}, writable));
  TRY(make_folder(root, "proc"));
  return attach(proc, root, "proc");
}

Result<void> switch_root(int root) {
  if (::fchdir(root) != 0) return last_error("fchdir to the new root");
  if (::syscall(SYS_pivot_root, ".", ".") != 0) return last_error("pivot_root");
  if (::umount2(".", MNT_DETACH) != 0) return last_error("umount of the old root");
  if (::chdir("/") != 0) return last_error("chdir /");
  return {};
}

// After pivot_root: links of the tree now lead to places of the tree only.
Result<void> attach_state_folders(const std::vector<Detached>& states) {
  for (const auto& [path, mount] : states) {
    const std::string place = "/" + path;
    if (path.starts_with("run/") || path.starts_with("tmp/")) {
      for (auto slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
        TRY(make_folder(AT_FDCWD, "/" + path.substr(0, path.find('/', slash + 1))));
      }
    }
    struct stat status;
    if (::stat(place.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
      return Error(Code::service_start_failed, "state folder " + path, "a folder of the release",
                   "no folder");
    }
    TRY(attach(mount, AT_FDCWD, place));
  }
  return {};
}

// Over the files of the generation: configuration over its defaults, what is not to be executed over itself.
Result<void> attach_over(const std::vector<Detached>& files, const std::string& what) {
  for (const auto& [path, mount] : files) {
    const std::string place = "/" + path;
    struct stat status;
    if (::lstat(place.c_str(), &status) != 0 || !S_ISREG(status.st_mode))
      return Error(Code::service_start_failed, what + " " + path, "a file of the release", "no file");
    TRY(attach(mount, AT_FDCWD, place));
    TRY(expect_flags(place, ST_NOEXEC | ST_RDONLY));
  }
  return {};
}

Result<void> check_mounts(const Confinement& confinement, const TopLevel& top) {
  constexpr unsigned long no_exec = ST_NOSUID | ST_NODEV | ST_NOEXEC;
  for (const auto& entry : top.mounts) TRY(expect_flags("/" + entry.path, ST_RDONLY | ST_NOSUID | ST_NODEV));
  for (const char* path : {"/tmp", "/run", "/dev/shm"}) TRY(expect_flags(path, no_exec));
  for (const char* path : {"/", "/dev", "/proc"}) TRY(expect_flags(path, no_exec | ST_RDONLY));
  for (const auto& path : confinement.config) TRY(expect_flags("/" + path.text(), no_exec | ST_RDONLY));
  for (const auto& state : confinement.service.state_folders) TRY(expect_flags("/" + state.text(), no_exec));
  return {};
}

// vm.memfd_noexec = 2 holds for the pid namespace that sets it.
Coverage forbid_executable_memfd() {
  const std::string facility = "memfd-noexec";
  const Descriptor file(::open("/proc/sys/vm/memfd_noexec", O_WRONLY | O_CLOEXEC));
  if (!file.open()) return {facility, Force::not_available, "this kernel has no vm.memfd_noexec"};
  if (::write(file.get(), "2", 1) != 1) {
    return {facility, Force::not_available, last_error("vm.memfd_noexec").found};
  }
  return {facility, Force::in_force, "a memory file cannot be executed"};
}

Coverage interpreters_in_force(const Confinement& confinement) {
  const std::string facility = "interpreters-noexec";
  if (!covers_interpreters(confinement))
    return {facility, Force::not_available, "the release declares that the service runs scripts"};
  if (confinement.interpreters.empty()) return {facility, Force::in_force, "the release has no interpreter"};
  std::string all;
  for (const auto& path : confinement.interpreters) all += (all.empty() ? "" : ", ") + path.text();
  constexpr std::size_t shown_max = 200;  // a record of a run is bounded, and so is each part of it
  if (all.size() > shown_max) all = std::to_string(confinement.interpreters.size()) + " interpreters";
  return {facility, Force::in_force, "cannot be executed: " + all};
}

std::vector<Coverage> in_force(const Confinement& confinement, Coverage memfd) {
  const auto& service = confinement.service;
  std::vector<Coverage> coverage = {
      {"generation-read-only", Force::in_force, "the generation is mounted read-only, nosuid, nodev"},
      {"writable-noexec", Force::in_force, "whatever is writable is mounted noexec, nosuid, nodev"},
      {"root-private", Force::in_force, "nothing of the host's files but what the generation brings"},
      {"pid-namespace", Force::in_force, "sees no process of the host, and ends as a whole"},
      {"ipc-namespace", Force::in_force, "shares no memory or queue with the host"}};
  if (service.network == Network::own) {
    coverage.push_back({"network-namespace", Force::in_force, "its own loopback and nothing else"});
  } else {
    coverage.push_back(
        {"network-namespace", Force::not_available, "the release asks for the host's network"});
  }
  coverage.push_back(std::move(memfd));
  coverage.push_back(interpreters_in_force(confinement));
  if (confinement.custodian != 0)
    coverage.push_back(
        {"temporary-watched", Force::in_force, "the gate is asked about /tmp, /run and /dev/shm"});
  if (!service.sysctls.empty()) coverage.push_back(sysctls_in_force(service));
  return coverage;
}

}  // namespace

Result<NewRoot> enter_new_root(const Confinement& confinement, const Descriptor& watch) {
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return last_error("private mounts");
  const auto top = TRY(copy_tree(confinement.tree_folder));
  const auto states = TRY(copy_state_folders(confinement));
  const auto config = TRY(copy_config(confinement));
  const auto not_executed = TRY(copy_noexec(confinement));
  const auto root = TRY(new_file_system("tmpfs", {{"mode", "0755"}, {"size", "1m"}}, writable));
  // Any folder will do as the first place of the new root; pivot_root makes it "/".
  TRY(attach(root, AT_FDCWD, confinement.tree_folder));
  TRY(attach_tree(root.get(), top));
  TRY(attach_devices(root.get(), confinement.service, watch));
  TRY(attach_temporary(root.get(), confinement.service, watch));
  TRY(attach_proc(root.get()));
  TRY(switch_root(root.get()));
  TRY(attach_over(not_executed, "program"));  // a state folder may hide one, and is noexec itself
  TRY(attach_state_folders(states));
  TRY(attach_over(config, "configuration"));
  auto memfd = forbid_executable_memfd();
  for (const char* path : {"/", "/dev", "/proc"}) TRY(restrict_mount(path, sealed));
  TRY(check_mounts(confinement, top));
  NewRoot made{in_force(confinement, std::move(memfd)), {}};
  for (const auto& entry : top.mounts) made.code.push_back("/" + entry.path);
  return made;
}

}  // namespace sallyport::confine
