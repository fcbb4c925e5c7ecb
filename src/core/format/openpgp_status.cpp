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

class Reader {
 public:
  explicit Reader(OpenPgpCovers covers) : covers_(covers) {}
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
      other_ = std::string(text.substr(prefix.size()));
      // ERRSIG key key-algorithm digest class seconds reason
      if (word == "ERRSIG" && words.size() >= 7 && words[6] == digest_refused) weak_ = std::string(words[3]);
    }
    if (word == "VALIDSIG") return valid(words, text);
    return {};
  }

  Result<OpenPgpSignature> finish() {
    if (found_) return *found_;
    if (weak_)
      return refused(Code::publisher_algorithm_refused, "SHA-256, SHA-384 or SHA-512", "digest " + *weak_);
    if (other_) return refused(Code::publisher_unknown, "a signature by a key of the keyring", *other_);
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
    if (!key || words[9] != wanted)
      return refused(Code::publisher_signature_invalid, "a signature of class " + std::string(wanted), text);
    if (!is_one_of(words[8], {"8", "9", "10"}))
      return refused(Code::publisher_algorithm_refused, "SHA-256, SHA-384 or SHA-512",
                     "digest " + std::string(words[8]));
    if (!found_) found_ = OpenPgpSignature{*key, *good_};
    good_.reset();
    return {};
  }

  OpenPgpCovers covers_;
  bool seen_ = false;
  std::optional<std::string> good_;   // the user of the signature that is being told of
  std::optional<std::string> other_;  // why another one does not count
  std::optional<std::string> weak_;   // the digest of one that gpgv does not look at
  std::optional<OpenPgpSignature> found_;
};

}  // namespace

Result<OpenPgpSignature> parse_openpgp_status(std::string_view status, OpenPgpCovers covers) {
  if (status.size() > openpgp_status_size_max)
    return refused(Code::publisher_signature_invalid, "at most 64 KiB of status",
                   std::to_string(status.size()));
  Reader reader(covers);
  while (!status.empty()) {
    const auto end = status.find('\n');
    if (end == std::string_view::npos)
      return refused(Code::publisher_signature_invalid, "lines that end", status);
    TRY(reader.line(status.substr(0, end)));
    status.remove_prefix(end + 1);
  }
  return reader.finish();
}

}  // namespace sallyport
