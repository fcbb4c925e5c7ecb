// SPDX-License-Identifier: Apache-2.0
#include "adapters/services/process.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <memory>
#include <set>
#include <system_error>
#include <utility>

#include "core/format/proc.h"

namespace sallyport::services {
namespace {

constexpr std::size_t table_size_max = 16U << 20U;

// Nothing when the file cannot be opened.
std::optional<std::string> text_of(const std::string& path, std::size_t size_max) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return std::nullopt;
  std::string text;
  std::array<char, 16384> chunk;
  for (;;) {
    const auto size = ::read(file, chunk.data(), chunk.size());
    if (size <= 0 || text.size() > size_max) break;
    text.append(chunk.data(), static_cast<std::size_t>(size));
  }
  ::close(file);
  return text;
}

std::string link_of(const std::string& path) {
  std::array<char, PATH_MAX> target;
  const auto size = ::readlink(path.c_str(), target.data(), target.size());
  return size < 0 ? std::string() : std::string(target.data(), static_cast<std::size_t>(size));
}

std::vector<std::string> names_in(const std::string& path) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir(path.c_str()), ::closedir);
  while (folder) {
    const auto* entry = ::readdir(folder.get());
    if (entry == nullptr) break;
    names.emplace_back(entry->d_name);
  }
  return names;
}

bool holds_socket(const std::string& process, const std::set<std::string>& sockets) {
  const auto files = names_in(process + "/fd");
  return std::any_of(files.begin(), files.end(),
                     [&](const auto& name) { return sockets.contains(link_of(process + "/fd/" + name)); });
}

// The service's processes are those of its pid namespace.
bool service_holds_socket(const Process& first, const std::set<std::string>& sockets) {
  const auto home = link_of("/proc/" + std::to_string(first.identity().pid) + "/ns/pid");
  for (const auto& name : names_in("/proc")) {
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto process = "/proc/" + name;
    if (link_of(process + "/ns/pid") == home && holds_socket(process, sockets)) return true;
  }
  return false;
}

std::vector<std::string> tables_of(Protocol protocol) {
  switch (protocol) {
    case Protocol::tcp:
      return {"tcp", "tcp6"};
    case Protocol::udp:
      return {"udp", "udp6"};
    case Protocol::sctp:
      return {"sctp/eps"};
  }
  return {};
}

}  // namespace

std::optional<Process> Process::find(ProcessIdentity identity) {
  const auto descriptor = static_cast<int>(::syscall(SYS_pidfd_open, identity.pid, 0));
  if (descriptor < 0) return std::nullopt;
  Process process(descriptor, identity);
  // Asked after the descriptor is held: the number cannot be given to another in between.
  const auto stat = text_of("/proc/" + std::to_string(identity.pid) + "/stat", 4096);
  const auto ticks = parse_start_ticks(stat.value_or(""));
  if (!ticks.ok() || ticks.value() != identity.start_ticks) return std::nullopt;
  if (process.wait(std::chrono::milliseconds(0)) == Waited::ended) return std::nullopt;
  return process;
}

Process::Process(Process&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), identity_(other.identity_) {}
Process& Process::operator=(Process&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  identity_ = other.identity_;
  return *this;
}
Process::~Process() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void Process::signal(int number) const {
  ::syscall(SYS_pidfd_send_signal, descriptor_, number, nullptr, 0);
}

Process::Waited Process::wait(std::chrono::milliseconds patience) const {
  const auto end = std::chrono::steady_clock::now() + patience;
  pollfd ready{descriptor_, POLLIN, 0};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    const int found = ::poll(&ready, 1, static_cast<int>(std::max<std::int64_t>(0, left.count())));
    if (found > 0) return Waited::ended;
    if (found == 0 || errno != EINTR) return Waited::still_there;
  }
}

Result<std::optional<Process>> running_process(const std::string& root, const ServiceId& service) {
  const auto path = root + "/run/" + service.text() + ".json";
  const auto text = text_of(path, run_record_size_max);
  if (!text) {
    if (errno == ENOENT) return std::optional<Process>();
    return Error(Code::io_failed, path, {}, std::generic_category().message(errno));
  }
  const auto record = TRY(parse_run_record(as_bytes(*text)).within("reading " + path));
  return Process::find(record.process);
}

std::optional<std::string> why_not_bound(const Process& process, Port port) {
  const auto net = "/proc/" + std::to_string(process.identity().pid) + "/net/";
  std::set<std::string> sockets;
  bool any_table = false;
  for (const auto& name : tables_of(port.protocol)) {
    const auto table = text_of(net + name, table_size_max);
    any_table = any_table || table.has_value();
    for (const auto inode : sockets_on(table.value_or(""), port)) {
      sockets.insert("socket:[" + std::to_string(inode) + "]");
    }
  }
  if (!any_table) return "this kernel does not know the protocol";
  if (sockets.empty()) return "nothing is bound to it";
  if (!service_holds_socket(process, sockets)) return "it is bound by somebody else";
  return std::nullopt;
}

}  // namespace sallyport::services
