// SPDX-License-Identifier: Apache-2.0
#include "roles/server/zip_view.h"

#include <algorithm>

namespace sallyport::server {

Result<std::shared_ptr<const ZipView>> ZipView::of(std::shared_ptr<const ByteSource> file,
                                                   std::vector<PackageMember> members) {
  std::vector<ZipPlanMember> planned;
  for (const auto& member : members) {
    CHECK(member.crc32.has_value());
    planned.push_back({TRY(RelativePath::parse(member.path)), member.size, *member.crc32});
  }
  auto plan = TRY(plan_zip(planned));
  const auto view = std::shared_ptr<ZipView>(new ZipView(std::move(file), std::move(plan)));
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto& header = view->plan_.local_headers[i];
    view->add({0, header.size(), &header, 0});
    view->add({0, members[i].size, nullptr, members[i].offset});
  }
  view->add({0, view->plan_.tail.size(), &view->plan_.tail, 0});
  return std::shared_ptr<const ZipView>(view);
}

void ZipView::add(Piece piece) {
  if (piece.size == 0) return;
  if (!pieces_.empty()) piece.begin = pieces_.back().begin + pieces_.back().size;
  pieces_.push_back(piece);
}

Result<void> ZipView::read_at(std::uint64_t offset, std::span<std::uint8_t> into) const {
  if (offset > size() || into.size() > size() - offset)
    return Error(Code::truncated, "archive", "bytes up to " + std::to_string(offset + into.size()),
                 std::to_string(size()) + " bytes");
  auto piece = std::upper_bound(pieces_.begin(), pieces_.end(), offset,
                                [](std::uint64_t at, const Piece& one) { return at < one.begin; });
  while (!into.empty()) {
    CHECK(piece != pieces_.begin());
    const auto& from = *std::prev(piece);
    const auto inside = offset - from.begin;
    const auto part =
        into.first(static_cast<std::size_t>(std::min<std::uint64_t>(from.size - inside, into.size())));
    if (from.frame != nullptr) {
      std::copy_n(from.frame->begin() + static_cast<std::ptrdiff_t>(inside), part.size(), part.begin());
    } else {
      TRY(file_->read_at(from.file_offset + inside, part));
    }
    into = into.subspan(part.size());
    offset += part.size();
    ++piece;
  }
  return {};
}

}  // namespace sallyport::server
