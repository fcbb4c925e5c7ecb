// SPDX-License-Identifier: Apache-2.0
#include "adapters/worker/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "adapters/worker/descriptor.h"
#include "adapters/worker/descriptors.h"
#include "adapters/worker/stream_talk.h"

namespace sallyport {
namespace {

using Clock = std::chrono::steady_clock;
using worker::Ask;
using worker::Descriptor;

constexpr int first_free_number = 20;  // above every number that the worker's descriptors get

Error failed(std::string found) {
  return {Code::examiner_failed, "the worker", "an answer", std::move(found)};
}

Error stopped() {
  return {Code::io_failed, "the worker", "an answer", "the end of its parent"};
}

Error system_failed(const char* call) {
  return {Code::not_supported, call, "a worker that starts", std::strerror(errno)};
}

Result<Descriptor> moved_up(int fd) {
  Descriptor up(::fcntl(fd, F_DUPFD_CLOEXEC, first_free_number));
  if (!up.open()) return system_failed("fcntl");
  return up;
}

// The same file, opened anew: the worker's own place in it, and no way to write.
Result<Descriptor> read_only(int file) {
  const auto name = "/proc/self/fd/" + std::to_string(file);
  const Descriptor again(::open(name.c_str(), O_RDONLY | O_CLOEXEC));
  if (!again.open()) return system_failed("open");
  return moved_up(again.get());
}

Result<Descriptor> in_memory(const std::string& text) {
  const Descriptor file(::memfd_create("order", MFD_CLOEXEC));
  if (!file.open()) return system_failed("memfd_create");
  for (std::size_t done = 0; done < text.size();) {
    const auto count = ::write(file.get(), text.data() + done, text.size() - done);
    if (count < 0) return system_failed("write");
    done += static_cast<std::size_t>(count);
  }
  return read_only(file.get());
}

// One worker, from its start to its end.
class Child {
 public:
  Child(const ApartJob& job, int stopped)
      : job_(&job), stopped_(stopped), deadline_(Clock::now() + job.deadline) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  // Talks end with the worker.
  ~Child() {
    if (process_ > 0) end();
    for (auto& talk : talks_) talk.join();
  }

  Result<void> start(const std::string& program);
  Result<Bytes> serve();

 private:
  Result<void> spawn(const std::string& program, const std::array<int, 4>& descriptors);
  Result<void> answer_control();
  Result<void> begin_talk(std::uint64_t service);
  Result<void> hand_over(int fd);
  enum class Part : std::uint8_t { more, last };
  Result<Part> read_answer();
  Result<void> wait_for_end();
  int end();

  const ApartJob* job_;
  int stopped_;  // readable: nobody waits for the answer any more
  Clock::time_point deadline_;
  pid_t process_ = 0;
  Descriptor control_;
  Descriptor answers_;
  Bytes answer_;
  std::vector<std::thread> talks_;
};

Result<void> Child::start(const std::string& program) {
  const auto file = TRY(read_only(job_->file));
  const auto order = TRY(in_memory(job_->order));
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return system_failed("socketpair");
  control_ = Descriptor(ends[0]);
  const Descriptor control(ends[1]);
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return system_failed("pipe2");
  answers_ = Descriptor(ends[0]);
  const Descriptor answers(ends[1]);
  const auto control_up = TRY(moved_up(control.get()));
  const auto answers_up = TRY(moved_up(answers.get()));
  return spawn(program, {file.get(), order.get(), control_up.get(), answers_up.get()});
}

// Everything else of ours closes itself at the exec; what a library left open without that is closed by the list.
Result<void> Child::spawn(const std::string& program, const std::array<int, 4>& descriptors) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  const std::unique_ptr<posix_spawn_file_actions_t, int (*)(posix_spawn_file_actions_t*)> freed(
      &actions, ::posix_spawn_file_actions_destroy);
  for (const int number : {0, 1, 2})
    ::posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0);
  for (std::size_t i = 0; i < descriptors.size(); ++i)
    ::posix_spawn_file_actions_adddup2(&actions, descriptors[i], worker::file_number + static_cast<int>(i));
  ::posix_spawn_file_actions_addclosefrom_np(&actions, worker::answer_number + 1);
  std::string word = worker_word;
  std::string name = "sallyport";
  char* const arguments[] = {name.data(), word.data(), nullptr};
  char* const environment[] = {nullptr};
  const int came = ::posix_spawn(&process_, program.c_str(), &actions, nullptr, arguments, environment);
  if (came == 0) return {};
  process_ = 0;
  errno = came;
  return system_failed("posix_spawn");
}

Result<Bytes> Child::serve() {
  while (true) {
    std::array<pollfd, 3> waiting{pollfd{control_.get(), POLLIN, 0}, pollfd{answers_.get(), POLLIN, 0},
                                  pollfd{stopped_, POLLIN, 0}};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - Clock::now()).count();
    if (left <= 0) return failed("none within " + std::to_string(job_->deadline.count()) + " s");
    const int ready =
        ::poll(waiting.data(), waiting.size(), static_cast<int>(std::min<std::int64_t>(left, 60000)));
    if (ready < 0 && errno != EINTR) return failed(std::strerror(errno));
    if (ready <= 0) continue;
    if (waiting[2].revents != 0) return stopped();
    if ((waiting[0].revents & POLLIN) != 0) TRY(answer_control());
    if (waiting[1].revents == 0) continue;
    if (TRY(read_answer()) == Part::more) continue;
    TRY(wait_for_end());
    return std::move(answer_);
  }
}

Result<void> Child::answer_control() {
  worker::Packet packet{};
  const auto count = ::recv(control_.get(), packet.data(), packet.size(), MSG_DONTWAIT | MSG_TRUNC);
  if (count == 0) control_ = {};  // it ends; poll() passes over a descriptor that is none
  if (count == 0) return {};
  if (count != static_cast<ssize_t>(packet.size())) return failed("a word that is none");
  const auto number = worker::number_of(packet);
  switch (static_cast<Ask>(packet[0])) {
    case Ask::connect:
      return begin_talk(number);
    case Ask::verifying:
      job_->progress.begin("verifying", number);
      return {};
    case Ask::scanning:
      job_->progress.begin("scanning", number);
      return {};
    case Ask::done:
      job_->progress.add(number);
      return {};
  }
  return failed("a word that is none");
}

// The worker's end of a new pair of sockets, and a thread for ours.
Result<void> Child::begin_talk(std::uint64_t service) {
  if (talks_.size() >= ApartJob::talks_max) return failed("too many talks");
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return system_failed("socketpair");
  Descriptor ours(ends[0]);
  const Descriptor theirs(ends[1]);
  TRY(hand_over(theirs.get()));
  talks_.emplace_back([this, service, socket = std::move(ours)]() mutable {
    worker::StreamTalk talk(std::move(socket));
    job_->serve(service, talk);
  });
  return {};
}

Result<void> Child::hand_over(int fd) {
  std::uint8_t status = 0;
  iovec part{&status, 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> space{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = space.data();
  message.msg_controllen = space.size();
  auto* const header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int));
  std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
  if (::sendmsg(control_.get(), &message, MSG_NOSIGNAL | MSG_DONTWAIT) == 1) return {};
  return failed("nobody who takes what it asked for");
}

Result<Child::Part> Child::read_answer() {
  std::array<std::uint8_t, 65536> part{};
  const auto count = ::read(answers_.get(), part.data(), part.size());
  if (count < 0) return errno == EINTR ? Result<Part>(Part::more) : failed(std::strerror(errno));
  if (count == 0) return Part::last;
  const auto size = static_cast<std::size_t>(count);
  if (size > job_->answer_size_max - answer_.size()) return failed("more than it may say");
  answer_.insert(answer_.end(), part.begin(), part.begin() + count);
  return Part::more;
}

// It closed its pipe: the end is near, or it is made to come.
Result<void> Child::wait_for_end() {
  const Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, process_, 0)));
  pollfd waiting{handle.get(), POLLIN, 0};
  const bool ended = handle.open() && ::poll(&waiting, 1, 10000) == 1;
  const int status = end();
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  if (!ended) return failed("it did not end");
  if (WIFSIGNALED(status)) return failed("killed by signal " + std::to_string(WTERMSIG(status)));
  return failed("exit code " + std::to_string(WEXITSTATUS(status)));
}

int Child::end() {
  int status = 0;
  ::kill(process_, SIGKILL);
  while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  process_ = 0;
  return status;
}

}  // namespace

WorkerProcesses::WorkerProcesses(std::string program)
    : program_(std::move(program)), stopped_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void WorkerProcesses::stop() {
  static_cast<void>(::eventfd_write(stopped_.get(), 1));
}

Result<Bytes> WorkerProcesses::run(const ApartJob& job) {
  Child child(job, stopped_.get());
  TRY(child.start(program_));
  return child.serve();
}

}  // namespace sallyport
