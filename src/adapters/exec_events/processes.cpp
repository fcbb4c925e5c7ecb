// SPDX-License-Identifier: Apache-2.0
#include "adapters/exec_events/processes.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <memory>
#include <set>
#include <system_error>
#include <tuple>

#include "adapters/exec_events/fanotify.h"
#include "core/crypto/file_digest.h"

namespace sallyport::exec_events {
namespace {

constexpr std::size_t piece_size = 256U << 10U;

// Ends with the file.
class Opened {
 public:
  explicit Opened(const std::string& path, int how = O_RDONLY | O_NONBLOCK)
      : file_(::open(path.c_str(), how | O_CLOEXEC)) {}
  ~Opened() {
    if (file_ >= 0) ::close(file_);
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;
  int get() const { return file_; }

 private:
  int file_;
};

std::optional<FileDigest> digest_of(int file, std::uint64_t& total) {
  FileDigester digester;
  std::vector<std::uint8_t> piece(piece_size);
  for (total = 0;;) {
    const auto size = ::read(file, piece.data(), piece.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return std::nullopt;
    if (size == 0) return digester.finish();
    digester.update({piece.data(), static_cast<std::size_t>(size)});
    total += static_cast<std::uint64_t>(size);
  }
}

// What is known of a file with nobody asked but this kernel.
std::optional<struct statx> known_of(int place) {
  struct statx status {};
  constexpr int how = AT_EMPTY_PATH | AT_STATX_DONT_SYNC;
  constexpr unsigned what = STATX_BASIC_STATS | STATX_MNT_ID;
  if (::statx(place, "", how, what, &status) != 0) return std::nullopt;
  return status;
}

bool root_alone_writes(const struct statx& status) {
  return status.stx_uid == 0 && (status.stx_mode & (S_IWGRP | S_IWOTH)) == 0;
}

HostProgram measure(int place, const struct statx& status, const OwnMounts& own) {
  auto path = place_of(place);
  if ((status.stx_mask & STATX_MNT_ID) == 0 || !own.contains(status.stx_mnt_id))
    return {path + " (on a file system whose contents are not the kernel's own)", 0, std::nullopt};
  if (!root_alone_writes(status))
    return {path + " (others than root can write to it)", status.stx_size, std::nullopt};
  const Opened file("/proc/self/fd/" + std::to_string(place));
  std::uint64_t size = 0;
  auto digest = file.get() < 0 ? std::nullopt : digest_of(file.get(), size);
  if (!digest) return {path + " (" + std::generic_category().message(errno) + ")", size, std::nullopt};
  return {path, size, digest};
}

}  // namespace

std::vector<int> numbers_in(const std::string& path) {
  std::vector<int> numbers;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(path.c_str()), ::closedir);
  if (!folder) return numbers;
  while (const auto* entry = ::readdir(folder.get())) {
    const std::string_view name = entry->d_name;
    int number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error == std::errc() && end == name.data() + name.size()) numbers.push_back(number);
  }
  return numbers;
}

bool root_alone_writes(int file) {
  const auto status = known_of(file);
  return status && root_alone_writes(*status);
}

namespace {

// Where the first thread has ended, another one still has the program.
std::string exe_of(int process) {
  const auto folder = "/proc/" + std::to_string(process);
  std::array<char, 1> any{};
  if (::readlink((folder + "/exe").c_str(), any.data(), any.size()) >= 0) return folder + "/exe";
  for (const int thread : numbers_in(folder + "/task")) {
    auto link = folder + "/task/" + std::to_string(thread) + "/exe";
    if (::readlink(link.c_str(), any.data(), any.size()) >= 0) return link;
  }
  return folder + "/exe";
}

}  // namespace

std::vector<HostProgram> running_programs(const OwnMounts& own) {
  std::vector<HostProgram> programs;
  std::set<std::tuple<unsigned, unsigned, std::uint64_t>> seen;
  for (const int process : numbers_in("/proc")) {
    const auto link = exe_of(process);
    const Opened place(link, O_PATH);
    if (place.get() < 0 && (errno == ENOENT || errno == ESRCH)) continue;
    const auto status = place.get() < 0 ? std::nullopt : known_of(place.get());
    if (!status) {
      const auto why = " (" + std::generic_category().message(errno) + ")";
      programs.push_back({(place.get() < 0 ? link : place_of(place.get())) + why, 0, std::nullopt});
      continue;
    }
    if (seen.insert({status->stx_dev_major, status->stx_dev_minor, status->stx_ino}).second)
      programs.push_back(measure(place.get(), *status, own));
  }
  return programs;
}

std::optional<HostProgram> measured_program(const std::string& path, const OwnMounts& own) {
  const Opened place(path, O_PATH);
  const auto status = place.get() < 0 ? std::nullopt : known_of(place.get());
  if (!status || !S_ISREG(status->stx_mode)) return std::nullopt;
  return measure(place.get(), *status, own);
}

}  // namespace sallyport::exec_events
