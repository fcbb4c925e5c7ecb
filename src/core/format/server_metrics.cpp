// SPDX-License-Identifier: Apache-2.0
#include "core/format/server_metrics.h"

#include <prometheus/text_serializer.h>

namespace sallyport {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

ClientMetric metric_of(MetricType type, std::uint64_t number) {
  ClientMetric metric;
  (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = static_cast<double>(number);
  return metric;
}

MetricFamily one(const std::string& name, const std::string& help, MetricType type, std::uint64_t number) {
  return {"sallyport_server_" + name, help, type, {metric_of(type, number)}};
}

MetricFamily several(const std::string& name, const std::string& help, MetricType type,
                     const std::string& label, const LabelledCounts& counts) {
  MetricFamily family{"sallyport_server_" + name, help, type, {}};
  for (const auto& [value, number] : counts) {
    auto metric = metric_of(type, number);
    metric.label.push_back({label, value});
    family.metric.push_back(std::move(metric));
  }
  return family;
}

MetricFamily seconds_left(const ServerMetrics& m) {
  MetricFamily family{
      "sallyport_server_certificate_seconds_left", "Until a certificate expires.", MetricType::Gauge, {}};
  for (const auto& [which, seconds] : m.seconds_left) {
    ClientMetric metric;
    metric.label.push_back({"which", which});
    metric.gauge.value = static_cast<double>(seconds);
    family.metric.push_back(std::move(metric));
  }
  return family;
}

void add_syslog(const SyslogMetrics& m, std::vector<MetricFamily>& all) {
  all.push_back(several("syslog_total", "Security events sent, and batches that a collector did not take.",
                        MetricType::Counter, "outcome", m.outcomes));
  all.push_back(one("syslog_waiting_bytes", "Security events that no collector has taken yet.",
                    MetricType::Gauge, m.waiting_bytes));
  all.push_back(one("syslog_waiting_seconds", "How long the oldest of them waits.", MetricType::Gauge,
                    m.waiting_seconds));
}

void add_accounts(const std::vector<AccountMetrics>& accounts, std::vector<MetricFamily>& all) {
  LabelledCounts packages;
  LabelledCounts bytes;
  LabelledCounts packages_max;
  LabelledCounts bytes_max;
  for (const auto& account : accounts) {
    packages.emplace_back(account.name, account.packages);
    bytes.emplace_back(account.name, account.bytes);
    if (account.packages_max) packages_max.emplace_back(account.name, *account.packages_max);
    if (account.bytes_max) bytes_max.emplace_back(account.name, *account.bytes_max);
  }
  const auto add = [&](const char* name, const char* help, const LabelledCounts& counts) {
    if (!counts.empty()) all.push_back(several(name, help, MetricType::Gauge, "account", counts));
  };
  add("account_packages", "Packages of an account.", packages);
  add("account_packages_max", "Packages that it may have.", packages_max);
  add("account_bytes", "Bytes of an account's packages, with uploads that began.", bytes);
  add("account_bytes_max", "Bytes that it may have.", bytes_max);
}

}  // namespace

std::string print_server_metrics(const ServerMetrics& m) {
  std::vector<MetricFamily> all = {
      several("packages", "Packages, by state.", MetricType::Gauge, "state", m.packages),
      several("answers_total", "Answers of this process, by class of status.", MetricType::Counter, "status",
              m.answers),
      several("intakes_total", "Packages that this process took in, by outcome.", MetricType::Counter,
              "outcome", m.intakes),
      several("notifications_total", "Notifications of this process, by what became of them.",
              MetricType::Counter, "outcome", m.notifications),
      several("rescans_total", "Packages that this process looked at again, by outcome.", MetricType::Counter,
              "outcome", m.rescans),
      one("turned_away_total", "Failed logins and handshakes at this process.", MetricType::Counter,
          m.turned_away),
      one("subscriptions", "Subscriptions that there are.", MetricType::Gauge, m.subscriptions),
      one("notifications_waiting", "Notifications that wait to be sent.", MetricType::Gauge, m.waiting),
      one("events_waiting", "Events of packages that nobody was looked up for yet.", MetricType::Gauge,
          m.events),
      one("data_bytes_free", "Room where packages are kept.", MetricType::Gauge, m.bytes_free),
  };
  if (!m.seconds_left.empty()) all.push_back(seconds_left(m));
  if (m.syslog) add_syslog(*m.syslog, all);
  add_accounts(m.accounts, all);
  return prometheus::TextSerializer().Serialize(all);
}

}  // namespace sallyport
