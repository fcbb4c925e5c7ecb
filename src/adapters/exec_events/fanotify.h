// SPDX-License-Identifier: Apache-2.0
// The kernel's questions, as one of several workers sees them.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "adapters/exec_events/kept_files.h"
#include "adapters/exec_events/port.h"
#include "core/crypto/file_digest.h"

namespace sallyport {

namespace exec_events {

// What can be found out of an event without its file: who serves that is not waited for.
ExecEvent who_asks(int process_descriptor, int process, Access access);
// The rest, with its descriptor alone. The file system may keep whoever asks it waiting, for ever.
struct Described {
  FileKind kind;
  std::uint64_t size;
  bool on_noexec_mount;
  bool closes_at_once;  // the kernel alone keeps this file system: to close a file waits for nobody
};
Described describe(int file);
std::uint64_t now_ms();
std::string place_of(int file);  // for people

}  // namespace exec_events

// How long a question about a file of this size may take, in milliseconds.
using TimeToAnswer = std::function<std::uint64_t(std::uint64_t size)>;

// What the workers of one process share. Whoever works with it keeps it alive: a worker whom a file does not let go
// of may come back after all others have gone.
struct Workplace {
  Workplace(const FanotifyWatch& its_watch, SharedBoard& its_board, TimeToAnswer time)
      : watch(its_watch), board(its_board), time_to_answer(std::move(time)), kept(watch, board) {}

  const FanotifyWatch& watch;
  SharedBoard& board;
  TimeToAnswer time_to_answer;
  KeptFiles kept;
  std::atomic<bool> stop = false;    // whoever has a question leaves it on the board
  std::atomic<bool> forget = false;  // for the overseer
  std::atomic<int> late = 0;         // workers whose question the overseer has answered
  // Workers that read a file, at most so many: a file may never let go of its reader, and the others go on.
  static constexpr int readers_max = gate_workers_max - 8;
  std::atomic<int> readers = 0;

  // Who stands still in a file when all stop is left behind, and its question to whoever comes after.
  enum class Presence : std::uint8_t { absent, present, leaving, abandoned };
  std::array<std::atomic<Presence>, gate_workers_max> presence{};
  // From here on nobody abandons it; false: it was, and the desk is another one's.
  bool is_back(int number);
  // Does not return for a worker that was abandoned.
  void come_back(int number);
};

// For one thread. Before it reads questions it takes up the one that is on its place of the board.
class FanotifyEvents final : public ExecEvents {
 public:
  static Result<std::unique_ptr<FanotifyEvents>> open(std::shared_ptr<Workplace> workplace, int number);
  ~FanotifyEvents() override;
  FanotifyEvents(const FanotifyEvents&) = delete;
  FanotifyEvents& operator=(const FanotifyEvents&) = delete;

  Result<Arrived> next(std::chrono::milliseconds wait, ExecEvent& event) override;
  Looks look() override;
  std::optional<FileDigest> sealed_digest() override;
  Steadiness hold() override;
  std::optional<FileDigest> measure() override;
  Given answer(GateAnswer answer, Keep keep) override;
  std::string place_of_last() override { return exec_events::place_of(last_); }
  void forget_all() override { workplace_->forget = true; }
  std::uint64_t questions() const { return questions_; }
  // The file answered about last, which may keep its worker.
  void let_last_go();

 private:
  FanotifyEvents(std::shared_ptr<Workplace> workplace, int number);
  Result<Arrived> wait_for_event(std::chrono::milliseconds wait, ExecEvent& event);
  Arrived read_event(ExecEvent& event);
  Arrived read_one(ExecEvent& event);
  Arrived read_from(int group, Place place, ExecEvent& event);
  Arrived take_up(PendingQuestion question, ExecEvent& event);
  void begin(const PendingQuestion& question);
  bool begin_reading();
  std::optional<FileDigest> read_all();
  bool mark_current();
  void await_overseer();

  const std::shared_ptr<Workplace> workplace_;
  const int number_;
  BoardWorker desk_;
  int queue_ = -1;    // an epoll descriptor: of the workers that wait, one is woken
  int current_ = -1;  // of the question in hand
  int last_ = -1;     // of the one answered last, if it is still ours
  std::uint64_t questions_ = 0;
  bool taken_up_ = false;
  bool host_is_next_ = false;
  bool held_ = false;
  bool sealed_ = false;
  bool closes_at_once_ = false;
  bool on_host_ = false;  // the question in hand
  FileDigester digester_;
  std::vector<std::uint8_t> buffer_;
};

}  // namespace sallyport
