// SPDX-License-Identifier: Apache-2.0
#include "roles/node/baseline_proposal.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>

#include "core/base/text.h"

namespace sallyport::node {
namespace {

constexpr std::size_t piece_size = 256;
constexpr std::uint64_t log_read_max = 64ULL << 20U;  // of its end

using Measured = std::vector<std::optional<ProgramFile>>;

// All files of all packages; most are no programs, and are not read.
Result<Measured> measure_all(const ProposalRequest& request, const std::vector<InstalledFile>& files) {
  Measured measured(files.size());
  request.progress.begin("measuring", 0);
  const auto pieces = (files.size() + piece_size - 1) / piece_size;
  TRY(request.workers.run(pieces, [&](std::size_t piece) -> Result<void> {
    const auto end = std::min(files.size(), (piece + 1) * piece_size);
    for (auto i = piece * piece_size; i < end; ++i) {
      measured[i] = TRY(request.packages.measure(files[i].path, Wanted::executable));
      if (measured[i]) request.progress.add(measured[i]->size);
    }
    return {};
  }));
  return measured;
}

// Debian's packages name files below /bin, /sbin and /lib that lie below /usr, where those are links.
std::string without_usr(const std::string& path) {
  for (const std::string_view folder :
       {"/usr/bin/", "/usr/sbin/", "/usr/lib/", "/usr/lib64/", "/usr/lib32/"}) {
    if (path.starts_with(folder)) return path.substr(4);
  }
  return path;
}

class Draft {
 public:
  Draft(const ProposalRequest& request, const InstalledPackages& installed)
      : request_(request), installed_(installed), files_(installed.packages.size()) {}

  void add(const InstalledFile& file, const ProgramFile& found) {
    if (!is_plain_text(file.path)) return leave(file.path, file.package, LeftOutBecause::not_a_name);
    const BaselineFile entry{file.path, found.size, found.digest};
    const bool as_packaged = file.md5 == found.md5;
    if (as_packaged) {
      files_[file.package].push_back(entry);
      contents_.insert({found.size, found.digest});
    } else if (is_named(file.path)) {
      changed_.emplace(file.path, ChangedFile{entry, installed_.packages[file.package].name});
    } else {
      const auto because = file.md5 ? LeftOutBecause::changed : LeftOutBecause::unknown;
      leave(file.path, file.package, because);
    }
  }

  // What no package vouches for. Afterwards.
  Result<void> add_named() {
    for (const auto& path : request_.named) TRY(add_one(path, nullptr));
    for (const auto& seen : request_.seen) TRY(add_one(seen.path, &seen));
    return {};
  }

  Result<BaselineProposal> finish() && {
    HostBaseline baseline{installed_.database,
                          installed_.digest,
                          request_.pool,
                          request_.nodes,
                          request_.number,
                          request_.time,
                          request_.reason,
                          {},
                          {},
                          {}};
    std::ranges::sort(baseline.nodes);
    for (std::size_t i = 0; i < files_.size(); ++i) add_package(i, baseline.packages);
    std::ranges::sort(baseline.packages, {}, [](const BaselinePackage& package) {
      return std::tie(package.name, package.architecture);
    });
    for (auto& [path, changed] : changed_) baseline.changed.push_back(std::move(changed));
    for (auto& [path, file] : unowned_) baseline.unowned.push_back(std::move(file));
    auto text = print_baseline(baseline);
    if (text.size() > statement_size_max)
      return Error(
          Code::file_too_large, "baseline", std::to_string(statement_size_max) + " bytes",
          std::to_string(text.size()) + " bytes, " + std::to_string(count_files(baseline)) + " programs");
    TRY(parse_baseline(as_bytes(text)));
    std::ranges::sort(left_out_);
    left_out_.erase(std::unique(left_out_.begin(), left_out_.end()), left_out_.end());
    return BaselineProposal{std::move(baseline), std::move(text), std::move(left_out_)};
  }

 private:
  void leave(const std::string& path, std::size_t package, LeftOutBecause because) {
    left_out_.push_back({path, installed_.packages[package].name, because});
  }

  bool is_named(const std::string& path) const {
    const auto same = [&](const std::string& other) { return other == path || without_usr(other) == path; };
    return request_.named.contains(path) || std::ranges::any_of(request_.named, same) ||
           std::ranges::any_of(request_.seen, [&](const SeenProgram& seen) { return same(seen.path); });
  }

  bool is_listed(const std::string& path) const {
    return changed_.contains(path) || changed_.contains(without_usr(path));
  }

  Result<void> add_one(const std::string& path, const SeenProgram* seen) {
    if (is_listed(path)) return {};
    if (!is_plain_text(path) || !path.starts_with('/')) {
      left_out_.push_back({path, "", LeftOutBecause::not_a_name});
      return {};
    }
    const auto found = TRY(request_.packages.measure(path, Wanted::any));
    if (found && contents_.contains({found->size, found->digest})) return {};
    const bool is_other = found && seen != nullptr &&
                          (seen->size != found->size || (seen->digest && *seen->digest != found->digest));
    if (!found || is_other) {
      left_out_.push_back({path, "", found ? LeftOutBecause::other_now : LeftOutBecause::gone});
    } else {
      unowned_.emplace(path, BaselineFile{path, found->size, found->digest});
    }
    return {};
  }

  void add_package(std::size_t index, std::vector<BaselinePackage>& packages) {
    auto& files = files_[index];
    if (files.empty()) return;
    std::ranges::sort(files, {}, &BaselineFile::path);
    const auto same_path = [](const BaselineFile& one, const BaselineFile& other) {
      return one.path == other.path;
    };
    files.erase(std::unique(files.begin(), files.end(), same_path), files.end());
    const auto& package = installed_.packages[index];
    packages.push_back({package.name, package.architecture, package.version, std::move(files)});
  }

  const ProposalRequest& request_;
  const InstalledPackages& installed_;
  std::vector<std::vector<BaselineFile>> files_;  // of each package
  std::map<std::string, ChangedFile> changed_;
  std::map<std::string, BaselineFile> unowned_;
  std::set<std::pair<std::uint64_t, FileDigest>> contents_;
  std::vector<LeftOut> left_out_;
};

}  // namespace

std::string_view word(LeftOutBecause because) {
  constexpr std::array<std::string_view, 5> words{"changed", "unknown", "gone", "other-now", "not-a-name"};
  return words.at(static_cast<std::size_t>(because));
}

Result<BaselineProposal> propose_baseline(const ProposalRequest& request) {
  const auto installed = TRY(request.packages.installed());
  const auto measured = TRY(measure_all(request, installed.files));
  Draft draft(request, installed);
  for (std::size_t i = 0; i < measured.size(); ++i) {
    if (measured[i]) draft.add(installed.files[i], *measured[i]);
  }
  TRY(draft.add_named());
  return std::move(draft).finish();
}

Result<std::vector<SeenProgram>> seen_programs(Disk& disk) {
  constexpr const char* log = "events.jsonl";
  std::map<std::string, SeenProgram> by_path;
  if (!TRY(disk.find(log))) return std::vector<SeenProgram>();
  const auto file = TRY(disk.open(log));
  const auto size = std::min(file->size(), log_read_max);
  Bytes end(static_cast<std::size_t>(size));
  TRY(file->read_at(file->size() - size, end));
  auto text = as_text(end);
  if (size < file->size()) text.remove_prefix(std::min(text.size(), text.find('\n') + 1));
  for (auto line_end = text.find('\n'); line_end != std::string_view::npos; line_end = text.find('\n')) {
    auto seen = parse_seen_program(text.substr(0, line_end));
    text.remove_prefix(line_end + 1);
    if (seen.ok() && seen.value()) by_path.insert_or_assign(seen.value()->path, *seen.value());
  }
  std::vector<SeenProgram> programs;
  for (auto& [path, seen] : by_path) programs.push_back(std::move(seen));
  return programs;
}

}  // namespace sallyport::node
