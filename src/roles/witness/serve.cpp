// SPDX-License-Identifier: Apache-2.0
#include "roles/witness/serve.h"

#include "core/tlog/witness_answer.h"

namespace sallyport::witness {
namespace {

constexpr const char* text_type = "text/plain; charset=utf-8";

// The code is what docs/errors.md explains; nothing of what was asked comes back.
HttpAnswer refusal(const Error& error) {
  if (error.code == Code::witness_behind)
    return {tlog::http_status(error.code), std::string(tlog::tree_size_type), error.expected + "\n"};
  return {tlog::http_status(error.code), text_type, std::string(name(error.code)) + "\n"};
}

}  // namespace

HttpAnswer Service::answer(const HttpQuestion& question, Instant now, const Record& record) const {
  if (question.path != tlog::add_checkpoint_path) return {404, text_type, "POST /add-checkpoint\n"};
  if (question.method != "POST") return {405, text_type, "POST /add-checkpoint\n"};
  const auto report = add_checkpoint(disk_, question.body, logs_, name_, signer_, now);
  const auto recorded = record(report);
  if (!recorded.ok()) return refusal(recorded.error());
  if (!report.ok()) return refusal(report.error());
  return {200, text_type, report.value().answer};
}

}  // namespace sallyport::witness
