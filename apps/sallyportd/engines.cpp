// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyportd/engines.h"

#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "adapters/disk/file_source.h"
#include "adapters/scanner/clamd.h"
#include "adapters/scanner/secret_rules.h"
#include "adapters/scanner/service.h"
#include "adapters/scanner/yara.h"
#include "roles/operator/scanner_check.h"

namespace sallyport::sallyportd {
namespace {

using intake::ApartScanner;
using intake::EngineKind;

constexpr std::uint64_t rules_size_max = 16U << 20U;

}  // namespace

Result<ApartScanner> open_clamd(const std::string& socket, Instant now) {
  return intake::relayed_engine(std::make_shared<Clamd>(ClamdOptions{socket}), now);
}

Result<ApartScanner> open_service(const std::string& socket, Instant now) {
  return intake::relayed_engine(std::make_shared<ServiceScanner>(socket), now);
}

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

Result<std::vector<ApartScanner>> open_engines(const server::Settings& settings, Instant now) {
  std::vector<ApartScanner> scanners;
  scanners.push_back(TRY(open_clamd(settings.clamd, now)));
  for (const auto& socket : settings.engines) scanners.push_back(TRY(open_service(socket, now)));
  if (!settings.yara.empty()) {
    const auto rules = TRY(read_rules(settings.yara, now));
    scanners.push_back({{EngineKind::rules, Yara::info_of(rules), rules.text}});
  }
  if (settings.secrets) scanners.push_back({{EngineKind::secrets, Yara::info_of(secret_rules(now)), {}}});
  TRY(intake::check_names(scanners));
  return scanners;
}

}  // namespace sallyport::sallyportd
