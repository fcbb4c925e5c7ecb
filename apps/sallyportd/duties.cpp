// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyportd/duties.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdio>

#include "adapters/disk/file_source.h"
#include "core/base/library_fault.h"
#include "core/base/text.h"
#include "core/crypto/certificate.h"
#include "roles/server/reload.h"
#include "roles/server/upkeep.h"

namespace sallyport::sallyportd {
namespace {

constexpr std::uint64_t config_size_max = 4U << 20U;
constexpr std::int64_t look_seconds = 1;
constexpr std::int64_t certificates_seconds = 10;
constexpr std::int64_t retention_seconds = 3600;
constexpr std::int64_t after_fault_seconds = 60;

std::atomic<bool> is_told_to_reload = false;
static_assert(std::atomic<bool>::is_always_lock_free);

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return {};
  return name.data();
}

// The first certificate of a file: whoever shows the file shows it. One that cannot be read is told of by whoever needs
// it.
std::optional<server::UsedCertificate> certificate_of(const std::string& which, const std::string& file) {
  if (file.empty()) return std::nullopt;
  const auto pem = read_whole_file(file, certificates_text_max);
  if (!pem.ok()) return std::nullopt;
  const auto chain = Certificate::chain_from_pem(as_text(pem.value()));
  if (!chain.ok()) return std::nullopt;
  const auto& own = chain.value().front();
  return server::UsedCertificate{which, own.fingerprint(), own.not_after()};
}

}  // namespace

void take_signals() {
  std::signal(SIGHUP, [](int) { is_told_to_reload = true; });
}

Result<std::optional<TlsCollector>> collector_of(const server::Settings& settings) {
  if (settings.syslog_server.empty()) return std::optional<TlsCollector>();
  auto collector = TRY(TlsCollector::of({settings.syslog_server, settings.syslog_authorities,
                                         settings.syslog_certificate, settings.syslog_key}));
  return std::optional(std::move(collector));
}

Duties::Duties(server::World& world, server::AccountBook& accounts, const server::Settings& settings,
               std::string config, std::optional<TlsCollector> collector)
    : world_(world),
      accounts_(accounts),
      settings_(settings),
      config_(std::move(config)),
      collector_(std::move(collector)) {
  // What the server shows is what it read when it began, whatever becomes of the file.
  if (const auto own = certificate_of("server", settings_.certificate)) world_.live.expiry.replace(*own);
  if (collector_) {
    world_.live.forwards = true;
    forwarder_.emplace(world_, *collector_,
                       SyslogOrigin{settings_.syslog_facility, host_name(), settings_.syslog_enterprise});
    loops_.push_back(std::make_unique<Loop>([this] { return forwarder_->step(); }));
  }
  loops_.push_back(std::make_unique<Loop>([this] { return reload(); }));
  loops_.push_back(std::make_unique<Loop>([this] { return look_at_certificates(); }));
  loops_.push_back(std::make_unique<Loop>([this] {
    const auto removed = attempt([this] { return server::remove_old(world_, settings_.retention); });
    return removed.ok() ? retention_seconds : after_fault_seconds;
  }));
}

std::int64_t Duties::reload() {
  if (!is_told_to_reload.exchange(false)) return look_seconds;
  const auto taken = attempt([this]() -> Result<void> {
    const auto text = read_whole_file(config_, config_size_max);
    if (text.ok()) return server::take_accounts(world_, accounts_, settings_, text.value());
    TRY(server::record_untaken(world_, text.error()));
    return text.error();
  });
  const auto words = taken.ok()
                         ? std::string("the accounts were read anew")
                         : "the accounts stay as they were: " + std::string(name(taken.error().code)) + " " +
                               printable(taken.error().where) + ": " + printable(taken.error().found);
  std::fputs(("sallyportd: " + words + "\n").c_str(), stderr);
  return look_seconds;
}

std::int64_t Duties::look_at_certificates() {
  const auto told = attempt([this] {
    for (const auto& [which, file] : {std::pair{"callbacks", &settings_.callbacks.certificate},
                                      {"syslog", &settings_.syslog_certificate}})
      if (const auto used = certificate_of(which, *file)) world_.live.expiry.replace(*used);
    return server::tell_expiring(world_);
  });
  return told.ok() ? certificates_seconds : after_fault_seconds;
}

}  // namespace sallyport::sallyportd
