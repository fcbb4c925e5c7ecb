// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyportd/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <system_error>
#include <vector>

#include "adapters/callbacks/curl.h"
#include "adapters/db/sql.h"
#include "adapters/disk/file_source.h"
#include "adapters/disk/posix.h"
#include "adapters/disk/scratch_file.h"
#include "adapters/host/clock.h"
#include "adapters/host/random.h"
#include "adapters/https/server.h"
#include "adapters/unpacker/libarchive.h"
#include "apps/sallyportd/duties.h"
#include "apps/sallyportd/engines.h"
#include "apps/sallyportd/intake.h"
#include "apps/sallyportd/scan_folder.h"
#include "apps/sallyportd/workers.h"
#include "core/base/library_fault.h"
#include "core/base/text.h"
#include "core/crypto/certificate.h"

namespace sallyport::sallyportd {
namespace {

class Checks {
 public:
  template <class Work>
  void check(const std::string& what, Work&& work) {
    const auto done = attempt([&]() -> Result<void> { return work(); });
    if (done.ok()) return say("ok", what, "");
    const auto& error = done.error();
    say("failed", what,
        fmt::format("{}: {}; expected: {}; found: {}", name(error.code), printable(error.where),
                    printable(error.expected), printable(error.found)));
    if (!first_) first_ = error;
  }
  Result<void> outcome() const { return first_ ? Result<void>(*first_) : Result<void>(); }

 private:
  static void say(std::string_view outcome, const std::string& what, const std::string& detail) {
    std::puts(fmt::format("{:<8}{}{}{}", outcome, what, detail.empty() ? "" : "  ", detail).c_str());
  }
  std::optional<Error> first_;
};

// A file of our own is made in it, and taken away again.
Result<void> try_folder(const std::string& path) {
  const auto disk = TRY(PosixDisk::at(path));
  const auto probe = "check-" + TRY(random_uuid());
  TRY(disk->create_file(probe));
  return disk->remove(probe);
}

Result<Policy> policy_of(const server::Settings& settings) {
  return parse_policy(TRY(read_whole_file(settings.policy, policy_size_max)));
}

bool has_node(const Policy& policy, const NodeId& node) {
  return std::any_of(policy.pools.begin(), policy.pools.end(),
                     [&](const auto& entry) { return entry.second.nodes.contains(node); });
}

// That accounts may do something: what a person signs counts by the policy alone.
Result<void> try_accounts(const server::Settings& settings) {
  const auto policy = TRY(policy_of(settings));
  for (const auto& [digest, account] : settings.accounts) {
    if (account.person && !policy.persons.contains(*account.person))
      return Error(Code::usage_error, "account " + account.name, "a person of the policy",
                   account.person->text());
    if (account.node && !has_node(policy, *account.node))
      return Error(Code::usage_error, "account " + account.name, "a node of the policy",
                   account.node->text());
  }
  return {};
}

// A quota beyond what the disk holds keeps nobody from filling it.
Result<void> try_quota(const std::string& where, const server::Quota& quota, std::uint64_t room) {
  if (quota.bytes_max.value_or(0) <= room) return {};
  return Error(Code::usage_error, where + ".bytes_max",
               fmt::format("at most {}, as the disk of data has beside disk_left_min", room),
               std::to_string(*quota.bytes_max));
}

Result<void> try_limits(const server::Settings& settings) {
  std::error_code failed;
  const auto disk = std::filesystem::space(settings.data, failed).capacity;
  if (failed) return Error(Code::io_failed, settings.data, "the size of its disk", failed.message());
  const auto room = disk - std::min<std::uint64_t>(disk, settings.disk_left_min);
  TRY(try_quota("limits", settings.quota, room));
  for (const auto& [digest, account] : settings.accounts)
    TRY(try_quota("account " + account.name + " limits", account.quota, room));
  return {};
}

// Whoever is shown a certificate out of its time turns away. `file`: empty where none is shown.
Result<void> try_certificate(const std::string& file) {
  if (file.empty()) return {};
  const auto pem = TRY(read_whole_file(file, certificates_text_max));
  // OpenSSL takes more forms; what no one can read was told by whoever needs it.
  const auto chain = Certificate::chain_from_pem(as_text(pem));
  if (!chain.ok()) return {};
  const auto now = SystemClock().now();
  const auto& own = chain.value().front();
  if (own.not_after() < now)
    return Error(Code::certificate_expired, file, "one that is valid at " + now.print(),
                 "until " + own.not_after().print());
  if (now < own.not_before())
    return Error(Code::certificate_not_yet_valid, file, "one that is valid at " + now.print(),
                 "from " + own.not_before().print());
  return {};
}

Result<void> try_web(const server::Settings& settings) {
  TRY(WebServer::listen(settings.listen, {settings.certificate, settings.key, settings.client_authorities}));
  return try_certificate(settings.certificate);
}

Result<void> try_hosts(const NamedHosts& named) {
  TRY(CurlCallbacks::of(named));
  for (const auto& file : {named.authorities, named.certificate, named.key})
    if (!file.empty()) TRY(FileSource::open(file));
  return try_certificate(named.certificate);
}

// What lies in it was written by this server's own key.
Result<void> try_cache(const server::Settings& settings) {
  TRY(try_folder(settings.cache));
  std::vector<intake::ApartScanner> none;
  const auto signer = TRY(intake_signer(TRY(policy_of(settings)), settings));
  TRY(intake::ScanFiles(TRY(open_scan_folder(settings.cache)), LibarchiveUnpacker(), SystemClock().now())
          .load(signer->public_key(), none));
  return {};
}

void check_intake(Checks& checks, const server::Settings& settings) {
  checks.check("intake key " + settings.intake_key, [&]() -> Result<void> {
    TRY(intake_signer(TRY(policy_of(settings)), settings));
    return {};
  });
  checks.check("process that reads packages",
               [&]() -> Result<void> { return try_worker(TRY(worker_program(settings))); });
  const auto scratch = scratch_folder(settings);
  checks.check("scratch " + scratch, [&]() -> Result<void> {
    TRY(ScratchFile::beside(scratch + "/probe"));
    return {};
  });
  if (!settings.cache.empty()) checks.check("cache " + settings.cache, [&] { return try_cache(settings); });
  const auto now = SystemClock().now();
  std::vector<intake::ApartScanner> scanners;
  checks.check("clamd " + settings.clamd, [&]() -> Result<void> {
    scanners.push_back(TRY(open_clamd(settings.clamd, now)));
    return {};
  });
  for (const auto& socket : settings.engines) {
    checks.check("engine " + socket, [&]() -> Result<void> {
      scanners.push_back(TRY(open_service(socket, now)));
      return intake::check_names(scanners);
    });
  }
  if (settings.yara.empty()) return;
  checks.check("YARA rules", [&]() -> Result<void> {
    TRY(Yara::compile(TRY(read_rules(settings.yara, now))));
    return {};
  });
}

}  // namespace

Result<void> check_all(const std::string& config) {
  Checks checks;
  std::optional<server::Settings> read;
  checks.check("configuration " + config, [&]() -> Result<void> {
    read = TRY(server::parse_settings(TRY(read_whole_file(config, 4U << 20U))));
    return {};
  });
  if (!read) return checks.outcome();
  const auto& settings = *read;
  checks.check("policy " + settings.policy, [&]() -> Result<void> {
    TRY(policy_of(settings));
    return {};
  });
  checks.check("accounts", [&] { return try_accounts(settings); });
  checks.check("database (not opened)", [&] { return check_database_uri(settings.database); });
  checks.check("data " + settings.data, [&] { return try_folder(settings.data); });
  checks.check("limits", [&] { return try_limits(settings); });
  checks.check("audit " + settings.audit, [&] { return try_folder(settings.audit); });
  if (!settings.log.empty()) {
    checks.check("log " + settings.log, [&]() -> Result<void> {
      TRY(PosixDisk::shared_at(settings.log));
      return {};
    });
  }
  checks.check("certificate and address " + settings.listen, [&] { return try_web(settings); });
  checks.check("callbacks", [&] { return try_hosts(settings.callbacks); });
  if (settings.upload_from_uri)
    checks.check("upload_from_uri", [&] { return try_hosts(*settings.upload_from_uri); });
  if (!settings.syslog_server.empty())
    checks.check("syslog " + settings.syslog_server, [&]() -> Result<void> {
      TRY(collector_of(settings));
      return try_certificate(settings.syslog_certificate);
    });
  if (settings.workers > 0) check_intake(checks, settings);
  return checks.outcome();
}

}  // namespace sallyport::sallyportd
