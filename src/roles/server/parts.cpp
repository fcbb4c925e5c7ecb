// SPDX-License-Identifier: Apache-2.0
#include "roles/server/parts.h"

#include <algorithm>

#include "core/format/package_members.h"
#include "roles/server/content.h"
#include "roles/server/packages.h"
#include "roles/server/problem.h"
#include "roles/server/ranged.h"
#include "roles/server/zip_view.h"

namespace sallyport::server {
namespace {

constexpr std::string_view zip_type = "application/zip";

using Choice = std::function<std::string(const PackageMembers&)>;

// Whether the header Accept lets this type pass; one that is not there lets everything. Weights are no concern where
// there is one form only.
bool accepts(const WebQuestion& question, std::string_view type) {
  const auto* const header = question.header("accept");
  if (header == nullptr) return true;
  const auto family = std::string(type.substr(0, type.find('/'))) + "/*";
  std::string_view left = *header;
  while (true) {
    const auto end = left.find(',');
    auto range = left.substr(0, end);
    range = range.substr(0, range.find(';'));
    while (range.starts_with(' ')) range.remove_prefix(1);
    while (range.ends_with(' ')) range.remove_suffix(1);
    if (range == type || range == family || range == "*/*") return true;
    if (end == std::string_view::npos) return false;
    left.remove_prefix(end + 1);
  }
}

// What is asked for, and in which of the types that it comes in.
struct Asked {
  PackageRecord package;
  PackageMembers members;
  std::string media_type;
};

Result<std::variant<Asked, WebAnswer>> find(World& world, const Call& call,
                                            const std::vector<std::string_view>& media_types) {
  using Answered = std::variant<Asked, WebAnswer>;
  auto found = TRY(find_package(world, call, Access::see));
  if (auto* const answer = std::get_if<WebAnswer>(&found)) return Answered(std::move(*answer));
  auto package = std::get<Seen>(found).package;
  if (package.state != Onboarding::onboarded)
    return Answered(
        answer_with(Trouble::state_conflict,
                    "the package is " + std::string(word(package.state)) + "; needed: ONBOARDED"));
  const auto type = std::find_if(media_types.begin(), media_types.end(),
                                 [&](std::string_view one) { return accepts(call.question, one); });
  if (type == media_types.end())
    return Answered(answer_with(Trouble::not_acceptable, std::string(media_types.front())));
  const auto text = TRY(world.db.find_members(package.id));
  if (text.empty()) return Answered(answer_with(Trouble::not_found, "its members are not known"));
  auto members = TRY(parse_members(as_bytes(text), package.size));
  return Answered(Asked{std::move(package), std::move(members), std::string(*type)});
}

Result<WebAnswer> answer_with_one(World& world, const Call& call, const Asked& asked, std::string_view path) {
  const auto* const member = asked.members.find(path);
  if (member == nullptr) return answer_with(Trouble::not_found);
  std::shared_ptr<const ByteSource> file = TRY(world.data.open(content_path(asked.package)));
  const auto tag = "\"" + asked.package.content + "-" + std::to_string(member->offset) + "\"";
  return answer_with_range(call.question,
                           {std::move(file), member->offset, member->size, tag, asked.media_type});
}

// `name`: of the archive, for its entity tag.
Result<WebAnswer> answer_with_archive(World& world, const Call& call, const Asked& asked,
                                      std::vector<PackageMember> members, std::string_view name) {
  for (const auto& member : asked.members.members)
    if (!member.crc32)
      return answer_with(Trouble::not_found, "it was taken in by an earlier version, which noted too little");
  std::shared_ptr<const ByteSource> file = TRY(world.data.open(content_path(asked.package)));
  auto view = TRY(ZipView::of(std::move(file), std::move(members)));
  const auto size = view->size();
  const auto tag = "\"" + asked.package.content + "-" + std::string(name) + "\"";
  return answer_with_range(call.question, {std::move(view), 0, size, tag, asked.media_type});
}

Handled serve_one(World& world, const Call& call, std::string_view media_type, const Choice& choose) {
  auto found = TRY(find(world, call, {media_type}));
  if (auto* const answer = std::get_if<WebAnswer>(&found)) return WebBegun(std::move(*answer));
  const auto& asked = std::get<Asked>(found);
  return WebBegun(TRY(answer_with_one(world, call, asked, choose(asked.members))));
}

}  // namespace

// SOL005 clause 9.4.4: as it is, or in an archive, where it stands at its path.
Handled get_descriptor(World& world, const Call& call) {
  auto found = TRY(find(world, call, {"text/plain", zip_type}));
  if (auto* const answer = std::get_if<WebAnswer>(&found)) return WebBegun(std::move(*answer));
  const auto& asked = std::get<Asked>(found);
  const auto& path = asked.members.descriptor;
  if (asked.media_type != zip_type) return WebBegun(TRY(answer_with_one(world, call, asked, path)));
  const auto* const member = asked.members.find(path);
  CHECK(member != nullptr);  // parse_members has seen to it
  return WebBegun(TRY(answer_with_archive(world, call, asked, {*member}, "vnfd")));
}

Handled get_manifest(World& world, const Call& call) {
  return serve_one(world, call, "text/plain", [](const PackageMembers& members) { return members.manifest; });
}

Handled get_artifact(World& world, const Call& call) {
  return serve_one(world, call, "application/octet-stream",
                   [&](const PackageMembers&) { return call.name("path"); });
}

// All but what describes the package. A choice among them is not offered, and not ignored either.
Handled get_artifacts(World& world, const Call& call) {
  for (const auto& [name, value] : call.target.query)
    if (name.starts_with("exclude_") || name.starts_with("select_"))
      return WebBegun(
          answer_with(Trouble::request_malformed, "all artifacts in one archive, without a choice"));
  auto found = TRY(find(world, call, {zip_type}));
  if (auto* const answer = std::get_if<WebAnswer>(&found)) return WebBegun(std::move(*answer));
  const auto& asked = std::get<Asked>(found);
  std::vector<PackageMember> artifacts;
  for (const auto& member : asked.members.members)
    if (member.path != asked.members.manifest && member.path != asked.members.descriptor &&
        member.path != "TOSCA-Metadata/TOSCA.meta")
      artifacts.push_back(member);
  return WebBegun(TRY(answer_with_archive(world, call, asked, std::move(artifacts), "artifacts")));
}

}  // namespace sallyport::server
