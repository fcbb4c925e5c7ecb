// SPDX-License-Identifier: Apache-2.0
// What a node says that it runs, signed by its own key. docs/spec/server.md, *Reports of nodes*. Somebody's word:
// whoever has the node has its key. One spelling; anything else is statement_malformed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/crypto/digest.h"
#include "core/format/describe.h"

namespace sallyport {

constexpr std::string_view node_report_payload_type = "application/vnd.sallyport.node-report+json";
constexpr std::uint64_t node_report_size_max = 256U << 10U;
constexpr std::size_t reported_generations_max = 256;

// What a generation is there for.
enum class GenerationUse : std::uint8_t {
  active,
  previous,  // what a rollback returns to
  kept,
};
std::string_view word(GenerationUse use);

struct ReportedGeneration {
  std::uint64_t number;
  GenerationUse use;
  Sha256Digest package;  // of the file
  Sha256Digest release;
  ProductId product;
  std::string version;  // 1 to 200 bytes
  bool operator==(const ReportedGeneration&) const = default;
};

enum class ReportedState : std::uint8_t { running, stopped };
std::string_view word(ReportedState state);

struct ReportedService {
  ServiceId service;
  ReportedState state;
  bool operator==(const ReportedService&) const = default;
};

enum class ReportedGate : std::uint8_t { enforce, observe, none, unknown };
std::string_view word(ReportedGate gate);

struct NodeReport {
  NodeId node;
  PoolId pool;
  Instant time;
  Sha256Digest policy;
  std::uint64_t policy_version;
  std::vector<ReportedGeneration> generations;  // by number, at most one of them active
  std::vector<ReportedService> services;        // of the active one, by name
  ReportedGate gate;
  std::uint64_t recall;               // the highest sequence; 0: none was taken in
  std::vector<std::string> findings;  // codes, in order, each once
  std::uint64_t events;               // in the event log
  Sha256Digest events_root;           // the hash of the tree over them
  bool operator==(const NodeReport&) const = default;
};

Result<NodeReport> parse_node_report(BytesView payload);
std::string print_node_report(const NodeReport& report);

// Every field, for screens. Does not compile when the report has one that it does not know.
std::vector<Field> node_report_fields(const NodeReport& report);

}  // namespace sallyport
