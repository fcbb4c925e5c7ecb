// SPDX-License-Identifier: Apache-2.0
#include "adapters/scanner/clamd.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "adapters/scanner/clamd_database.h"
#include "adapters/scanner/clamd_reply.h"
#include "adapters/scanner/stream_scan.h"
#include "core/base/text.h"

namespace sallyport {
namespace {

using namespace std::string_view_literals;

// clamd closes a connection on which nothing was asked for its CommandReadTimeout, at least 5 seconds where somebody
// has set it.
bool is_forgotten(std::chrono::steady_clock::time_point since) {
  return std::chrono::steady_clock::now() - since > std::chrono::seconds(4);
}

// In memory, and with a descriptor that can be passed on.
class Kept {
 public:
  Kept() = default;
  Kept(const Kept&) = delete;
  Kept& operator=(const Kept&) = delete;
  ~Kept() {
    if (fd_ >= 0) ::close(fd_);
  }
  std::uint64_t size() const { return size_; }
  int fd() const { return fd_; }

  Result<void> append(BytesView part) {
    if (fd_ < 0) fd_ = ::memfd_create("content", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd_ < 0) return failed("memfd_create", errno);
    while (!part.empty()) {
      const auto count = ::write(fd_, part.data(), part.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return failed("write", errno);
      part = part.subspan(static_cast<std::size_t>(count));
      size_ += static_cast<std::uint64_t>(count);
    }
    return {};
  }
  // Whoever gets the descriptor reads what was written, and changes nothing.
  Result<void> seal() const {
    if (::fcntl(fd_, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0) return {};
    return failed("F_ADD_SEALS", errno);
  }
  // Part by part, from the beginning.
  template <class Take>
  Result<void> read(const Take& take) const {
    Bytes part(std::min<std::uint64_t>(size_, 1U << 20U));
    for (std::uint64_t done = 0; done < size_;) {
      const auto count = ::pread(fd_, part.data(), part.size(), static_cast<off_t>(done));
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return failed("pread", errno);
      TRY(take(BytesView(part).first(static_cast<std::size_t>(count))));
      done += static_cast<std::uint64_t>(count);
    }
    return {};
  }

 private:
  static Error failed(const char* call, int error) {
    return {Code::internal_error, "clamd", "memory for a content",
            std::string(call) + ": " + std::strerror(error)};
  }
  int fd_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace

// What is small is kept until its end and passed as a descriptor; what is not, and what clamd could not read by its
// descriptor, is streamed.
class Clamd::Job final : public Scan {
 public:
  explicit Job(Clamd& clamd) : clamd_(&clamd) {}

  Result<void> begin() {
    if (!clamd_->takes_descriptors_) return begin_stream();
    session_ = TRY(clamd_->take());
    return {};
  }

  Result<void> feed(BytesView part) override {
    if (stream_) return stream_->feed(part);
    if (kept_.size() + part.size() <= clamd_->options_.passed_size_max) return kept_.append(part);
    TRY(begin_stream());
    return stream_->feed(part);
  }

  Result<ScanAnswer> finish() override {
    if (!stream_ && kept_.size() > 0) {
      TRY(kept_.seal());
      if (is_forgotten(session_->since)) session_ = TRY(clamd_->take());
      if (auto answer = TRY(clamd_->ask(*session_, kept_.fd()))) {
        clamd_->give_back(std::move(*session_));
        return std::move(*answer);
      }
      clamd_->takes_descriptors_ = false;
    }
    if (!stream_) TRY(begin_stream());
    return stream_->finish();
  }

 private:
  Result<void> begin_stream() {
    session_.reset();
    stream_ = TRY(begin_stream_scan(TRY(clamd_->connect()), "zINSTREAM", parse_scan_reply));
    return kept_.read([&](BytesView part) { return stream_->feed(part); });
  }

  Clamd* clamd_;
  std::optional<Session> session_;
  Kept kept_;
  std::unique_ptr<Scan> stream_;
};

Result<EngineConnection> Clamd::connect() const {
  return EngineConnection::open(options_.socket, options_.patience, "clamd");
}

Result<Clamd::Session> Clamd::take() {
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(idle_, [](const Session& one) { return is_forgotten(one.since); });
    if (!idle_.empty()) {
      auto session = std::move(idle_.back());
      idle_.pop_back();
      return session;
    }
  }
  Session session{TRY(connect())};
  TRY(send_command(session.connection, "zIDSESSION"));
  return session;
}

void Clamd::give_back(Session session) {
  session.since = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(session));
}

// The answer has the number of the question.
Result<std::optional<ScanAnswer>> Clamd::ask(Session& session, int content) const {
  static constexpr std::string_view command = "zFILDES\0\0"sv;  // a byte goes with the descriptor
  const auto sent = TRY(session.connection.send_descriptor(content, as_bytes(command)));
  const auto reply = TRY(session.connection.receive_one());
  const auto number = std::to_string(++session.asked) + ": ";
  if (sent == Sent::interrupted || !reply.starts_with(number))
    return Error(Code::scanner_failed, session.connection.name(), "an answer to what was asked",
                 printable(reply));
  return parse_descriptor_reply(std::string_view(reply).substr(number.size()));
}

Result<EngineInfo> Clamd::info() {
  auto connection = TRY(connect());
  TRY(send_command(connection, "zVERSION"));
  const auto reply = TRY(connection.receive());
  auto version = TRY(parse_version_reply(reply));
  if (version.database_time)
    return EngineInfo{"clamd", std::move(version.engine), std::move(version.database),
                      *version.database_time};
  auto database = TRY(find_clamd_database(connection.peer_process()));
  return EngineInfo{"clamd", std::move(version.engine), std::move(database.version), database.time};
}

Result<std::unique_ptr<Scan>> Clamd::begin() {
  auto job = std::make_unique<Job>(*this);
  TRY(job->begin());
  return std::unique_ptr<Scan>(std::move(job));
}

}  // namespace sallyport
