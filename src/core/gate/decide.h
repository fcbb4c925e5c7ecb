// SPDX-License-Identifier: Apache-2.0
// Whether a file may be executed or opened. Pure: the digest was measured elsewhere, of the very file that the
// kernel holds (adapters/exec_events). docs/spec/gate.md has the table.
//
// Default deny: what no line of the table allows is refused. A content is its fs-verity digest together with
// its size; names, inodes and times say nothing here.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/format/gate.h"

namespace sallyport::gate {

// The files of one generation or of several, and of the host's baseline, to look contents up in. A view: the files must
// outlive it.
class ListedFiles {
 public:
  // They must be as sorted() makes them.
  explicit ListedFiles(std::span<const ListedFile> files, std::span<const ListedFile> host = {})
      : files_(files), host_(host) {}
  bool has_size(std::uint64_t size) const;
  bool has(std::uint64_t size, const FileDigest& digest) const;

 private:
  std::span<const ListedFile> files_;
  std::span<const ListedFile> host_;
};

// What counts for this question: the host's baseline on the host's own file systems alone, and there for nobody who
// belongs to a service.
ListedFiles listed_for(const GateQuestion& question, std::span<const ListedFile> files,
                       std::span<const ListedFile> host);

// In which mode it is answered: the host's own file systems may be observed while the node's is enforced.
GateMode mode_for(const GateQuestion& question, GateMode mode, GateMode on_host);

// By size and digest, each once.
std::vector<ListedFile> sorted(std::vector<ListedFile> files);

// Who asks, by the control group of the process: a service's process is in its service's group.
Asker asker_of(std::optional<std::uint64_t> group, std::span<const std::uint64_t> service_groups);

// What has to be found out before decide() can tell, in this order; the file is not touched for more.
enum class Need : std::uint8_t { nothing, looks, digest };
Need need(const GateQuestion& question, const ListedFiles& files);

// In milliseconds: two seconds, and one more for each 64 MiB, which the slowest disk that a node should have reads in
// that time. What is not found out by then counts as unmeasured.
std::uint64_t time_to_answer(std::uint64_t size);

GateReason reason_of(const GateQuestion& question, const ListedFiles& files);
bool permits(GateReason reason);

// In observe mode the answer is always allow; the reason is the one that enforce mode would go by.
GateVerdict decide(const GateQuestion& question, const ListedFiles& files, GateMode mode);

}  // namespace sallyport::gate
