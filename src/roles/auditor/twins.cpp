// SPDX-License-Identifier: Apache-2.0
#include "roles/auditor/twins.h"

#include <algorithm>
#include <functional>

namespace sallyport::auditor {
namespace {

constexpr std::uint64_t part_size = 1U << 20U;

using Sink = std::function<Result<void>(BytesView)>;

// The content of one member of the twin, in parts.
struct TwinMember {
  RelativePath name;
  const ZipMember* original;  // null: added
  const MemberEdit* edit;     // null: as it was
};

Result<void> stream_original(const ByteSource& package, const ZipMember& member, const MemberEdit* edit,
                             const Sink& sink) {
  for (std::uint64_t at = 0; at < member.size; at += part_size) {
    auto part = TRY(package.read(member.data_offset + at, std::min(part_size, member.size - at), part_size));
    if (edit != nullptr && edit->flip_at && *edit->flip_at >= at && *edit->flip_at < at + part.size()) {
      part[*edit->flip_at - at] ^= 1U;
    }
    TRY(sink(part));
  }
  return {};
}

Result<void> stream(const ByteSource& package, const TwinMember& member, const Sink& sink) {
  if (member.edit != nullptr && member.edit->content) return sink(*member.edit->content);
  return stream_original(package, *member.original, member.edit, sink);
}

std::vector<TwinMember> list_members(const ZipDirectory& directory, const Tampering& tampering) {
  std::vector<TwinMember> members;
  for (const auto& original : directory.members) {
    const auto edit =
        std::find_if(tampering.edits.begin(), tampering.edits.end(),
                     [&](const MemberEdit& candidate) { return candidate.name == original.name.text(); });
    members.push_back({original.name, &original, edit == tampering.edits.end() ? nullptr : &*edit});
  }
  return members;
}

Result<ZipPlan> plan(const ByteSource& package, const std::vector<TwinMember>& members) {
  std::vector<ZipPlanMember> planned;
  for (const auto& member : members) {
    std::uint32_t crc = 0;
    std::uint64_t size = 0;
    TRY(stream(package, member, [&](BytesView part) -> Result<void> {
      crc = crc32(crc, part);
      size += part.size();
      return {};
    }));
    planned.push_back({member.name, size, crc});
  }
  return plan_zip(planned);
}

// Writes and digests at once.
class Out {
 public:
  explicit Out(std::unique_ptr<FileWriter> writer) : writer_(std::move(writer)) {}
  Result<void> write(BytesView bytes) {
    hasher_.update(bytes);
    return writer_->write(bytes);
  }
  Result<Sha256Digest> finish() {
    TRY(writer_->seal(FileMetadata{0600, 0, 0, {}}));
    return hasher_.finish_sha256();
  }

 private:
  std::unique_ptr<FileWriter> writer_;
  Hasher hasher_{Sha2::sha256};
};

}  // namespace

Result<Sha256Digest> write_twin(const ByteSource& package, const Tampering& tampering, Disk& out,
                                const std::string& path) {
  const auto directory = TRY(read_zip(package));
  auto members = list_members(directory, tampering);
  if (tampering.added) {
    // Before content.pack, which stays last.
    const TwinMember added{TRY(RelativePath::parse(tampering.added->name)), nullptr, &*tampering.added};
    members.insert(members.end() - 1, added);
  }
  const auto planned = TRY(plan(package, members));
  Out file(TRY(out.create_file(path)));
  for (std::size_t i = 0; i < members.size(); ++i) {
    TRY(file.write(planned.local_headers[i]));
    TRY(stream(package, members[i], [&](BytesView part) { return file.write(part); }));
  }
  TRY(file.write(planned.tail));
  return file.finish();
}

}  // namespace sallyport::auditor
