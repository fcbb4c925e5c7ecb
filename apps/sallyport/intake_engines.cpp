// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/intake_engines.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "adapters/disk/file_source.h"
#include "adapters/scanner/clamd.h"
#include "adapters/scanner/secret_rules.h"
#include "adapters/scanner/service.h"
#include "adapters/scanner/yara.h"

namespace sallyport::cli {
namespace {

using intake::ApartScanner;
using intake::EngineKind;

constexpr std::uint64_t rules_size_max = 16U << 20U;

// All files together are one rule set: their texts, one after the other, as old as the oldest of them.
Result<YaraRules> read_rules(const std::vector<std::string>& paths, Instant now) {
  YaraRules rules{"yara", {}, now, std::nullopt};
  for (const auto& path : paths) {
    const auto file = TRY(FileSource::open(path));
    struct stat about {};
    if (::fstat(file->fd(), &about) != 0) return Error(Code::io_failed, path);
    rules.time = std::min(rules.time, TRY(Instant::from_seconds(about.st_mtime)));
    rules.text += as_text(TRY(file->read(0, file->size(), rules_size_max - rules.text.size())));
  }
  return rules;
}

// Compiled here, too: what is wrong with them is told before a package is read. They are the operator's own.
Result<ApartScanner> open_rules(const std::vector<std::string>& paths, Instant now) {
  const auto rules = TRY(read_rules(paths, now));
  TRY(Yara::compile(rules));
  return ApartScanner{{EngineKind::rules, Yara::info_of(rules), rules.text}};
}

}  // namespace

Result<intake::PolicyFiles> read_policy_files(const Arguments& arguments) {
  intake::PolicyFiles files{TRY(read_whole_file(arguments.text("policy"), policy_size_max)), {}};
  for (const auto& path : arguments.list("crl"))
    files.lists.push_back(TRY(read_whole_file(path, revocation_list_text_max)));
  return files;
}

const Option exception_option{"exception", "FILE", "An approved exception for a finding", Need::optional,
                              Takes::values};

Result<std::vector<intake::GivenException>> open_exceptions(const Arguments& arguments, const Policy& policy,
                                                            Instant now) {
  std::vector<Bytes> files;
  for (const auto& path : arguments.list("exception"))
    files.push_back(TRY(read_whole_file(path, exception_size_max)));
  return intake::prove_exceptions(files, policy, now);
}

std::string scratch_folder() {
  const char* const set = std::getenv("TMPDIR");
  return set == nullptr || *set == '\0' ? "/var/tmp" : set;
}

const std::vector<Option> engine_options{
    {"clamd", "SOCKET", "The UNIX socket of clamd", Need::required},
    {"engine", "SOCKET", "The UNIX socket of another engine that looks as well", Need::optional,
     Takes::values},
    {"yara", "FILE", "A file of YARA rules that look as well", Need::optional, Takes::values},
    {"secrets", "", "Look for private keys, passwords and access tokens, too", Need::optional,
     Takes::nothing},
};

Result<std::vector<ApartScanner>> open_engines(const Arguments& arguments, Instant now) {
  std::vector<ApartScanner> scanners;
  scanners.push_back(
      TRY(intake::relayed_engine(std::make_shared<Clamd>(ClamdOptions{arguments.text("clamd")}), now)));
  for (const auto& socket : arguments.list("engine"))
    scanners.push_back(TRY(intake::relayed_engine(std::make_shared<ServiceScanner>(socket), now)));
  if (arguments.has("yara")) scanners.push_back(TRY(open_rules(arguments.list("yara"), now)));
  if (arguments.has("secrets"))
    scanners.push_back({{EngineKind::secrets, Yara::info_of(secret_rules(now)), {}}});
  TRY(intake::check_names(scanners));
  return scanners;
}

}  // namespace sallyport::cli
