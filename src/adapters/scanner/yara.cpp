// SPDX-License-Identifier: Apache-2.0
#include "adapters/scanner/yara.h"

#include <yara.h>

#include <utility>

#include "core/crypto/digest.h"

namespace sallyport {
namespace {

// libyara counts its own begins and ends.
class Library {
 public:
  Library() { CHECK(::yr_initialize() == ERROR_SUCCESS); }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  ~Library() { ::yr_finalize(); }
};

constexpr std::size_t named_max = 8;  // rules by their names; the others are counted

struct Matches {
  std::string names;
  std::uint64_t count = 0;
  bool too_many = false;
};

int note_match(YR_SCAN_CONTEXT* /*context*/, int message, void* data, void* user) {
  auto& matches = *static_cast<Matches*>(user);
  if (message == CALLBACK_MSG_RULE_MATCHING) {
    const auto* const rule = static_cast<const YR_RULE*>(data);
    if (matches.count++ < named_max)
      matches.names += (matches.names.empty() ? "" : ", ") + std::string(rule->identifier);
  }
  if (message == CALLBACK_MSG_TOO_MANY_MATCHES) matches.too_many = true;
  return CALLBACK_CONTINUE;
}

// The first complaint of the compiler, and where.
void note_complaint(int level, const char* /*file*/, int line, const YR_RULE* /*rule*/, const char* message,
                    void* user) {
  auto& complaint = *static_cast<std::string*>(user);
  if (level == YARA_ERROR_LEVEL_ERROR && complaint.empty())
    complaint = "line " + std::to_string(line) + ": " + message;
}

// Rules are one text: what it says must not depend on files beside it.
const char* include_nothing(const char* /*name*/, const char* /*file*/, const char* /*space*/,
                            void* /*user*/) {
  return nullptr;
}

Error unfit(const std::string& engine, std::string found) {
  return {Code::scanner_failed, engine, "rules that compile, at least one", std::move(found)};
}

using Compiler = std::unique_ptr<YR_COMPILER, void (*)(YR_COMPILER*)>;

class YaraScan final : public Scan {
 public:
  YaraScan(YR_RULES* rules, const YaraLimits& limits, std::optional<Code> code)
      : rules_(rules), limits_(limits), code_(code) {}

  Result<void> feed(BytesView part) override {
    too_large_ = too_large_ || part.size() > limits_.size_max - content_.size();
    if (too_large_) {
      content_ = {};
    } else {
      content_.insert(content_.end(), part.begin(), part.end());
    }
    return {};
  }

  Result<ScanAnswer> finish() override {
    if (too_large_)
      return ScanAnswer{ScanResult::not_scanned,
                        "larger than " + std::to_string(limits_.size_max) + " bytes"};
    Matches matches;
    const int came = ::yr_rules_scan_mem(rules_, content_.data(), content_.size(), 0, note_match, &matches,
                                         limits_.seconds_max);
    if (matches.count > 0) {
      const auto more =
          matches.count > named_max ? " and " + std::to_string(matches.count - named_max) + " more" : "";
      return ScanAnswer{ScanResult::found, matches.names + more, code_};
    }
    if (came == ERROR_SCAN_TIMEOUT) return ScanAnswer{ScanResult::not_scanned, "it took too long"};
    if (matches.too_many || came == ERROR_TOO_MANY_MATCHES)
      return ScanAnswer{ScanResult::not_scanned, "too many matches of a string"};
    if (came != ERROR_SUCCESS)
      return Error(Code::scanner_failed, "libyara", "an answer", std::to_string(came));
    return ScanAnswer{ScanResult::clean, {}};
  }

 private:
  YR_RULES* rules_;
  YaraLimits limits_;
  std::optional<Code> code_;
  Bytes content_;
  bool too_large_ = false;
};

}  // namespace

struct Yara::Compiled {
  Library library;
  YR_RULES* rules = nullptr;
  ~Compiled() {
    if (rules != nullptr) ::yr_rules_destroy(rules);
  }
};

Yara::Yara(EngineInfo info, std::optional<Code> code, const YaraLimits& limits,
           std::unique_ptr<Compiled> compiled)
    : info_(std::move(info)), code_(code), limits_(limits), compiled_(std::move(compiled)) {}

Yara::~Yara() = default;

EngineInfo Yara::info_of(const YaraRules& rules) {
  return {rules.engine, "YARA " YR_VERSION, "sha256:" + sha256(as_bytes(rules.text)).text(), rules.time,
          EngineTrial::none};
}

Result<std::unique_ptr<Yara>> Yara::compile(const YaraRules& rules, const YaraLimits& limits) {
  if (rules.text.find('\0') != std::string::npos) return unfit(rules.engine, "a zero byte");
  auto compiled = std::make_unique<Compiled>();
  YR_COMPILER* made = nullptr;
  if (::yr_compiler_create(&made) != ERROR_SUCCESS) return unfit(rules.engine, "no memory for a compiler");
  const Compiler compiler(made, ::yr_compiler_destroy);
  std::string complaint;
  ::yr_compiler_set_callback(compiler.get(), note_complaint, &complaint);
  ::yr_compiler_set_include_callback(compiler.get(), include_nothing, nullptr, nullptr);
  if (::yr_compiler_add_string(compiler.get(), rules.text.c_str(), nullptr) != 0 || !complaint.empty())
    return unfit(rules.engine, complaint);
  if (::yr_compiler_get_rules(compiler.get(), &compiled->rules) != ERROR_SUCCESS)
    return unfit(rules.engine, "rules that cannot be put together");
  if (compiled->rules->num_rules == 0) return unfit(rules.engine, "no rule");
  return std::unique_ptr<Yara>(new Yara(info_of(rules), rules.code, limits, std::move(compiled)));
}

Result<std::unique_ptr<Scan>> Yara::begin() {
  return std::unique_ptr<Scan>(std::make_unique<YaraScan>(compiled_->rules, limits_, code_));
}

}  // namespace sallyport
