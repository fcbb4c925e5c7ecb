// SPDX-License-Identifier: Apache-2.0
#include "adapters/exec_events/running_code.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "adapters/exec_events/process_group.h"
#include "adapters/exec_events/processes.h"
#include "core/crypto/file_digest.h"
#include "core/format/proc.h"

namespace sallyport {
namespace {

constexpr std::size_t maps_size_max = 64U << 20U;  // some 600,000 mappings
constexpr std::size_t name_size_max = 256;

Error failed(std::string where) {
  return {Code::io_failed, std::move(where), {}, std::generic_category().message(errno)};
}

class File {
 public:
  explicit File(int number) : number_(number) {}
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int number() const { return number_; }
  bool open() const { return number_ >= 0; }

 private:
  const int number_;
};

// A line of /proc/<pid>/maps: "start-end perms offset device inode    name".
struct Mapping {
  std::string device;  // as mountinfo spells it: "8:1"
  std::string range;   // as map_files spells it
  std::string file;    // "device inode": the same as long as anybody has it mapped
  std::string name;
};

std::string_view next_word(std::string_view& line) {
  const auto begin = std::min(line.find_first_not_of(' '), line.size());
  const auto end = std::min(line.find(' ', begin), line.size());
  const auto word = line.substr(begin, end - begin);
  line.remove_prefix(end);
  return word;
}

std::string without_zeros(std::string_view number) {
  const auto first = std::min(number.find_first_not_of('0'), number.size() - 1);
  return std::string(number.substr(first));
}

// "08:01", in hexadecimal digits, as "8:1".
std::string in_decimal(std::string_view device) {
  std::array<unsigned, 2> numbers{};
  const auto colon = std::min(device.find(':'), device.size());
  const auto minor = device.substr(std::min(colon + 1, device.size()));
  std::from_chars(device.data(), device.data() + colon, numbers[0], 16);
  std::from_chars(minor.data(), minor.data() + minor.size(), numbers[1], 16);
  return std::to_string(numbers[0]) + ":" + std::to_string(numbers[1]);
}

std::optional<Mapping> code_of(std::string_view line) {
  const auto range = next_word(line);
  const auto permissions = next_word(line);
  next_word(line);
  const auto device = next_word(line);
  const auto inode = next_word(line);
  const auto dash = range.find('-');
  const bool is_code = permissions.size() == 4 && permissions[2] == 'x';
  if (!is_code || inode.empty() || inode == "0" || dash == 0 || dash >= range.size() - 1) return std::nullopt;
  auto name = line.substr(std::min(line.find_first_not_of(' '), line.size()));
  if (name.size() > name_size_max) name.remove_prefix(name.size() - name_size_max);
  return Mapping{in_decimal(device),
                 without_zeros(range.substr(0, dash)) + "-" + without_zeros(range.substr(dash + 1)),
                 std::string(device) + " " + std::string(inode), std::string(name)};
}

// Lines of mountinfo: "number parent device root place options … - type …".
struct Mount {
  std::string_view number, device, type;
};

std::vector<Mount> mounts_of(std::string_view mountinfo) {
  std::vector<Mount> mounts;
  while (!mountinfo.empty()) {
    auto line = mountinfo.substr(0, mountinfo.find('\n'));
    mountinfo.remove_prefix(std::min(line.size() + 1, mountinfo.size()));
    const auto dash = line.find(" - ");
    if (dash == std::string_view::npos) continue;
    auto rest = line.substr(dash + 3);
    const auto number = next_word(line);
    next_word(line);
    const auto device = next_word(line);
    mounts.push_back({number, device, next_word(rest)});
  }
  return mounts;
}

// To ask about their files waits for nobody but the kernel.
bool is_kept_by_the_kernel(std::string_view type) {
  constexpr std::array<std::string_view, 10> types = {"ext4",  "ext3", "ext2",  "xfs",      "btrfs",
                                                      "tmpfs", "f2fs", "ramfs", "squashfs", "erofs"};
  return std::ranges::find(types, type) != types.end();
}

std::string text_of(int folder, const char* name) {
  const File file(::openat(folder, name, O_RDONLY | O_CLOEXEC));
  std::string text;
  std::array<char, 65536> chunk;
  while (file.open() && text.size() < maps_size_max) {
    const auto size = ::read(file.number(), chunk.data(), chunk.size());
    if (size <= 0) break;
    text.append(chunk.data(), static_cast<std::size_t>(size));
  }
  return text;
}

std::optional<FileDigest> measured(int file, std::uint64_t size) {
  FileDigester digester;
  std::array<std::uint8_t, 65536> chunk;
  std::uint64_t at = 0;
  while (at < size) {
    const auto read = ::pread(file, chunk.data(), chunk.size(), static_cast<off_t>(at));
    if (read <= 0) return std::nullopt;
    digester.update({chunk.data(), static_cast<std::size_t>(read)});
    at += static_cast<std::uint64_t>(read);
  }
  return digester.finish();
}

class Scan {
 public:
  Scan(const RunningScope& scope, std::string watched) : scope_(scope), watched_(std::move(watched)) {}

  void look_at(int process) {
    // Of a process whose first thread has ended, /proc shows what is mapped by the others alone.
    for (const int thread : exec_events::numbers_in("/proc/" + std::to_string(process) + "/task")) {
      if (look_at(process, thread)) return;
    }
  }

  std::vector<RunningCode> take() { return std::move(found_); }

 private:
  struct Known {
    std::uint64_t size;
    std::optional<FileDigest> digest;
  };

  // False: this thread has nothing mapped, or has ended.
  bool look_at(int process, int thread) {
    const File folder(
        ::open(("/proc/" + std::to_string(thread)).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.open()) return false;
    const auto maps = text_of(folder.number(), "maps");
    if (maps.empty()) return false;
    const auto group = exec_events::group_by_proc(thread);
    const bool of_service =
        group && std::ranges::find(scope_.service_groups, *group) != scope_.service_groups.end();
    const auto stat = text_of(AT_FDCWD, ("/proc/" + std::to_string(process) + "/stat").c_str());
    const auto ticks = parse_start_ticks(stat);
    const auto parent = parse_parent(stat);
    if (!ticks.ok() || !parent.ok()) return true;
    std::set<std::string> told;
    std::string_view rest = maps;
    while (!rest.empty()) {
      const auto line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(line.size() + 1, rest.size()));
      const auto mapping = code_of(line);
      if (!mapping || !told.insert(mapping->file).second) continue;
      // First of all: of whatever else people have mapped, whoever serves it is not to be asked.
      if (!of_service && mapping->device != watched_) continue;
      const auto* known = known_file(folder.number(), *mapping);
      if (known == nullptr) continue;
      found_.push_back(
          {{process, ticks.value()}, parent.value(), group, mapping->name, known->size, known->digest});
    }
    return true;
  }

  // What a service has mapped of elsewhere, as far as its own mounts show what it is. Else it is told unmeasured.
  bool may_be_asked(int process, const std::string& device) const {
    if (device == watched_) return true;
    const auto text = text_of(process, "mountinfo");
    return std::ranges::any_of(mounts_of(text), [&](const Mount& mount) {
      return mount.device == device && is_kept_by_the_kernel(mount.type);
    });
  }

  // Null: whatever had it mapped has not any more.
  const Known* known_file(int process, const Mapping& mapping) {
    const auto at = known_.find(mapping.file);
    if (at != known_.end()) return &at->second;
    if (!may_be_asked(process, mapping.device)) return &known_.emplace(mapping.file, Known{}).first->second;
    const auto path = "map_files/" + mapping.range;
    struct statx status;
    if (::statx(process, path.c_str(), AT_STATX_DONT_SYNC, STATX_TYPE | STATX_SIZE, &status) != 0)
      return nullptr;
    Known known{status.stx_size, {}};
    if (S_ISREG(status.stx_mode) && scope_.worth_measuring(known.size)) {
      const File file(::openat(process, path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
      if (file.open()) known.digest = measured(file.number(), known.size);
    }
    return &known_.emplace(mapping.file, known).first->second;
  }

  const RunningScope& scope_;
  const std::string watched_;  // device
  std::map<std::string, Known> known_;
  std::vector<RunningCode> found_;
};

// As maps and mountinfo have it; stat(2) tells another one where a file system has several (Btrfs).
Result<std::string> device_of(const std::string& folder) {
  struct statx status;
  if (::statx(AT_FDCWD, folder.c_str(), 0, STATX_MNT_ID, &status) != 0) return failed(folder);
  const auto number = std::to_string(status.stx_mnt_id);
  const auto text = text_of(AT_FDCWD, "/proc/self/mountinfo");
  for (const auto& mount : mounts_of(text)) {
    if (mount.number == number) return std::string(mount.device);
  }
  return Error(Code::io_failed, folder, "a mount that /proc/self/mountinfo has", number);
}

}  // namespace

Result<std::vector<RunningCode>> running_code(const RunningScope& scope) {
  auto watched = TRY(device_of(scope.folder));
  const std::unique_ptr<DIR, int (*)(DIR*)> processes(::opendir("/proc"), ::closedir);
  if (!processes) return failed("/proc");
  Scan scan(scope, std::move(watched));
  while (const auto* entry = ::readdir(processes.get())) {
    const std::string_view name = entry->d_name;
    int process = 0;
    const auto read = std::from_chars(name.data(), name.data() + name.size(), process);
    if (read.ec == std::errc() && read.ptr == name.data() + name.size()) scan.look_at(process);
  }
  return scan.take();
}

}  // namespace sallyport
