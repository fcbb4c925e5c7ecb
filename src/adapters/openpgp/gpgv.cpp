// SPDX-License-Identifier: Apache-2.0
#include "adapters/openpgp/gpgv.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

namespace sallyport {
namespace {

constexpr std::size_t part_size = 256U << 10U;
constexpr int patience_ms = 60000;    // without any progress
constexpr int first_own_number = 10;  // below are the numbers that the program gets

Error fault(std::string expected, std::string found) {
  return {Code::not_supported, "gpgv", std::move(expected), std::move(found)};
}

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) {
    if (number < 0) return;
    number_ = ::fcntl(number, F_DUPFD_CLOEXEC, first_own_number);
    ::close(number);
  }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { close(); }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }
  int number() const { return number_; }
  bool open() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

Result<Descriptor> memory_file(BytesView bytes) {
  Descriptor file(::memfd_create("sallyport", MFD_CLOEXEC));
  if (!file.open()) return fault("a file in memory", std::strerror(errno));
  while (!bytes.empty()) {
    const auto size = ::write(file.number(), bytes.data(), bytes.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return fault("room for a file in memory", std::strerror(errno));
    bytes = bytes.subspan(static_cast<std::size_t>(size));
  }
  if (::lseek(file.number(), 0, SEEK_SET) != 0) return fault("a file in memory", std::strerror(errno));
  return file;
}

struct Pair {
  Descriptor ours;
  Descriptor theirs;
};

// Sockets, so that a program that ends early is no signal to us.
Result<Pair> socket_pair() {
  std::array<int, 2> ends{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
    return fault("a socket", std::strerror(errno));
  Pair pair{Descriptor(ends[0]), Descriptor(ends[1])};
  if (!pair.ours.open() || !pair.theirs.open()) return fault("a socket", std::strerror(errno));
  return pair;
}

// What gpgv reads on its standard input: a file, part by part.
class Input {
 public:
  explicit Input(const ByteSource& file) : file_(&file) {}
  bool done() const { return rest_.empty() && at_ == file_->size(); }
  // As much as the socket takes now.
  Result<void> send(int socket) {
    if (rest_.empty()) {
      const auto size = std::min<std::uint64_t>(part_size, file_->size() - at_);
      part_ = TRY(file_->read(at_, size, part_size));
      at_ += size;
      rest_ = part_;
    }
    const auto sent = ::send(socket, rest_.data(), rest_.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) rest_ = rest_.subspan(static_cast<std::size_t>(sent));
    // It has seen enough: what it says of it is in its status.
    if (sent < 0 && errno != EAGAIN && errno != EINTR) {
      rest_ = {};
      at_ = file_->size();
    }
    return {};
  }

 private:
  const ByteSource* file_;
  std::uint64_t at_ = 0;
  Bytes part_;
  BytesView rest_;
};

// One stream that it writes, up to a limit.
class Output {
 public:
  Output(Descriptor end, std::size_t size_max) : end_(std::move(end)), size_max_(size_max) {}
  int number() const { return end_.number(); }
  bool open() const { return end_.open(); }
  Result<void> take() {
    std::array<std::uint8_t, 65536> buffer{};
    const auto size = ::read(end_.number(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) return {};
    if (size <= 0) {
      end_.close();
      return {};
    }
    bytes_.insert(bytes_.end(), buffer.begin(), buffer.begin() + size);
    if (bytes_.size() <= size_max_) return {};
    return Error(Code::input_refused, "signed text", "at most " + std::to_string(size_max_) + " bytes",
                 "more");
  }
  Bytes take_bytes() { return std::move(bytes_); }

 private:
  Descriptor end_;
  std::size_t size_max_;
  Bytes bytes_;
};

struct Numbers {
  int in, out, status, keyring, signature;
};

pid_t start(const std::string& program, const std::vector<std::string>& options, const Numbers& numbers) {
  std::vector<std::string> words{program,         "--homedir", "/nonexistent", "--status-fd",    "3",
                                 "--weak-digest", "SHA1",      "--keyring",    "/proc/self/fd/4"};
  words.insert(words.end(), options.begin(), options.end());
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::string locale = "LC_ALL=C";
  std::array<char*, 2> environment{locale.data(), nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, numbers.in, 0);
  ::posix_spawn_file_actions_adddup2(&actions, numbers.out, 1);
  ::posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, numbers.status, 3);
  ::posix_spawn_file_actions_adddup2(&actions, numbers.keyring, 4);
  if (numbers.signature >= 0) ::posix_spawn_file_actions_adddup2(&actions, numbers.signature, 5);
  pid_t pid = -1;
  const int problem =
      ::posix_spawn(&pid, program.c_str(), &actions, nullptr, argv.data(), environment.data());
  ::posix_spawn_file_actions_destroy(&actions);
  errno = problem;
  return problem == 0 ? pid : -1;
}

// Ended, whatever becomes of us.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    wait();
  }
  int wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return status;
  }

 private:
  pid_t pid_;
};

Result<void> talk(Descriptor in, Input input, Output& text, Output& status) {
  if (input.done()) in.close();
  while (text.open() || status.open()) {
    std::array<pollfd, 3> waiting{pollfd{in.number(), POLLOUT, 0}, pollfd{text.number(), POLLIN, 0},
                                  pollfd{status.number(), POLLIN, 0}};
    const int ready = ::poll(waiting.data(), waiting.size(), patience_ms);
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return fault("an answer within a minute", "none");
    if (waiting[0].revents != 0) TRY(input.send(in.number()));
    if (in.open() && input.done()) in.close();
    if (waiting[1].revents != 0) TRY(text.take());
    if (waiting[2].revents != 0) TRY(status.take());
  }
  return {};
}

Result<OpenPgpAnswer> run(const std::string& program, const std::vector<std::string>& options,
                          BytesView keyring, const Descriptor& signature, const ByteSource& input,
                          std::size_t text_size_max) {
  const auto ring = TRY(memory_file(keyring));
  auto in = TRY(socket_pair());
  auto out = TRY(socket_pair());
  auto told = TRY(socket_pair());
  const pid_t pid = start(
      program, options,
      {in.theirs.number(), out.theirs.number(), told.theirs.number(), ring.number(), signature.number()});
  if (pid < 0) return fault(program + " (Debian: gpgv)", std::strerror(errno));
  Child child(pid);
  for (auto* end : {&in.theirs, &out.theirs, &told.theirs}) end->close();
  Output text(std::move(out.ours), text_size_max);
  Output status(std::move(told.ours), openpgp_status_size_max);
  TRY(talk(std::move(in.ours), Input(input), text, status));
  const int end = child.wait();
  // 0: every signature is good; 1, 2: it has said why not.
  if (!WIFEXITED(end) || WEXITSTATUS(end) > 2) return fault("an end by its own word", std::to_string(end));
  const auto words = status.take_bytes();
  return OpenPgpAnswer{std::string(as_text(words)), text.take_bytes()};
}

}  // namespace

Result<OpenPgpAnswer> Gpgv::verify_detached(BytesView keyring, BytesView signature, const ByteSource& file) {
  const auto detached = TRY(memory_file(signature));
  return run(program_, {"--", "/proc/self/fd/5", "-"}, keyring, detached, file, 0);
}

Result<OpenPgpAnswer> Gpgv::verify_clear(BytesView keyring, BytesView signed_text, std::size_t size_max) {
  const MemorySource input(signed_text);
  return run(program_, {"--output", "-", "--", "-"}, keyring, Descriptor(), input, size_max);
}

}  // namespace sallyport
