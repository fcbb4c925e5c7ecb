// SPDX-License-Identifier: Apache-2.0
#include "core/format/gate_metrics.h"

#include <prometheus/text_serializer.h>

#include <utility>
#include <vector>

namespace sallyport {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

// Every series has the label "node": one machine may have several, whose files lie side by side.
class Families {
 public:
  explicit Families(const NodeId& node) : node_(node.text()) {}

  void begin(const std::string& name, const std::string& help, MetricType type) {
    all_.push_back({"sallyport_gate_" + name, help, type, {}});
  }
  void value(std::uint64_t number, const Labels& labels = {}) {
    auto& family = all_.back();
    ClientMetric metric;
    metric.label.push_back({"node", node_});
    metric.label.insert(metric.label.end(), labels.begin(), labels.end());
    auto& field = family.type == MetricType::Counter ? metric.counter.value : metric.gauge.value;
    field = static_cast<double>(number);
    family.metric.push_back(std::move(metric));
  }
  void gauge(const std::string& name, const std::string& help, std::uint64_t number) {
    begin(name, help, MetricType::Gauge);
    value(number);
  }
  void counter(const std::string& name, const std::string& help, std::uint64_t number) {
    begin(name + "_total", help, MetricType::Counter);
    value(number);
  }
  std::string print() const { return prometheus::TextSerializer().Serialize(all_); }

 private:
  std::string node_;
  std::vector<MetricFamily> all_;
};

void add_mode(const GateMetrics& metrics, const GateStatus& gate, Families& families) {
  families.begin("mode", "The mode that is in force has 1, the other one 0.", MetricType::Gauge);
  for (const auto mode : {GateMode::observe, GateMode::enforce}) {
    families.value(gate.mode == mode ? 1 : 0, {{"mode", std::string(word(mode))}});
  }
  families.gauge("mode_from_policy", "Whether the policy says the mode (1), or the node itself (0).",
                 gate.mode_from == ModeFrom::policy ? 1 : 0);
  families.gauge("policy_version", "Version of the policy that the terms in force were made under.",
                 gate.policy_version);
  families.gauge("observes_too_long", "Whether it observes after the time by which the policy ends that.",
                 metrics.observes_too_long ? 1 : 0);
}

void add_terms(const GateStatus& gate, Families& families) {
  families.begin("generation_may_run", "A generation whose files may run.", MetricType::Gauge);
  for (const auto number : gate.generations) families.value(1, {{"generation", std::to_string(number)}});
  families.gauge("contents", "Different contents that may run.", gate.files);
  families.gauge("services", "Services whose every open is decided.", gate.services.size());
}

void add_refusals(const std::string& name, const std::string& help, std::uint64_t RefusalCount::*which,
                  const GateCounts& counts, Families& families) {
  families.begin(name, help, MetricType::Counter);
  for (std::size_t i = 0; i < gate_refusals.size(); ++i) {
    families.value(counts.refusals.at(i).*which, {{"reason", std::string(word(gate_refusals.at(i)))}});
  }
}

void add_counts(const GateCounts& counts, Families& families) {
  families.counter("answers", "Questions of the kernel that were answered.", counts.answered);
  add_refusals("denied_total", "Accesses that were denied, by reason.", &RefusalCount::denied, counts,
               families);
  add_refusals("would_deny_total", "Accesses that were allowed and that enforce mode denies, by reason.",
               &RefusalCount::would_deny, counts, families);
  families.counter("unrecorded", "Refusals that are counted and not in the event log.", counts.unrecorded);
  families.counter("queue_overflows", "Times that the kernel let something pass unasked.", counts.overflows);
  families.counter("restarts", "Times that the process that answers was started again.", counts.restarts);
  families.counter("late_answers", "Questions whose file could not be read in time.", counts.late);
}

void add_ways(const GateMetrics& metrics, const GateStatus& gate, Families& families) {
  families.gauge("ways_not_closed", "Ways past it that the policy wants closed and that are not.",
                 metrics.ways_left);
  families.begin("way", "What came of trying a way past it; the state is a label.", MetricType::Gauge);
  for (const auto& hole : gate.holes) {
    families.value(1, {{"way", hole.way}, {"state", std::string(word(hole.state))}});
  }
}

}  // namespace

std::string print_gate_metrics(const GateMetrics& metrics) {
  Families families(metrics.node);
  families.gauge("up", "Whether a gate runs.", metrics.gate ? 1 : 0);
  if (metrics.gate) {
    add_mode(metrics, *metrics.gate, families);
    add_terms(*metrics.gate, families);
    add_counts(metrics.gate->counts, families);
    add_ways(metrics, *metrics.gate, families);
  }
  return families.print();
}

}  // namespace sallyport
