// SPDX-License-Identifier: Apache-2.0
#include "roles/server/problem.h"

#include <algorithm>
#include <array>

#include "core/format/json_writer.h"

namespace sallyport::server {
namespace {

struct Entry {
  std::string_view name;  // with underscores
  unsigned status;
  std::string_view title;
};

constexpr std::array entries = {
#define SALLYPORT_PROBLEM(name, status, title) Entry{#name, status, title},
#include "roles/server/problems.def"
#undef SALLYPORT_PROBLEM
};

const std::vector<std::string>& names() {
  static const auto all = [] {
    std::vector<std::string> made;
    for (const auto& entry : entries) {
      std::string name(entry.name);
      std::replace(name.begin(), name.end(), '_', '-');
      made.push_back(std::move(name));
    }
    return made;
  }();
  return all;
}

const std::vector<TroubleInfo>& table() {
  static const auto all = [] {
    std::vector<TroubleInfo> made;
    for (std::size_t i = 0; i < entries.size(); ++i)
      made.push_back({names()[i], entries[i].status, entries[i].title});
    return made;
  }();
  return all;
}

std::string detail_of(const Error& error) {
  std::string text = error.where;
  if (!error.expected.empty()) text += "; expected: " + error.expected;
  if (!error.found.empty()) text += "; found: " + error.found;
  return text;
}

}  // namespace

const TroubleInfo& info(Trouble trouble) {
  return table().at(static_cast<std::size_t>(trouble));
}

std::vector<TroubleInfo> all_troubles() {
  return table();
}

Problem problem(Trouble trouble, std::string detail) {
  const auto& entry = info(trouble);
  if (detail.empty()) detail = entry.title;
  return {std::string(entry.name), entry.status, std::string(entry.title), std::move(detail)};
}

Problem problem(const Error& error) {
  if (exit_of(error.code) == Exit::unreachable) return problem(Trouble::not_available);
  if (kind_of(error.code) == Kind::fault) return problem(Trouble::internal_fault);
  return {std::string(name(error.code)), 422, std::string(sallyport::info(error.code).meaning),
          detail_of(error)};
}

Problem refusal_of_package(const Error& error, const std::string& more) {
  return {std::string(name(error.code)), 422, std::string(sallyport::info(error.code).meaning),
          detail_of(error) + (more.empty() ? "" : "; " + more)};
}

std::string print_problem(const Problem& problem) {
  JsonWriter to;
  to.begin_object().text("type", "urn:sallyport:problem:" + problem.name).text("title", problem.title);
  to.number("status", problem.status).text("detail", problem.detail).end_object();
  return to.take();
}

WebAnswer answer_with(const Problem& problem) {
  WebAnswer answer{
      problem.status, {{"Content-Type", "application/problem+json"}}, print_problem(problem), {}};
  return answer;
}

WebAnswer answer_with(Trouble trouble, std::string detail) {
  return answer_with(problem(trouble, std::move(detail)));
}

}  // namespace sallyport::server
