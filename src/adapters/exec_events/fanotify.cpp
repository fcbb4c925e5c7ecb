// SPDX-License-Identifier: Apache-2.0
#include "adapters/exec_events/fanotify.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/fanotify.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <span>
#include <string_view>
#include <system_error>

#include "adapters/exec_events/process_group.h"
#include "core/crypto/file_digest.h"

namespace sallyport {
namespace {

constexpr std::uint64_t questions = FAN_OPEN_PERM | FAN_OPEN_EXEC_PERM;
constexpr std::size_t piece_size = 256U << 10U;
constexpr std::size_t kept_max = gate_descriptors_max / 2;
constexpr int tries_max = 2;

Error failed(std::string where, int number) {
  const bool denied = number == EPERM || number == EACCES;
  const bool lacking = number == EINVAL || number == ENOSYS || number == ENODEV || number == EOPNOTSUPP;
  const Code code = denied ? Code::permission_missing : lacking ? Code::not_supported : Code::io_failed;
  return {code, std::move(where), {}, std::generic_category().message(number)};
}

int lease_signal() {
  return SIGRTMIN + 1;
}

void send_answer(int group, int descriptor, GateAnswer answer) {
  const fanotify_response response{
      descriptor, static_cast<std::uint32_t>(answer == GateAnswer::allow ? FAN_ALLOW : FAN_DENY)};
  // Whoever waited may have been killed meanwhile: then there is nobody to tell.
  [[maybe_unused]] const auto written = ::write(group, &response, sizeof response);
}

// What the kernel tells of one event: descriptors that are ours to close.
struct Told {
  int file = -1;
  int process_descriptor = -1;
  int process = 0;
  std::uint64_t mask = 0;
};

Told read_told(std::span<const std::uint8_t> bytes) {
  fanotify_event_metadata event;
  std::memcpy(&event, bytes.data(), sizeof event);
  Told told{event.fd, -1, event.pid, event.mask};
  fanotify_event_info_pidfd info;
  if (event.event_len >= event.metadata_len + sizeof info &&
      bytes.size() >= event.metadata_len + sizeof info) {
    std::memcpy(&info, bytes.data() + event.metadata_len, sizeof info);
    if (info.hdr.info_type == FAN_EVENT_INFO_TYPE_PIDFD) told.process_descriptor = info.pidfd;
  }
  return told;
}

ExecEvent describe(const Told& told) {
  ExecEvent event{
      told.process,    std::nullopt, (told.mask & FAN_OPEN_EXEC_PERM) != 0 ? Access::execute : Access::open,
      FileKind::other, Place::code,  0};
  if (told.process > 0) event.group = exec_events::group_of(told.process_descriptor, told.process);
  struct stat status;
  if (::fstat(told.file, &status) == 0 && S_ISREG(status.st_mode)) {
    event.kind = FileKind::regular;
    event.size = static_cast<std::uint64_t>(status.st_size);
  }
  struct statfs system;
  if (::fstatfs(told.file, &system) == 0 && (system.f_flags & ST_NOEXEC) != 0) event.place = Place::data;
  return event;
}

}  // namespace

Result<std::unique_ptr<FanotifyWatch>> FanotifyWatch::open() {
  const int group = ::fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC | FAN_NONBLOCK | FAN_UNLIMITED_QUEUE |
                                        FAN_UNLIMITED_MARKS | FAN_REPORT_PIDFD,
                                    O_RDONLY | O_LARGEFILE | O_CLOEXEC);
  if (group < 0) return failed("fanotify_init", errno);
  return std::unique_ptr<FanotifyWatch>(new FanotifyWatch(group));
}

std::unique_ptr<FanotifyWatch> FanotifyWatch::left_behind(int descriptor) {
  std::unique_ptr<FanotifyWatch> watch(new FanotifyWatch(descriptor));
  watch->flush();
  // The kernel knows a question by the number that its descriptor had in the process that read it.
  for (int number = 0; number < gate_descriptors_max; ++number) {
    send_answer(descriptor, number, GateAnswer::deny);
  }
  return watch;
}

FanotifyWatch::~FanotifyWatch() {
  ::close(group_);
}

Result<void> FanotifyWatch::add(const std::string& folder) {
  struct stat wanted;
  if (::stat(folder.c_str(), &wanted) != 0) return failed(folder, errno);
  for (const char* ours : {"/", "/proc/self/exe"}) {
    struct stat status;
    if (::stat(ours, &status) != 0) return failed(ours, errno);
    if (status.st_dev == wanted.st_dev) {
      return Error(Code::gate_file_system_shared, folder, "a file system of its own",
                   std::string("the one that holds ") + ours);
    }
  }
  if (::fanotify_mark(group_, FAN_MARK_ADD | FAN_MARK_FILESYSTEM, questions, AT_FDCWD, folder.c_str()) != 0) {
    return failed("fanotify_mark " + folder, errno);
  }
  return {};
}

void FanotifyWatch::flush() const {
  ::fanotify_mark(group_, FAN_MARK_FLUSH, 0, AT_FDCWD, nullptr);
}

FanotifyEvents::FanotifyEvents(const FanotifyWatch& watch, SharedBoard& board)
    : watch_(watch), board_(board), buffer_(piece_size) {}

FanotifyEvents::~FanotifyEvents() {
  finish_last();
  forget_all();
  if (signals_ >= 0) board_.set_known(signals_, false);
  if (signals_ >= 0) ::close(signals_);
}

Result<std::unique_ptr<FanotifyEvents>> FanotifyEvents::take_over(const FanotifyWatch& watch,
                                                                  SharedBoard& board,
                                                                  const Descriptors& own) {
  std::unique_ptr<FanotifyEvents> events(new FanotifyEvents(watch, board));
  TRY(events->inherit(own));
  TRY(events->listen_for_leases());
  return events;
}

Result<void> FanotifyEvents::inherit(const Descriptors& own) {
  const auto pending = board_.take_over_pending();
  for (int number = 0; number < gate_descriptors_max; ++number) {
    if (own.at(static_cast<std::size_t>(number)) || ::fcntl(number, F_GETFD) < 0) continue;
    if (pending && pending->descriptor == number) continue;
    Told told{number, -1, 0, FAN_OPEN_EXEC_PERM};
    inherited_.push_back({number, 1, describe(told)});
  }
  if (!pending) return {};
  if (pending->tries <= tries_max) {
    inherited_.push_back(*pending);
    return {};
  }
  // Who has tried it did not live to answer.
  current_ = pending->descriptor;
  return answer(GateAnswer::deny, Keep::nothing);
}

Result<void> FanotifyEvents::listen_for_leases() {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, lease_signal());
  ::sigaddset(&set, SIGIO);
  if (::sigprocmask(SIG_BLOCK, &set, nullptr) != 0) return failed("sigprocmask", errno);
  signals_ = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals_ < 0) return failed("signalfd", errno);
  board_.set_known(signals_, true);
  return {};
}

Result<Arrived> FanotifyEvents::next(std::chrono::milliseconds wait, ExecEvent& event) {
  finish_last();
  if (!inherited_.empty()) {
    const auto inherited = inherited_.back();
    inherited_.pop_back();
    event = inherited.event;
    current_ = inherited.descriptor;
    board_.set_pending(current_, event, inherited.tries);
    return Arrived::event;
  }
  std::array<pollfd, 2> ready = {pollfd{signals_, POLLIN, 0}, pollfd{watch_.descriptor(), POLLIN, 0}};
  if (::poll(ready.data(), ready.size(), static_cast<int>(wait.count())) < 0 && errno != EINTR) {
    return failed("poll", errno);
  }
  if (ready[0].revents != 0) take_broken_leases();
  if (ready[1].revents == 0) return Arrived::nothing;
  return read_event(event);
}

Result<Arrived> FanotifyEvents::read_event(ExecEvent& event) {
  // Room for one event alone: what was not read waits for whoever lives.
  std::array<std::uint8_t, sizeof(fanotify_event_metadata) + sizeof(fanotify_event_info_pidfd)> bytes;
  const auto size = ::read(watch_.descriptor(), bytes.data(), bytes.size());
  if (size < 0) {
    // No descriptors left: the kernel has denied it.
    if (errno == EMFILE || errno == ENFILE) forget_all();
    return Arrived::nothing;
  }
  const auto told = read_told({bytes.data(), static_cast<std::size_t>(size)});
  if ((told.mask & FAN_Q_OVERFLOW) != 0) return Arrived::overflow;
  if (told.file < 0) return Arrived::nothing;
  event = describe(told);
  if (told.process_descriptor >= 0) ::close(told.process_descriptor);
  current_ = told.file;
  board_.set_pending(current_, event, 1);
  return Arrived::event;
}

Looks FanotifyEvents::look() {
  std::array<char, 4> begin{};
  const auto size = ::pread(current_, begin.data(), begin.size(), 0);
  if (size < 0) return Looks::unknown;
  const std::string_view text(begin.data(), static_cast<std::size_t>(size));
  return text == "\177ELF" || text.substr(0, 2) == "#!" ? Looks::code : Looks::plain;
}

Steadiness FanotifyEvents::hold() {
  // The kernel gives a read lease only while nobody can write, and asks for it back before anybody can.
  held_ = ::fcntl(current_, F_SETOWN, ::getpid()) == 0 && ::fcntl(current_, F_SETSIG, lease_signal()) == 0 &&
          ::fcntl(current_, F_SETLEASE, F_RDLCK) == 0;
  return held_ ? Steadiness::steady : Steadiness::written;
}

std::optional<FileDigest> FanotifyEvents::measure() {
  FileDigester digester;
  for (std::uint64_t at = 0;;) {
    const auto size = ::pread(current_, buffer_.data(), buffer_.size(), static_cast<off_t>(at));
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return std::nullopt;
    if (size == 0) return digester.finish();
    digester.update({buffer_.data(), static_cast<std::size_t>(size)});
    at += static_cast<std::uint64_t>(size);
    board_.beat();
  }
}

Result<void> FanotifyEvents::answer(GateAnswer answer, Keep keep) {
  send_answer(watch_.descriptor(), current_, answer);
  board_.clear_pending();
  last_ = current_;
  current_ = -1;
  const bool wanted = keep == Keep::until_changed && held_ && answer == GateAnswer::allow;
  if (wanted && kept_count_ >= kept_max) forget_all();
  last_kept_ = wanted && ::fanotify_mark(watch_.descriptor(), FAN_MARK_ADD | FAN_MARK_IGNORED_MASK, questions,
                                         last_, nullptr) == 0;
  if (last_kept_) {
    kept_.at(static_cast<std::size_t>(last_)) = true;
    board_.set_known(last_, true);
    ++kept_count_;
  } else if (held_) {
    ::fcntl(last_, F_SETLEASE, F_UNLCK);
  }
  held_ = false;
  return {};
}

std::string FanotifyEvents::place_of_last() {
  std::array<char, 4096> path;
  const auto link = "/proc/self/fd/" + std::to_string(last_);
  const auto size = ::readlink(link.c_str(), path.data(), path.size());
  return size < 0 ? std::string() : std::string(path.data(), static_cast<std::size_t>(size));
}

void FanotifyEvents::finish_last() {
  if (last_ >= 0 && !last_kept_) ::close(last_);
  last_ = -1;
  last_kept_ = false;
}

void FanotifyEvents::take_broken_leases() {
  signalfd_siginfo info;
  while (::read(signals_, &info, sizeof info) == sizeof info) {
    // The queue of signals was full: which one it was nobody knows.
    if (info.ssi_signo == SIGIO) forget_all();
    if (info.ssi_fd >= 0 && info.ssi_fd < gate_descriptors_max) release(info.ssi_fd);
  }
}

// The mark goes first: once the lease is gone, whoever waits for it writes.
void FanotifyEvents::release(int descriptor) {
  auto& kept = kept_.at(static_cast<std::size_t>(descriptor));
  if (!kept) return;
  ::fanotify_mark(watch_.descriptor(), FAN_MARK_REMOVE | FAN_MARK_IGNORED_MASK, questions, descriptor,
                  nullptr);
  ::fcntl(descriptor, F_SETLEASE, F_UNLCK);
  board_.set_known(descriptor, false);
  ::close(descriptor);
  kept = false;
  --kept_count_;
  if (descriptor == last_) last_ = -1;
}

void FanotifyEvents::forget_all() {
  if (kept_count_ == 0) return;
  watch_.flush();
  for (int descriptor = 0; descriptor < gate_descriptors_max; ++descriptor) release(descriptor);
}

}  // namespace sallyport
