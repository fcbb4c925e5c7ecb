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
  list =
      'L',  // the answer is what is known: messages of the same word with digests in order, the last without
  met = 'M',      // and digests of those that are known; no answer
  nothing = 'N',  // and digests of those in which nothing was opened; no answer
  part = 'P',     // and the next bytes of a content; the first one begins it
  last = 'E',     // and the last bytes of it; the answer is `answer` or `failed`
  answer = 'A',   // and a byte for the result, and the engine's words
  failed = 'F',   // and the name of a code, a line end, and what was found
};

constexpr std::size_t part_size_max = 1U << 20U;
constexpr std::size_t words_size_max = 400;
constexpr std::size_t found_max = 1000;  // that are kept

Bytes message_of(Word word, BytesView rest = {}) {
  Bytes message{static_cast<std::uint8_t>(word)};
  message.insert(message.end(), rest.begin(), rest.end());
  return message;
}

constexpr std::size_t digests_max = 32768;     // in one message
constexpr std::size_t told_size = 32U << 10U;  // what is met is told when it is as much

std::optional<std::vector<FileDigest>> digests_in(BytesView bytes) {
  std::vector<FileDigest> digests;
  std::array<std::uint8_t, FileDigest::size> digest{};
  for (; bytes.size() >= digest.size(); bytes = bytes.subspan(digest.size())) {
    std::copy_n(bytes.begin(), digest.size(), digest.begin());
    digests.emplace_back(digest);
  }
  if (!bytes.empty()) return std::nullopt;
  return digests;
}

Result<void> send_list(Talk& talk, const std::set<FileDigest>& known) {
  auto message = message_of(Word::list);
  for (const auto& digest : known) {
    message.insert(message.end(), digest.bytes().begin(), digest.bytes().end());
    if (message.size() <= (digests_max - 1) * FileDigest::size) continue;
    TRY(talk.send(message));
    message.resize(1);
  }
  if (message.size() > 1) TRY(talk.send(message));
  return talk.send(message_of(Word::list));
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
  Relay(Talk& talk, Scanner& scanner, HeardBook& book, PlainBook* plain)
      : talk_(&talk), scanner_(&scanner), book_(&book), plain_(plain) {}

  Result<void> take(BytesView message) {
    if (message.empty()) return implausible("an empty message");
    const auto rest = message.subspan(1);
    switch (static_cast<Word>(message.front())) {
      case Word::list:
        return send_list(*talk_, book_->known());
      case Word::met:
        return note_met(rest);
      case Word::part:
        return hand_on(rest);
      case Word::last:
        TRY(hand_on(rest));
        return finish();
      default:
        return implausible("a message of another kind");
    }
  }

 private:
  Result<void> note_met(BytesView rest) {
    const auto digests = digests_in(rest);
    if (!digests) return implausible("digests that are none");
    for (const auto& digest : *digests) book_->met(digest);
    return {};
  }

  Result<void> begin() {
    digester_.emplace();
    check_.reset();
    if (plain_ != nullptr) check_.emplace();
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
    if (part.empty()) return {};
    digester_->update(part);
    if (check_) check_->update(part);
    if (failure_) return {};
    auto fed = scan_->feed(part);
    if (!fed.ok()) failure_ = fed.take_error();
    return {};
  }

  Result<void> finish() {
    const auto digest = digester_->finish();
    digester_.reset();
    if (check_ && check_->is_plain()) plain_->saw(digest);
    if (failure_) return talk_->send(printed(*std::exchange(failure_, std::nullopt)));
    const auto answer = std::exchange(scan_, nullptr)->finish();
    if (!answer.ok()) return talk_->send(printed(answer.error()));
    book_->note(digest, answer.value());
    return talk_->send(printed(answer.value()));
  }

  Talk* talk_;
  Scanner* scanner_;
  HeardBook* book_;
  PlainBook* plain_;
  std::optional<FileDigester> digester_;  // of the content under way
  std::optional<PlainCheck> check_;
  std::unique_ptr<Scan> scan_;
  std::optional<Error> failure_;
};

}  // namespace

void HeardBook::met(const FileDigest& content) {
  const std::lock_guard lock(mutex_);
  if (!known_.contains(content)) return;
  clean_.insert(content);
  ++answered_;
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

void relay(Talk& talk, Scanner& scanner, HeardBook& book, PlainBook* plain) {
  Relay side(talk, scanner, book, plain);
  while (true) {
    const auto message = talk.receive();
    if (!message.ok() || !message.value() || !side.take(*message.value()).ok()) return;
  }
}

void tell_what_is_plain(Talk& talk, PlainBook& book) {
  while (true) {
    const auto message = talk.receive();
    if (!message.ok() || !message.value() || message.value()->empty()) return;
    const auto word = static_cast<Word>(message.value()->front());
    const auto digests = digests_in(BytesView(*message.value()).subspan(1));
    if (!digests || (word != Word::list && word != Word::met && word != Word::nothing)) return;
    if (word == Word::list && !send_list(talk, book.known()).ok()) return;
    for (const auto& digest : *digests) {
      if (word == Word::met) book.met(digest);
      if (word == Word::nothing) book.opened_nothing_in(digest);
    }
  }
}

KnownThere::~KnownThere() {
  if (!tell(met_).ok() || !tell(nothing_).ok()) talk_.reset();
}

Result<void> KnownThere::load() {
  if (talk_) return {};
  talk_ = TRY(connect_());
  met_ = message_of(Word::met);
  nothing_ = message_of(Word::nothing);
  TRY(talk_->send(message_of(Word::list)));
  while (true) {
    const auto message = TRY(talk_->receive());
    if (!message || message->empty() || static_cast<Word>(message->front()) != Word::list)
      return implausible("no list");
    const auto digests = digests_in(BytesView(*message).subspan(1));
    if (!digests) return implausible("a list that is none");
    if (digests->empty()) return {};
    known_.insert(known_.end(), digests->begin(), digests->end());
  }
}

// As far as there is anything, and it is worth a message or the last one.
Result<void> KnownThere::tell(Bytes& message) {
  if (message.size() <= 1) return {};
  TRY(talk_->send(message));
  message.resize(1);
  return {};
}

Result<Knowledge> KnownThere::meet(const FileDigest& content) {
  const std::lock_guard lock(mutex_);
  TRY(load());
  if (!std::binary_search(known_.begin(), known_.end(), content)) return Knowledge::nothing;
  met_.insert(met_.end(), content.bytes().begin(), content.bytes().end());
  if (met_.size() >= told_size) TRY(tell(met_));
  return Knowledge::clean;
}

Result<void> KnownThere::opened_nothing_in(const FileDigest& content) {
  const std::lock_guard lock(mutex_);
  TRY(load());
  nothing_.insert(nothing_.end(), content.bytes().begin(), content.bytes().end());
  return nothing_.size() >= told_size ? tell(nothing_) : Result<void>();
}

class RelayedScanner::Job final : public Scan {
 public:
  Job(RelayedScanner& owner, std::unique_ptr<Talk> talk) : owner_(&owner), talk_(std::move(talk)) {}

  Result<void> feed(BytesView part) override {
    while (!part.empty()) {
      const auto next = part.first(std::min(part.size(), part_size_max));
      if (!held_.empty()) TRY(talk_->send(held_));
      held_ = message_of(Word::part, next);
      part = part.subspan(next.size());
    }
    return {};
  }

  Result<ScanAnswer> finish() override {
    if (held_.empty()) held_.resize(1);
    held_.front() = static_cast<std::uint8_t>(Word::last);
    TRY(talk_->send(held_));
    const auto message = TRY(talk_->receive());
    if (!message || message->empty()) return implausible("none");
    const auto rest = BytesView(*message).subspan(1);
    if (static_cast<Word>(message->front()) == Word::failed) return read_failure(rest);
    if (static_cast<Word>(message->front()) != Word::answer) return implausible("a message of another kind");
    auto answer = TRY(read_answer(rest));
    owner_->talks_.give_back(std::move(talk_));
    return answer;
  }

 private:
  RelayedScanner* owner_;
  std::unique_ptr<Talk> talk_;
  Bytes held_;  // a message, until it is known whether it is the last one
};

Result<std::unique_ptr<Scan>> RelayedScanner::begin() {
  return std::unique_ptr<Scan>(std::make_unique<Job>(*this, TRY(talks_.take())));
}

Result<std::unique_ptr<Talk>> TalkPool::take() {
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

void TalkPool::give_back(std::unique_ptr<Talk> talk) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(talk));
}

}  // namespace sallyport::intake
