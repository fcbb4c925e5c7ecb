// SPDX-License-Identifier: Apache-2.0
#include "core/format/openpgp_status.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "core/base/text.h"

namespace sallyport {
namespace {

constexpr std::string_view prefix = "[GNUPG:] ";
constexpr std::string_view digest_refused = "5";  // GPG_ERR_DIGEST_ALGO
constexpr std::string_view no_key = "9";          // GPG_ERR_NO_PUBKEY

Error refused(Code code, std::string_view expected, std::string_view found) {
  return {code, "OpenPGP signature", std::string(expected), printable(found.substr(0, 300))};
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const auto end = std::min(line.find(' '), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(std::min(end + 1, line.size()));
  }
  return words;
}

std::optional<std::string> fingerprint(std::string_view text) {
  if (text.size() != 40 && text.size() != 64) return {};
  std::string lower;
  for (const char c : text) {
    const bool digit = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
    if (!digit) return {};
    lower += c >= 'A' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return lower;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> all) {
  return std::find(all.begin(), all.end(), text) != all.end();
}

// ERRSIG key key-algorithm digest class seconds reason [fingerprint]: reasons are numbers of libgpg-error.
std::string describe_error(const std::vector<std::string_view>& words) {
  const auto key = "key " + std::string(words.size() > 1 ? words[1] : "");
  const auto reason = words.size() > 6 ? words[6] : std::string_view();
  if (reason == no_key) return key + ", which was not given";
  if (reason == "39") return "one that is older than its " + key;
  if (reason == "125") return key + ", which may not sign";
  if (reason == "1" || reason == "6") return key + ", which its owner has not bound, or not soundly";
  if (reason == "4") return key + ", of an algorithm that gpgv does not know";
  return key + ", which does not count: gpgv's reason " + std::string(reason);
}

// Why a signature does not count that gpgv could look at, or could not. The rest of the line is the key and its owner.
std::string describe_other(const std::vector<std::string_view>& words, std::string_view rest) {
  const auto word = words.front();
  const auto who = " " + std::string(rest.substr(std::min(word.size() + 1, rest.size())));
  if (word == "EXPSIG") return "one that is expired, by key" + who;
  if (word == "EXPKEYSIG") return "key" + who + ", which is expired";
  if (word == "REVKEYSIG") return "key" + who + ", which is revoked";
  return describe_error(words);
}

class Reader {
 public:
  Reader(OpenPgpCovers covers, const OpenPgpKnown& known) : covers_(covers), known_(known) {}
  Result<void> line(std::string_view text) {
    if (!text.starts_with(prefix)) return refused(Code::publisher_signature_invalid, "a status line", text);
    const auto words = words_of(text.substr(prefix.size()));
    if (words.empty()) return refused(Code::publisher_signature_invalid, "a word", text);
    const auto word = words.front();
    if (is_one_of(word, {"BADSIG", "NODATA", "UNEXPECTED", "BADARMOR"}))
      return refused(Code::publisher_signature_invalid, "a signature that fits", text.substr(prefix.size()));
    if (word == "NEWSIG") begin();
    // VALIDSIG follows signatures by keys that are expired or revoked, too: only behind GOODSIG does it count.
    if (word == "GOODSIG" && words.size() > 2)
      good_ = printable(text.substr(static_cast<std::size_t>(words[2].data() - text.data())).substr(0, 500));
    if (is_one_of(word, {"ERRSIG", "EXPSIG", "EXPKEYSIG", "REVKEYSIG"})) {
      good_.reset();
      // That a key was given and does not count says more than that another one was not given.
      const bool is_error = word == "ERRSIG" && words.size() >= 7;
      if (!other_ || !is_error || words[6] != no_key)
        other_ = describe_other(words, text.substr(prefix.size()));
      if (is_error && words[6] == digest_refused) weak_ = "digest " + std::string(words[3]);
    }
    if (word == "VALIDSIG") return valid(words, text);
    return {};
  }

  Result<OpenPgpSignature> finish() {
    if (found_) return *found_;
    if (weak_)
      return refused(Code::publisher_algorithm_refused,
                     "SHA-256, SHA-384 or SHA-512, RSA of 2048 bits and more", *weak_);
    if (other_)
      return refused(Code::publisher_unknown, "a signature that counts, by a key that was given", *other_);
    if (seen_) return refused(Code::publisher_signature_invalid, "a signature that fits", "none");
    return refused(Code::publisher_signature_missing, "a signature", "none");
  }

 private:
  void begin() {
    seen_ = true;
    good_.reset();
  }

  // VALIDSIG fingerprint date seconds expiry version reserved key-algorithm digest class primary-fingerprint
  Result<void> valid(const std::vector<std::string_view>& words, std::string_view text) {
    const std::string_view wanted = covers_ == OpenPgpCovers::bytes ? "00" : "01";
    if (!good_) return {};
    const auto key = words.size() >= 11 ? fingerprint(words[10]) : std::nullopt;
    const auto signing = words.size() >= 11 ? fingerprint(words[1]) : std::nullopt;
    if (!key || !signing || words[9] != wanted)
      return refused(Code::publisher_signature_invalid, "a signature of class " + std::string(wanted), text);
    if (!is_one_of(words[8], {"8", "9", "10"}))
      return refused(Code::publisher_algorithm_refused, "SHA-256, SHA-384 or SHA-512",
                     "digest " + std::string(words[8]));
    if (known_.revoked.contains(*signing)) {
      other_ = "key " + *signing + " " + *good_ + ", which is revoked in another keyring";
    } else if (known_.weak.contains(*signing)) {
      weak_ = "key " + *signing + " of fewer bits";
    } else if (!found_) {
      found_ = OpenPgpSignature{*key, *good_};
    }
    good_.reset();
    return {};
  }

  OpenPgpCovers covers_;
  const OpenPgpKnown& known_;
  bool seen_ = false;
  std::optional<std::string> good_;   // the user of the signature that is being told of
  std::optional<std::string> other_;  // why another one does not count
  std::optional<std::string> weak_;   // what is too weak in one of a key that was given
  std::optional<OpenPgpSignature> found_;
};

}  // namespace

Result<OpenPgpSignature> parse_openpgp_status(std::string_view status, OpenPgpCovers covers,
                                              const OpenPgpKnown& known) {
  if (status.size() > openpgp_status_size_max)
    return refused(Code::publisher_signature_invalid, "at most 64 KiB of status",
                   std::to_string(status.size()));
  Reader reader(covers, known);
  while (!status.empty()) {
    const auto end = status.find('\n');
    if (end == std::string_view::npos)
      return refused(Code::publisher_signature_invalid, "lines that end", status);
    TRY(reader.line(status.substr(0, end)));
    status.remove_prefix(end + 1);
  }
  return reader.finish();
}

std::set<std::string> revoked_openpgp_keys(std::string_view status) {
  std::set<std::string> revoked;
  bool is_revoked = false;
  while (!status.empty()) {
    const auto end = std::min(status.find('\n'), status.size());
    const auto line = status.substr(0, end);
    status.remove_prefix(std::min(end + 1, status.size()));
    if (!line.starts_with(prefix)) continue;
    const auto words = words_of(line.substr(prefix.size()));
    if (words.empty()) continue;
    if (words[0] == "NEWSIG" || words[0] == "GOODSIG") is_revoked = false;
    if (words[0] == "REVKEYSIG") is_revoked = true;
    const auto key = words[0] == "VALIDSIG" && words.size() > 1 ? fingerprint(words[1]) : std::nullopt;
    if (is_revoked && key) revoked.insert(*key);
  }
  return revoked;
}

}  // namespace sallyport
