// SPDX-License-Identifier: Apache-2.0
// The words of tree.json for the values that have names.
#pragma once

#include "core/format/tree.h"
#include "core/format/tree_fields.h"

namespace sallyport {

constexpr std::string_view tree_schema = "sallyport-tree-1";

constexpr Named<EntryType> entry_types[] = {
    {"file", EntryType::file}, {"directory", EntryType::directory}, {"link", EntryType::link}};
constexpr Named<Protocol> protocols[] = {
    {"tcp", Protocol::tcp}, {"udp", Protocol::udp}, {"sctp", Protocol::sctp}};
constexpr Named<Network> networks[] = {{"own", Network::own}, {"host", Network::host}};
constexpr Named<HealthKind> health_kinds[] = {{"process", HealthKind::process},
                                              {"listen", HealthKind::listen}};
constexpr Named<ServiceException> service_exceptions[] = {{"interpreters", ServiceException::interpreters},
                                                          {"io_uring", ServiceException::io_uring},
                                                          {"jit", ServiceException::jit},
                                                          {"memory_files", ServiceException::memory_files},
                                                          {"namespaces", ServiceException::namespaces},
                                                          {"ptrace", ServiceException::ptrace}};
constexpr Named<MergeRule> merge_rules[] = {
    {"keep", MergeRule::keep}, {"replace", MergeRule::replace}, {"three-way", MergeRule::three_way}};

}  // namespace sallyport
