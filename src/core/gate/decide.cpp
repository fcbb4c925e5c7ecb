// SPDX-License-Identifier: Apache-2.0
#include "core/gate/decide.h"

#include <algorithm>

namespace sallyport::gate {
namespace {

ListedFile entry(std::uint64_t size, const FileDigest& digest) {
  ListedFile file{size, {}};
  const auto bytes = digest.bytes();
  std::copy(bytes.begin(), bytes.end(), file.digest.begin());
  return file;
}

// The lines of the table that need no content.
std::optional<GateReason> without_content(const GateQuestion& question) {
  if (question.access == Access::execute) {
    if (question.kind != FileKind::regular) return GateReason::not_a_file;
    return std::nullopt;
  }
  if (question.asker == Asker::other) return GateReason::outside_scope;
  if (question.kind != FileKind::regular) return GateReason::no_code;
  if (question.place == Place::data && question.looks == Looks::plain) return GateReason::data;
  return std::nullopt;
}

}  // namespace

bool ListedFiles::has_size(std::uint64_t size) const {
  const auto in = [size](std::span<const ListedFile> files) {
    const auto found = std::lower_bound(files.begin(), files.end(), ListedFile{size, {}});
    return found != files.end() && found->size == size;
  };
  return in(files_) || in(host_);
}

bool ListedFiles::has(std::uint64_t size, const FileDigest& digest) const {
  const auto wanted = entry(size, digest);
  return std::binary_search(files_.begin(), files_.end(), wanted) ||
         std::binary_search(host_.begin(), host_.end(), wanted);
}

ListedFiles listed_for(const GateQuestion& question, std::span<const ListedFile> files,
                       std::span<const ListedFile> host) {
  const bool host_counts = question.place == Place::host && question.asker != Asker::service;
  return host_counts ? ListedFiles(files, host) : ListedFiles(files);
}

GateMode mode_for(const GateQuestion& question, GateMode mode, GateMode on_host) {
  return question.place == Place::host ? on_host : mode;
}

std::vector<ListedFile> sorted(std::vector<ListedFile> files) {
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

Asker asker_of(std::optional<std::uint64_t> group, std::span<const std::uint64_t> service_groups) {
  if (!group) return Asker::unknown;
  const bool of_service =
      std::find(service_groups.begin(), service_groups.end(), *group) != service_groups.end();
  return of_service ? Asker::service : Asker::other;
}

Need need(const GateQuestion& question, const ListedFiles& files) {
  if (without_content(question)) return Need::nothing;
  const bool by_looks = question.access == Access::open && question.place == Place::data;
  if (by_looks && question.looks == Looks::unknown) return Need::looks;
  // Whatever it contains, no listed file has its size: so nobody makes the gate read a terabyte.
  if (!files.has_size(question.size) || question.digest) return Need::nothing;
  return Need::digest;
}

std::uint64_t time_to_answer(std::uint64_t size) {
  constexpr std::uint64_t second = 1000;
  return 2 * second + (size >> 26U) * second;
}

GateReason reason_of(const GateQuestion& question, const ListedFiles& files) {
  if (const auto reason = without_content(question)) return *reason;
  const bool in_data = question.access == Access::open && question.place == Place::data;
  const auto unlisted = in_data ? GateReason::code_in_data : GateReason::unlisted;
  if (!files.has_size(question.size)) return unlisted;
  if (!question.digest) return GateReason::unmeasured;
  if (!files.has(question.size, *question.digest)) return unlisted;
  if (question.steadiness == Steadiness::written) return GateReason::being_written;
  return GateReason::listed;
}

bool permits(GateReason reason) {
  switch (reason) {
    case GateReason::listed:
    case GateReason::outside_scope:
    case GateReason::no_code:
    case GateReason::data:
      return true;
    case GateReason::unlisted:
    case GateReason::code_in_data:
    case GateReason::not_a_file:
    case GateReason::unmeasured:
    case GateReason::being_written:
      return false;
  }
  return false;
}

GateVerdict decide(const GateQuestion& question, const ListedFiles& files, GateMode mode) {
  const auto reason = reason_of(question, files);
  const bool allowed = mode == GateMode::observe || permits(reason);
  return {allowed ? GateAnswer::allow : GateAnswer::deny, reason};
}

}  // namespace sallyport::gate
