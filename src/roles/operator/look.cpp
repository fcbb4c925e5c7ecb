// SPDX-License-Identifier: Apache-2.0
#include "roles/operator/look.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/base/checked.h"
#include "core/base/text.h"
#include "core/crypto/file_digest.h"
#include "roles/operator/behind.h"
#include "roles/operator/forms.h"
#include "roles/operator/plain.h"
#include "roles/operator/unopened.h"

namespace sallyport::intake {

class Budget {
 public:
  Budget(const UnpackLimits& limits, std::uint64_t size)
      : members_(limits.members),
        bytes_(std::min(limits.bytes,
                        std::max(limits.ratio_free, size <= limits.bytes / limits.ratio ? size * limits.ratio
                                                                                        : limits.bytes))) {}
  bool take_member() { return take(members_, 1); }
  bool take_bytes(std::uint64_t count) { return take(bytes_, count); }

 private:
  bool take(std::uint64_t& left, std::uint64_t count) {
    spent_ = spent_ || count > left;
    left -= spent_ ? 0 : count;
    return !spent_;
  }
  std::uint64_t members_;
  std::uint64_t bytes_;
  bool spent_ = false;
};

namespace {

constexpr std::size_t place_size_max = 120;  // of a member's name in a finding
constexpr std::size_t said_max = 1000;       // of one content that are told one by one
constexpr std::uint64_t part_size_max = 1U << 20U;

int badness(const ScanAnswer& answer) {
  if (answer.result == ScanResult::found) return 2;
  return answer.result == ScanResult::not_scanned ? 1 : 0;
}

void keep_worst(ScanAnswer& kept, ScanAnswer&& other) {
  if (badness(other) > badness(kept)) kept = std::move(other);
}

ScanAnswer not_opened(Code code, std::string detail) {
  return {ScanResult::not_scanned, std::move(detail), code};
}

class OneLook final : public Look {
 public:
  OneLook(const Party& party, Budget& budget, unsigned depth)
      : party_(&party), budget_(&budget), depth_(depth) {}

  Result<void> begin(const FileDigest* digest) {
    if (digest == nullptr) {
      digester_.emplace();
    } else {
      digest_ = *digest;
      TRY(ask_what_is_inside());
    }
    if (party_->unpacker != nullptr && !holds_nothing_) scratch_ = TRY(party_->scratch());
    shows_at_the_end_ = digest == nullptr && scratch_ != nullptr;
    return shows_at_the_end_ ? Result<void>() : begin_scans(digest);
  }
  Result<void> feed(BytesView part) override {
    if (digester_) digester_->update(part);
    TRY(show(part));
    const auto wanted = std::min(part.size(), form_head_size - head_.size());
    head_.insert(head_.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(wanted));
    return scratch_ ? scratch_->write(part) : Result<void>();
  }
  Result<Looked> finish() override {
    if (digester_) {
      digest_ = digester_->finish();
      TRY(ask_what_is_inside());
    }
    if (shows_at_the_end_) TRY(show_what_was_kept());
    for (const auto& scan : scans_)
      answers_.push_back(scan ? TRY(scan->finish()) : ScanAnswer{ScanResult::clean, {}});
    scans_.clear();
    for (std::size_t i = 0; i < answers_.size(); ++i) {
      if (answers_[i].result != ScanResult::clean) tell({i, answers_[i]});
    }
    if (party_->unpacker != nullptr) {
      answers_.push_back({ScanResult::clean, {}});
      TRY(look_inside());
    }
    return Looked{std::move(answers_), std::move(said_)};
  }
  // After finish().
  const FileDigest& digest() const { return digest_.value(); }
  std::uint64_t untold() const { return untold_; }

 private:
  class Members;
  Result<void> begin_scans(const FileDigest* digest) {
    for (const auto& engine : party_->engines) {
      const auto known = digest == nullptr ? Knowledge::nothing : TRY(engine.scanner->knows(*digest));
      scans_.push_back(known == Knowledge::clean ? nullptr : TRY(engine.scanner->begin()));
    }
    return {};
  }
  Result<void> ask_what_is_inside() {
    if (party_->unpacker == nullptr || party_->insides == nullptr) return {};
    holds_nothing_ = TRY(party_->insides->knows(*digest_)) == Knowledge::clean;
    return {};
  }
  Result<void> show(BytesView part) {
    for (const auto& scan : scans_) {
      if (scan) TRY(scan->feed(part));
    }
    return {};
  }
  Result<void> show_what_was_kept() {
    TRY(begin_scans(&*digest_));
    const bool all_known = std::all_of(scans_.begin(), scans_.end(), [](const auto& scan) { return !scan; });
    if (all_known) return {};
    for (std::uint64_t done = 0; done < scratch_->size();) {
      const auto size = std::min(scratch_->size() - done, part_size_max);
      TRY(show(TRY(scratch_->read(done, size, part_size_max))));
      done += size;
    }
    return {};
  }
  Result<void> look_inside();
  Result<Archive> open();
  Result<Archive> open_behind();
  // Of the unpacker, about the content itself.
  void say(ScanAnswer answer) {
    tell({answers_.size() - 1, answer});
    keep_worst(answers_.back(), std::move(answer));
  }
  void tell(Said said) {
    if (said_.size() < said_max) {
      said_.push_back(std::move(said));
    } else {
      ++untold_;
    }
  }

  const Party* party_;
  Budget* budget_;
  unsigned depth_;
  bool shows_at_the_end_ = false;
  bool holds_nothing_ = false;
  std::vector<std::unique_ptr<Scan>> scans_;  // null: known as clean
  std::optional<FileDigester> digester_;
  std::optional<FileDigest> digest_;
  std::unique_ptr<Scratch> scratch_;
  Bytes head_;
  std::vector<ScanAnswer> answers_;
  std::vector<Said> said_;
  std::uint64_t untold_ = 0;
};

// Looks at each member as at a content of its own. It ends the opening by a refusal of its own where nothing
// more may come out.
class OneLook::Members final : public MemberSink {
 public:
  explicit Members(OneLook& outer) : outer_(&outer) {}
  Result<void> begin(std::string_view name) override {
    if (outer_->depth_ >= outer_->party_->limits.depth) return stop("archives in archives, too deep");
    if (!outer_->budget_->take_member()) return stop("too many members");
    name_ = printable(name).substr(0, place_size_max);
    any_ = true;
    member_.emplace(*outer_->party_, *outer_->budget_, outer_->depth_ + 1);
    return member_->begin(nullptr);
  }
  Result<void> feed(BytesView part) override {
    if (!outer_->budget_->take_bytes(part.size())) return stop("more comes out than is allowed");
    return member_->feed(part);
  }
  Result<void> end() override {
    auto looked = TRY(member_->finish());
    CHECK(looked.answers.size() == outer_->answers_.size());
    for (std::size_t i = 0; i < looked.answers.size(); ++i)
      keep_worst(outer_->answers_[i], std::move(looked.answers[i]));
    for (auto& said : looked.said) {
      said.member = name_ + (said.member.empty() ? "" : ": " + said.member);
      if (!said.digest) said.digest = member_->digest();
      outer_->tell(std::move(said));
    }
    outer_->untold_ += member_->untold();
    member_.reset();
    return {};
  }
  bool stopped() const { return stopped_; }
  bool any() const { return any_; }

 private:
  Error stop(std::string why) {
    stopped_ = true;
    return {Code::archive_limit_exceeded, name_, "what the limits allow", std::move(why)};
  }
  OneLook* outer_;
  std::string name_;
  std::optional<OneLook> member_;
  bool stopped_ = false;
  bool any_ = false;
};

// What comes from there on in a content that waits to be opened.
class RestOf final : public ByteSource {
 public:
  RestOf(const ByteSource& content, std::uint64_t from) : content_(&content), from_(from) {}
  std::uint64_t size() const override { return content_->size() - from_; }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
    if (!inside(offset, into.size(), size()))
      return Error(Code::truncated, "content", "bytes inside of it", "its end");
    return content_->read_at(from_ + offset, into);
  }

 private:
  const ByteSource* content_;
  std::uint64_t from_;
};

// Archives behind something else, as far as one is found: it is opened, and what is behind it with it.
Result<Archive> OneLook::open_behind() {
  const auto places = TRY(places_behind(*scratch_, head_));
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::string at = "from byte " + std::to_string(places[i].offset) + " on: ";
    if (i == places_behind_max) {
      say(not_opened(Code::archive_limit_exceeded, at + "too many beginnings of archives"));
      break;
    }
    Members members(*this);
    const auto opened = party_->unpacker->open(RestOf(*scratch_, places[i].offset), members);
    if (!opened.ok() && members.stopped()) {
      say(not_opened(Code::archive_limit_exceeded, opened.error().found));
      return Archive::opened;
    }
    if (!opened.ok()) return opened.error();
    const auto how = opened.value().how;
    if (how == Opened::encrypted) say(not_opened(Code::archive_encrypted, at + opened.value().detail));
    const bool sure = members.any() || places[i].mark == Mark::certain;
    if (how == Opened::unreadable && sure)
      say(not_opened(Code::archive_unreadable, at + opened.value().detail));
    if (how == Opened::no_archive && sure)
      say(not_opened(Code::archive_unreadable, at + "the beginning of an archive that cannot be opened"));
    if (how == Opened::whole || how == Opened::encrypted || members.any()) return Archive::opened;
  }
  return Archive::none;
}

Result<Archive> OneLook::open() {
  Members members(*this);
  const auto opened = party_->unpacker->open(*scratch_, members);
  if (!opened.ok() && members.stopped()) {
    say(not_opened(Code::archive_limit_exceeded, opened.error().found));
    return Archive::opened;
  }
  if (!opened.ok()) return opened.error();
  if (opened.value().how == Opened::encrypted)
    say(not_opened(Code::archive_encrypted, opened.value().detail));
  if (opened.value().how == Opened::unreadable)
    say(not_opened(Code::archive_unreadable, opened.value().detail));
  const bool is_none = opened.value().how == Opened::no_archive;
  if (const auto kind = is_none ? never_opened(head_) : std::nullopt)
    say(not_opened(Code::archive_unreadable, std::string(*kind) + ", which nobody here opens"));
  return is_none ? open_behind() : Result<Archive>(Archive::opened);
}

Result<void> OneLook::look_inside() {
  const auto archive = holds_nothing_ ? Archive::none : TRY(open());
  scratch_.reset();
  if (answers_.back().result != ScanResult::clean) return {};  // what was not looked at is not hidden
  if (auto disguise = two_forms(head_, archive))
    say({ScanResult::found, *std::move(disguise), Code::content_disguised});
  if (archive == Archive::opened || holds_nothing_ || party_->insides == nullptr) return {};
  return party_->insides->opened_nothing_in(digest_.value());
}

// The content of the package itself: it has the budget.
class FirstLook final : public Look {
 public:
  FirstLook(const Party& party, std::uint64_t size) : budget_(party.limits, size), look_(party, budget_, 0) {}
  Result<void> begin_all(const FileDigest* digest) { return look_.begin(digest); }
  Result<void> feed(BytesView part) override { return look_.feed(part); }
  Result<Looked> finish() override {
    auto looked = TRY(look_.finish());
    if (look_.untold() == 0) return looked;
    // No exception is about that.
    ScanAnswer more{ScanResult::not_scanned, std::to_string(look_.untold()) + " more findings", {}};
    looked.answers.back() = more;
    looked.said.push_back({looked.answers.size() - 1, std::move(more)});
    return looked;
  }

 private:
  Budget budget_;
  OneLook look_;
};

std::string spelled(const UnpackLimits& limits) {
  return "depth " + std::to_string(limits.depth) + ", members " + std::to_string(limits.members) +
         ", bytes " + std::to_string(limits.bytes) + ", ratio " + std::to_string(limits.ratio) + ", " +
         std::string(opening_rules);
}

}  // namespace

std::vector<EngineInfo> Party::infos(Instant now) const {
  std::vector<EngineInfo> all;
  for (const auto& engine : engines) all.push_back(engine.info);
  if (unpacker != nullptr)
    all.push_back({"archives", unpacker->version(), spelled(limits), now, EngineTrial::none});
  return all;
}

Result<std::unique_ptr<Look>> Look::begin(const Party& party, std::uint64_t size, const FileDigest* digest) {
  auto look = std::make_unique<FirstLook>(party, size);
  TRY(look->begin_all(digest));
  return std::unique_ptr<Look>(std::move(look));
}

}  // namespace sallyport::intake
