// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/relay.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "core/base/text.h"
#include "core/crypto/file_digest.h"
#include "roles/operator/findings.h"

namespace sallyport::intake {
namespace {

// The first byte of a message says what it is.
enum class Word : std::uint8_t {
  ask = 'Q',  // and a digest; the answer is `known` or `unknown`
  known = 'K',
  unknown = 'U',
  part = 'P',    // and the next bytes of a content; the first one begins it
  end = 'E',     // after the last one; the answer is `answer` or `failed`
  answer = 'A',  // and a byte for the result, and the engine's words
  failed = 'F',  // and the name of a code, a line end, and what was found
};

constexpr std::size_t part_size_max = 1U << 20U;
constexpr std::size_t words_size_max = 400;
constexpr std::size_t found_max = 1000;  // that are kept

Bytes message_of(Word word, BytesView rest = {}) {
  Bytes message{static_cast<std::uint8_t>(word)};
  message.insert(message.end(), rest.begin(), rest.end());
  return message;
}

std::optional<FileDigest> digest_in(BytesView bytes) {
  std::array<std::uint8_t, FileDigest::size> digest{};
  if (bytes.size() != digest.size()) return std::nullopt;
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return FileDigest(digest);
}

Bytes printed(const ScanAnswer& answer) {
  const auto words = printable(answer.detail).substr(0, words_size_max);
  Bytes rest{static_cast<std::uint8_t>(answer.result)};
  const auto view = as_bytes(words);
  rest.insert(rest.end(), view.begin(), view.end());
  return message_of(Word::answer, rest);
}

Bytes printed(const Error& error) {
  const auto words = std::string(name(error.code)) + "\n" + printable(error.found).substr(0, words_size_max);
  return message_of(Word::failed, as_bytes(words));
}

Error implausible(std::string found) {
  return {Code::examiner_failed, "the parent", "an answer about an engine", std::move(found)};
}

Result<ScanAnswer> read_answer(BytesView rest) {
  if (rest.empty() || rest.front() > static_cast<std::uint8_t>(ScanResult::not_scanned))
    return implausible("a result that is none");
  return ScanAnswer{static_cast<ScanResult>(rest.front()), std::string(as_text(rest.subspan(1)))};
}

Error read_failure(BytesView rest) {
  const auto text = as_text(rest);
  const auto end = text.find('\n');
  const auto code = end == std::string_view::npos ? std::nullopt : find_code(text.substr(0, end));
  if (!code) return implausible("a failure without a code");
  return {*code, "engine", "an answer", std::string(text.substr(end + 1))};
}

// The parent's side of one content after the other.
class Relay {
 public:
  Relay(Talk& talk, Scanner& scanner, HeardBook& book) : talk_(&talk), scanner_(&scanner), book_(&book) {}

  Result<void> take(BytesView message) {
    if (message.empty()) return implausible("an empty message");
    const auto rest = message.subspan(1);
    switch (static_cast<Word>(message.front())) {
      case Word::ask:
        return answer_question(rest);
      case Word::part:
        return hand_on(rest);
      case Word::end:
        return finish();
      default:
        return implausible("a message of another kind");
    }
  }

 private:
  Result<void> answer_question(BytesView rest) {
    const auto digest = digest_in(rest);
    if (!digest) return implausible("a question that is none");
    return talk_->send(message_of(book_->ask(*digest) ? Word::known : Word::unknown));
  }

  Result<void> begin() {
    digester_.emplace();
    auto scan = scanner_->begin();
    if (!scan.ok()) {
      failure_ = scan.take_error();
    } else {
      scan_ = std::move(scan).value();
    }
    return {};
  }

  // What the engine cannot take is told at the end, when somebody listens.
  Result<void> hand_on(BytesView part) {
    if (!digester_) TRY(begin());
    digester_->update(part);
    if (failure_) return {};
    auto fed = scan_->feed(part);
    if (!fed.ok()) failure_ = fed.take_error();
    return {};
  }

  Result<void> finish() {
    if (!digester_) TRY(begin());
    const auto digest = digester_->finish();
    digester_.reset();
    if (failure_) return talk_->send(printed(*std::exchange(failure_, std::nullopt)));
    const auto answer = std::exchange(scan_, nullptr)->finish();
    if (!answer.ok()) return talk_->send(printed(answer.error()));
    book_->note(digest, answer.value());
    return talk_->send(printed(answer.value()));
  }

  Talk* talk_;
  Scanner* scanner_;
  HeardBook* book_;
  std::optional<FileDigester> digester_;  // of the content under way
  std::unique_ptr<Scan> scan_;
  std::optional<Error> failure_;
};

}  // namespace

bool HeardBook::ask(const FileDigest& content) {
  const std::lock_guard lock(mutex_);
  if (known_.count(content) == 0) return false;
  clean_.insert(content);
  ++answered_;
  return true;
}

void HeardBook::note(const FileDigest& content, const ScanAnswer& answer) {
  const std::lock_guard lock(mutex_);
  if (answer.result == ScanResult::clean) clean_.insert(content);
  if (answer.result != ScanResult::clean) ++not_clean_;
  is_all_ = is_all_ && answer.result != ScanResult::not_scanned && found_.size() < found_max;
  if (is_all_ && answer.result == ScanResult::found)
    found_.try_emplace(content, finding_words(answer.detail));
  if (answer.result != ScanResult::not_scanned) ++answered_;
}

std::uint64_t HeardBook::answered() const {
  const std::lock_guard lock(mutex_);
  return answered_;
}

std::uint64_t HeardBook::not_clean() const {
  const std::lock_guard lock(mutex_);
  return not_clean_;
}

std::optional<std::map<FileDigest, std::string>> HeardBook::found() const {
  const std::lock_guard lock(mutex_);
  if (!is_all_) return std::nullopt;
  return found_;
}

KnownClean HeardBook::clean() const {
  const std::lock_guard lock(mutex_);
  return clean_;
}

void relay(Talk& talk, Scanner& scanner, HeardBook& book) {
  Relay side(talk, scanner, book);
  while (true) {
    const auto message = talk.receive();
    if (!message.ok() || !message.value() || !side.take(*message.value()).ok()) return;
  }
}

class RelayedScanner::Job final : public Scan {
 public:
  Job(RelayedScanner& owner, std::unique_ptr<Talk> talk) : owner_(&owner), talk_(std::move(talk)) {}

  Result<void> feed(BytesView part) override {
    while (!part.empty()) {
      const auto next = part.first(std::min(part.size(), part_size_max));
      TRY(talk_->send(message_of(Word::part, next)));
      part = part.subspan(next.size());
    }
    return {};
  }

  Result<ScanAnswer> finish() override {
    TRY(talk_->send(message_of(Word::end)));
    const auto message = TRY(talk_->receive());
    if (!message || message->empty()) return implausible("none");
    const auto rest = BytesView(*message).subspan(1);
    if (static_cast<Word>(message->front()) == Word::failed) return read_failure(rest);
    if (static_cast<Word>(message->front()) != Word::answer) return implausible("a message of another kind");
    auto answer = TRY(read_answer(rest));
    owner_->give_back(std::move(talk_));
    return answer;
  }

 private:
  RelayedScanner* owner_;
  std::unique_ptr<Talk> talk_;
};

Result<std::unique_ptr<Scan>> RelayedScanner::begin() {
  return std::unique_ptr<Scan>(std::make_unique<Job>(*this, TRY(take())));
}

Result<Knowledge> RelayedScanner::knows(const FileDigest& content) {
  auto talk = TRY(take());
  TRY(talk->send(message_of(Word::ask, content.bytes())));
  const auto message = TRY(talk->receive());
  if (!message || message->size() != 1) return implausible("none");
  give_back(std::move(talk));
  return static_cast<Word>(message->front()) == Word::known ? Knowledge::clean : Knowledge::nothing;
}

Result<std::unique_ptr<Talk>> RelayedScanner::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto talk = std::move(idle_.back());
      idle_.pop_back();
      return talk;
    }
  }
  return connect_();
}

void RelayedScanner::give_back(std::unique_ptr<Talk> talk) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(talk));
}

}  // namespace sallyport::intake
