// SPDX-License-Identifier: Apache-2.0
// YARA rules, by libyara. Runs where an exploit of it gets nothing (adapters/worker). docs/spec/scanner.md, *YARA*.
//
//   found         a rule matches; its name, with that of its namespace, is the name of the finding
//   not_scanned   the content is larger than `size_max`, took longer than `seconds_max`, or has too many matches
//
// The rules are those of one source text; its SHA-256 is the version of the database. scanner_failed when it does not
// compile, or has no rule.
#pragma once

#include <memory>
#include <string>

#include "adapters/scanner/port.h"

namespace sallyport {

struct YaraRules {
  std::string engine;             // "yara", "secrets": the name in the verdict
  std::string text;               // the rules
  Instant time;                   // when they were published
  std::optional<Code> code = {};  // of its findings, where malware_found would be wrong
};

struct YaraLimits {
  std::uint64_t size_max = 256ULL << 20U;  // a content is held in memory while rules look at it
  int seconds_max = 120;                   // for one content
};

class Yara final : public Scanner {
 public:
  static Result<std::unique_ptr<Yara>> compile(const YaraRules& rules, const YaraLimits& limits = {});
  Yara(const Yara&) = delete;
  Yara& operator=(const Yara&) = delete;
  ~Yara() override;

  // What an engine of these rules says of itself, without libyara being asked.
  static EngineInfo info_of(const YaraRules& rules);
  Result<EngineInfo> info() override { return info_; }
  Result<std::unique_ptr<Scan>> begin() override;

 private:
  struct Compiled;
  Yara(EngineInfo info, std::optional<Code> code, const YaraLimits& limits,
       std::unique_ptr<Compiled> compiled);
  EngineInfo info_;
  std::optional<Code> code_;
  YaraLimits limits_;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace sallyport
