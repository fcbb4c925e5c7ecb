// SPDX-License-Identifier: Apache-2.0
#include "adapters/exec_events/fanotify.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/epoll.h>
#include <sys/fanotify.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <span>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include "adapters/exec_events/process_group.h"
#include "adapters/exec_events/processes.h"
#include "adapters/exec_events/sealed.h"

namespace sallyport {
namespace {

constexpr std::size_t piece_size = 256U << 10U;

Error failed(std::string where) {
  return {Code::io_failed, std::move(where), {}, std::generic_category().message(errno)};
}

// Not FUSE, nor what comes from another machine, nor an overlay: it may lie over any of them.
bool closes_at_once(decltype(statfs::f_type) type) {
  constexpr std::array<std::uint32_t, 8> kept_by_the_kernel = {
      EXT4_SUPER_MAGIC,  XFS_SUPER_MAGIC,  TMPFS_MAGIC,    RAMFS_MAGIC,
      BTRFS_SUPER_MAGIC, F2FS_SUPER_MAGIC, SQUASHFS_MAGIC, EROFS_SUPER_MAGIC_V1};
  return std::ranges::find(kept_by_the_kernel, static_cast<std::uint32_t>(type)) != kept_by_the_kernel.end();
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

}  // namespace

bool Workplace::is_back(int number) {
  auto& its = presence.at(static_cast<std::size_t>(number));
  auto present = Presence::present;
  return its.compare_exchange_strong(present, Presence::leaving) || present == Presence::leaving;
}

void Workplace::come_back(int number) {
  if (is_back(number)) return;
  for (;;) ::pause();
}

std::uint64_t exec_events::now_ms() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
}

ExecEvent exec_events::who_asks(int process_descriptor, int process, Access access) {
  ExecEvent event{process, std::nullopt, access, FileKind::regular, Place::code, 0};
  if (process > 0) event.group = exec_events::group_of(process_descriptor, process);
  return event;
}

exec_events::Described exec_events::describe(int file) {
  Described made{FileKind::other, 0, false, false};
  struct statx status;
  const int flags = AT_EMPTY_PATH | AT_STATX_DONT_SYNC;
  if (::statx(file, "", flags, STATX_TYPE | STATX_SIZE, &status) == 0 && S_ISREG(status.stx_mode)) {
    made.kind = FileKind::regular;
    made.size = status.stx_size;
  }
  struct statfs system;
  if (::fstatfs(file, &system) != 0) return made;
  made.on_noexec_mount = (system.f_flags & ST_NOEXEC) != 0;
  made.closes_at_once = closes_at_once(system.f_type);
  return made;
}

FanotifyEvents::FanotifyEvents(std::shared_ptr<Workplace> workplace, int number)
    : workplace_(std::move(workplace)),
      number_(number),
      desk_(workplace_->board.worker(number)),
      buffer_(piece_size) {}

FanotifyEvents::~FanotifyEvents() {
  let_last_go();
  if (queue_ < 0) return;
  workplace_->board.set_known(queue_, false);
  ::close(queue_);
}

Result<std::unique_ptr<FanotifyEvents>> FanotifyEvents::open(std::shared_ptr<Workplace> workplace,
                                                             int number) {
  std::unique_ptr<FanotifyEvents> events(new FanotifyEvents(std::move(workplace), number));
  auto& place = *events->workplace_;
  events->queue_ = ::epoll_create1(EPOLL_CLOEXEC);
  if (events->queue_ < 0) return failed("epoll_create1");
  place.board.set_known(events->queue_, true);
  epoll_event wanted{EPOLLIN | EPOLLEXCLUSIVE, {}};
  for (const int group : {place.watch.descriptor(), place.watch.host_descriptor()}) {
    if (group >= 0 && ::epoll_ctl(events->queue_, EPOLL_CTL_ADD, group, &wanted) != 0)
      return failed("epoll_ctl");
  }
  return events;
}

Result<Arrived> FanotifyEvents::next(std::chrono::milliseconds wait, ExecEvent& event) {
  let_last_go();
  held_ = sealed_ = closes_at_once_ = false;
  const auto pending = taken_up_ ? std::nullopt : desk_.pending();
  taken_up_ = true;
  return pending ? take_up(*pending, event) : wait_for_event(wait, event);
}

// On the board as something that goes on, or does not: then another worker is put on.
void FanotifyEvents::let_last_go() {
  if (last_ < 0) return;
  desk_.begin_reading();
  ::close(std::exchange(last_, -1));
  if (workplace_->stop) workplace_->come_back(number_);
  desk_.finish();
}

Result<Arrived> FanotifyEvents::wait_for_event(std::chrono::milliseconds wait, ExecEvent& event) {
  // While questions come one after the other nobody needs to be woken.
  if (const auto arrived = read_event(event); arrived != Arrived::nothing) return arrived;
  epoll_event ready{};
  const int count = ::epoll_wait(queue_, &ready, 1, static_cast<int>(wait.count()));
  if (count < 0 && errno != EINTR) return failed("epoll_wait");
  if (count <= 0 || workplace_->stop) return Arrived::nothing;
  return read_event(event);
}

Arrived FanotifyEvents::read_event(ExecEvent& event) {
  desk_.begin_reading();
  const auto arrived = read_one(event);
  if (arrived != Arrived::event && desk_.hand() == Hand::reading) desk_.finish();
  return arrived;
}

// In turns: a storm of questions about the one leaves the others theirs.
Arrived FanotifyEvents::read_one(ExecEvent& event) {
  const auto& watch = workplace_->watch;
  for (int tries = 0; tries < 2; ++tries) {
    host_is_next_ = !host_is_next_;
    const auto arrived = host_is_next_ ? read_from(watch.host_descriptor(), Place::host, event)
                                       : read_from(watch.descriptor(), Place::code, event);
    if (arrived != Arrived::nothing) return arrived;
  }
  return Arrived::nothing;
}

Arrived FanotifyEvents::read_from(int group, Place place, ExecEvent& event) {
  // Room for one event alone: what was not read waits for whoever lives.
  std::array<std::uint8_t, sizeof(fanotify_event_metadata) + sizeof(fanotify_event_info_pidfd)> bytes;
  const auto size = ::read(group, bytes.data(), bytes.size());
  if (size < 0) {
    // No descriptors left: the kernel has denied it. What comes next waits until there are some.
    if (errno != EMFILE && errno != ENFILE) return Arrived::nothing;
    workplace_->board.count_late();
    forget_all();
    while (workplace_->forget && !workplace_->stop) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return Arrived::nothing;
  }
  const auto told = read_told({bytes.data(), static_cast<std::size_t>(size)});
  if (workplace_->stop && !workplace_->is_back(number_)) {
    // The file has let go of it too late: nobody else knows of this question.
    if (told.file >= 0) workplace_->watch.answer(told.file, GateAnswer::deny);
    for (;;) ::pause();
  }
  if ((told.mask & FAN_Q_OVERFLOW) != 0) return Arrived::overflow;
  if (told.file < 0) return Arrived::nothing;
  const auto access = (told.mask & FAN_OPEN_EXEC_PERM) != 0 ? Access::execute : Access::open;
  auto asked = exec_events::who_asks(told.process_descriptor, told.process, access);
  asked.place = place;
  if (told.process_descriptor >= 0) ::close(told.process_descriptor);
  return take_up({told.file, 0, asked, false}, event);
}

// It has its time before anything is found out about its file: that may take for ever.
Arrived FanotifyEvents::take_up(PendingQuestion question, ExecEvent& event) {
  ++questions_;
  if (!question.described) {
    begin(question);
    exec_events::Described file{};
    if (!workplace_->stop) file = exec_events::describe(question.descriptor);
    if (workplace_->stop) workplace_->come_back(number_);
    if (workplace_->stop || !desk_.claim()) {
      await_overseer();
      return Arrived::nothing;
    }
    question.event.kind = file.kind;
    question.event.size = file.size;
    if (question.event.place != Place::host && file.on_noexec_mount) question.event.place = Place::data;
    closes_at_once_ = file.closes_at_once;
    question.described = true;
  }
  event = question.event;
  begin(question);
  return Arrived::event;
}

void FanotifyEvents::begin(const PendingQuestion& question) {
  current_ = question.descriptor;
  on_host_ = question.event.place == Place::host;
  desk_.begin(question, exec_events::now_ms() + workplace_->time_to_answer(question.event.size));
}

// Waits for its turn as long as its question may take; not at all where nobody who reads comes back.
bool FanotifyEvents::begin_reading() {
  auto& place = *workplace_;
  while (place.late < Workplace::readers_max && !place.stop && desk_.hand() == Hand::worker) {
    if (place.readers.fetch_add(1) < Workplace::readers_max) return true;
    place.readers.fetch_sub(1);
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

Looks FanotifyEvents::look() {
  if (!begin_reading()) return Looks::unknown;
  std::array<char, 4> begin{};
  const auto size = ::pread(current_, begin.data(), begin.size(), 0);
  workplace_->readers.fetch_sub(1);
  if (workplace_->stop) workplace_->come_back(number_);
  if (size < 0) return Looks::unknown;
  const std::string_view text(begin.data(), static_cast<std::size_t>(size));
  return text == "\177ELF" || text.substr(0, 2) == "#!" ? Looks::code : Looks::plain;
}

std::optional<FileDigest> FanotifyEvents::sealed_digest() {
  auto digest = exec_events::sealed_digest(current_);
  sealed_ = digest.has_value();
  return digest;
}

Steadiness FanotifyEvents::hold() {
  sealed_ = false;
  // A lease ends with the answer: on the host anybody owns files, and may write to one in the moment after it.
  if (on_host_ && !exec_events::root_alone_writes(current_)) return Steadiness::written;
  held_ = workplace_->kept.hold(current_);
  return held_ ? Steadiness::steady : Steadiness::written;
}

std::optional<FileDigest> FanotifyEvents::measure() {
  if (!begin_reading()) return std::nullopt;
  auto digest = read_all();
  workplace_->readers.fetch_sub(1);
  // Whoever waits to write to it goes on when it is let go of, which may be before it is executed.
  if (held_ && !KeptFiles::is_wholly_ours(current_)) return std::nullopt;
  return digest;
}

std::optional<FileDigest> FanotifyEvents::read_all() {
  digester_.restart();
  for (std::uint64_t at = 0;;) {
    const auto size = ::pread(current_, buffer_.data(), buffer_.size(), static_cast<off_t>(at));
    if (workplace_->stop) workplace_->come_back(number_);
    // Who is late has nobody to read for, and who is to stop leaves it to another one.
    if (workplace_->stop || desk_.hand() != Hand::worker) return std::nullopt;
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return std::nullopt;
    if (size == 0) return digester_.finish();
    digester_.update({buffer_.data(), static_cast<std::size_t>(size)});
    at += static_cast<std::uint64_t>(size);
  }
}

Given FanotifyEvents::answer(GateAnswer answer, Keep keep) {
  if (workplace_->stop || !desk_.claim()) {
    await_overseer();
    return Given::too_late;
  }
  // Before the answer, because an exec asks twice, as such and as an open: the second time costs nothing then.
  const bool marked = answer == GateAnswer::allow && keep == Keep::until_changed && mark_current();
  workplace_->watch.answer(current_, answer);
  last_ = current_;
  current_ = -1;
  // Before it is kept: what is kept is nobody's question any more.
  desk_.finish();
  if (!held_) return Given::given;
  if (!marked) {
    workplace_->kept.let_go(last_);
  } else if (workplace_->kept.keep(last_)) {
    last_ = -1;
  }
  return Given::given;
}

// What is sealed needs no lease, and so no descriptor.
bool FanotifyEvents::mark_current() {
  if (sealed_) return workplace_->watch.ignore(current_);
  // To forget a file is to close it, and whoever forgets must not wait.
  if (!held_ || !closes_at_once_) return false;
  const bool marked = workplace_->kept.mark(current_);
  if (!marked) forget_all();
  return marked;
}

// Its descriptor must not become another file's before the answer is out. Who stops leaves all as it is.
void FanotifyEvents::await_overseer() {
  while (!workplace_->stop && desk_.hand() == Hand::overseer) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  if (workplace_->stop) return;
  if (held_) workplace_->kept.let_go(current_);
  last_ = current_;
  current_ = -1;
  desk_.finish();
  workplace_->late.fetch_sub(1);
}

std::string exec_events::place_of(int file) {
  std::array<char, 4096> path;
  const auto link = "/proc/self/fd/" + std::to_string(file);
  const auto size = ::readlink(link.c_str(), path.data(), path.size());
  return size < 0 ? std::string() : std::string(path.data(), static_cast<std::size_t>(size));
}

}  // namespace sallyport
