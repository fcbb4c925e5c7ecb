// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/explain_subject.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <system_error>

#include "adapters/disk/system_error.h"
#include "core/base/text.h"
#include "core/format/proc.h"

namespace sallyport::cli {
namespace {

constexpr std::size_t group_size_max = 8192;
constexpr std::size_t maps_size_max = 64U << 20U;
constexpr int looks_max = 10;

class Held {
 public:
  explicit Held(int number) : number_(number) {}
  ~Held() {
    if (number_ >= 0) ::close(number_);
  }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

Error gone(const std::string& name, const char* expected) {
  const int number = errno;
  if (number == ENOENT || number == ESRCH || number == ENOTDIR)
    return {Code::file_missing, name, expected, "none"};
  if (number == ELOOP) return {Code::file_missing, name, expected, "links that lead round in circles"};
  return system_error(number, name);
}

std::string link_text(int folder, const char* name) {
  std::array<char, PATH_MAX> text{};
  const auto size = ::readlinkat(folder, name, text.data(), text.size());
  return size < 0 ? std::string() : std::string(text.data(), static_cast<std::size_t>(size));
}

std::string text_in(int folder, const char* name) {
  const Held file(::openat(folder, name, O_RDONLY | O_CLOEXEC));
  std::string text(group_size_max, '\0');
  const auto size = file.number() < 0 ? 0 : ::read(file.number(), text.data(), text.size());
  text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  return text;
}

// The "0::" line.
std::optional<std::string> group_in(const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    if (text.compare(at, 3, "0::") == 0) return text.substr(at + 3, end - at - 3);
    at = end + 1;
  }
  return std::nullopt;
}

// `place` is held without being opened: a FIFO or a device is never waited for.
Result<void> read_place(int place, Subject& subject) {
  struct stat status;
  if (::fstat(place, &status) != 0) return system_error(errno, subject.name);
  subject.device = status.st_dev;
  subject.inode = status.st_ino;
  subject.others_may_write = status.st_uid != 0 || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0;
  const auto self = "/proc/self/fd/" + std::to_string(place);
  if (subject.leads_to.empty()) subject.leads_to = link_text(AT_FDCWD, self.c_str());
  if (!S_ISREG(status.st_mode)) return {};
  const int file = ::open(self.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return system_error(errno, subject.name);
  subject.file = std::make_unique<FileSource>(file, static_cast<std::uint64_t>(status.st_size), subject.name);
  return {};
}

Result<std::string> whole_text_in(int folder, const char* name) {
  const Held file(::openat(folder, name, O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) return system_error(errno, name);
  std::string text;
  std::array<char, 1U << 16U> part;
  for (;;) {
    const auto size = ::read(file.number(), part.data(), part.size());
    if (size < 0) return system_error(errno, name);
    if (size == 0) return text;
    text.append(part.data(), static_cast<std::size_t>(size));
    if (text.size() > maps_size_max)
      return Error(Code::io_failed, name, "at most " + std::to_string(maps_size_max) + " bytes", "more");
  }
}

bool is_same_file(const Subject& one, const Subject& other) {
  return one.device == other.device && one.inode == other.inode;
}

// By the mapping itself and not by a name: what was removed, exchanged or never had a name is what is mapped.
// Nothing: it is not mapped like this any more.
Result<std::optional<Subject>> file_mapped_at(int process, const std::string& mapping) {
  const auto link = "map_files/" + mapping;
  const Held place(::openat(process, link.c_str(), O_PATH | O_CLOEXEC));
  if (place.number() < 0) {
    if (errno == ENOENT) return std::optional<Subject>();
    return system_error(errno, "/proc/<pid>/" + link);
  }
  Subject subject{Subject::Kind::mapped, mapping, link_text(process, link.c_str()), {}, 0, {}, {}};
  TRY(read_place(place.number(), subject));
  return std::optional(std::move(subject));
}

enum class Mappings : std::uint8_t { stood_still, have_changed };
Result<Mappings> read_mapped(int process, Subject& subject) {
  const auto code = TRY(parse_mapped_code(TRY(whole_text_in(process, "maps"))));
  subject.mapped.clear();
  subject.code_without_file = code.without_file;
  for (const auto& mapping : code.files) {
    auto found = TRY(file_mapped_at(process, mapping));
    if (!found) return Mappings::have_changed;
    const auto known = [&](const Subject& other) { return is_same_file(*found, other); };
    if (known(subject) || std::any_of(subject.mapped.begin(), subject.mapped.end(), known)) continue;
    subject.mapped.push_back(std::move(*found));
  }
  return Mappings::stood_still;
}

Result<void> read_all_mapped(int process, Subject& subject) {
  for (int looks = 0; looks < looks_max; ++looks) {
    if (TRY(read_mapped(process, subject)) == Mappings::stood_still) return {};
  }
  return Error(Code::io_failed, "process " + subject.name, "mappings that stand still for a moment",
               "others at each of " + std::to_string(looks_max) + " looks");
}

}  // namespace

bool is_process_number(const std::string& text) {
  return !text.empty() && text.size() <= 9 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Result<Subject> file_named(const std::string& path) {
  Subject subject{Subject::Kind::file, path, {}, {}, 0, {}, {}};
  const Held place(::open(path.c_str(), O_PATH | O_CLOEXEC));
  if (place.number() < 0) return gone(path, "a code, a file or a process");
  TRY(read_place(place.number(), subject));
  return subject;
}

// By the folder of the process: whatever gets its number later is another one.
Result<Subject> process_numbered(const std::string& number) {
  Subject subject{Subject::Kind::process, number, {}, {}, 0, {}, {}};
  const Held process(::open(("/proc/" + number).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (process.number() < 0) return gone("process " + number, "a process of this number");
  subject.group = group_in(text_in(process.number(), "cgroup"));
  subject.command = text_in(process.number(), "comm");
  while (subject.command.ends_with('\n')) subject.command.pop_back();
  const Held program(::openat(process.number(), "exe", O_PATH | O_CLOEXEC));
  if (program.number() < 0) {
    if (errno == ENOENT && !subject.command.empty())
      return Error(Code::not_supported, "process " + number, "a process with a program",
                   "a thread of the kernel, or one that has ended");
    return gone("process " + number, "a process of this number");
  }
  subject.leads_to = link_text(process.number(), "exe");
  TRY(read_place(program.number(), subject));
  TRY(read_all_mapped(process.number(), subject));
  return subject;
}

std::optional<std::string> first_child_of(const std::string& process) {
  const Held folder(
      ::open(("/proc/" + process + "/task/" + process).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (folder.number() < 0) return std::nullopt;
  const auto children = text_in(folder.number(), "children");
  auto first = children.substr(0, children.find(' '));
  if (!is_process_number(first)) return std::nullopt;
  return first;
}

Result<std::uint64_t> device_of(const std::string& folder) {
  struct stat status;
  if (::stat(folder.c_str(), &status) != 0) return system_error(errno, folder);
  return static_cast<std::uint64_t>(status.st_dev);
}

}  // namespace sallyport::cli
