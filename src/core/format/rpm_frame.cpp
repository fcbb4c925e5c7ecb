// SPDX-License-Identifier: Apache-2.0
#include "core/format/rpm_frame.h"

#include <algorithm>
#include <array>
#include <string>

#include "core/base/checked.h"
#include "core/base/text.h"
#include "core/crypto/digest.h"
#include "core/format/openpgp_packet.h"
#include "core/format/rpm_header.h"

namespace sallyport {
namespace {

constexpr std::size_t lead_size = 96;
constexpr std::array<std::uint8_t, 8> lead_begin{0xed, 0xab, 0xee, 0xdb,
                                                 3,    0,    0,    0};  // 3.0, a binary package
constexpr std::size_t lead_end_place = 76;
constexpr std::array<std::uint8_t, 20> lead_end{0, 1, 0,
                                                5};  // for Linux, signatures as a header; nothing more
constexpr std::uint64_t alignment = 8;

// In the structure of signatures.
constexpr std::uint32_t tag_dsa = 267;
constexpr std::uint32_t tag_rsa = 268;
constexpr std::uint32_t tag_long_size = 270;
constexpr std::uint32_t tag_sha256 = 273;
constexpr std::uint32_t tag_size = 1000;

Error malformed(std::string expected, std::string_view found) {
  return {Code::archive_malformed, "rpm", std::move(expected), printable(found.substr(0, 200))};
}

// What it says of name and machine is looked up in the header, which is signed; the name has to be the same there.
Result<void> check_lead(BytesView lead) {
  if (!std::equal(lead_begin.begin(), lead_begin.end(), lead.begin()))
    return malformed("a binary package of version 3.0", hex(lead.first(lead_begin.size())));
  const auto end = lead.subspan(lead_end_place);
  if (!std::equal(lead_end.begin(), lead_end.end(), end.begin()))
    return malformed("a lead for Linux with a header of signatures", hex(end));
  return {};
}

Result<Bytes> read_structure(const ByteSource& file, std::uint64_t at, RpmRegion region) {
  if (!inside(at, rpm_intro_size, file.size())) return malformed("a header structure", "the end of the file");
  std::array<std::uint8_t, rpm_intro_size> intro{};
  TRY(file.read_at(at, intro));
  const auto size = TRY(rpm_structure_size(intro, region));
  if (!inside(at, size, file.size()))
    return malformed("a header structure inside of the file", std::to_string(size) + " bytes");
  return file.read(at, size, std::max(rpm_signatures_size_max, rpm_header_size_max));
}

Result<void> check_sums(const RpmHeader& signatures, const ByteSource& file, const RpmFrame& frame,
                        BytesView header) {
  const auto invalid = [](std::string expected, std::string found) {
    return Error(Code::publisher_signature_invalid, "rpm", std::move(expected), std::move(found));
  };
  const auto size = file.size() - frame.header_offset;
  if (signatures.has(tag_size) == signatures.has(tag_long_size)) return malformed("one size", "none, or two");
  const auto sizes =
      TRY(signatures.has(tag_size) ? signatures.numbers32(tag_size) : signatures.numbers64(tag_long_size));
  if (sizes.size() != 1 || sizes.front() != size)
    return invalid(std::to_string(sizes.front()) + " bytes of header and payload", std::to_string(size));
  const auto digest = TRY(signatures.text(tag_sha256));
  const auto found = sha256(header).text();
  return digest == found ? Result<void>() : invalid(printable(digest), found);
}

}  // namespace

Result<RpmFrame> read_rpm_frame(const ByteSource& file) {
  if (file.size() < lead_size) return malformed("a lead of 96 bytes", std::to_string(file.size()));
  std::array<std::uint8_t, lead_size> lead{};
  TRY(file.read_at(0, lead));
  TRY(check_lead(lead));
  const auto signatures = TRY(
      RpmHeader::parse(TRY(read_structure(file, lead_size, RpmRegion::signatures)), RpmRegion::signatures));
  const auto end = lead_size + signatures.bytes().size();
  const auto header_offset = (end + alignment - 1) / alignment * alignment;
  if (header_offset > file.size()) return malformed("a header", "the end of the file");
  const auto padding = TRY(file.read(end, header_offset - end, alignment));
  if (std::any_of(padding.begin(), padding.end(), [](std::uint8_t byte) { return byte != 0; }))
    return malformed("zeros behind the signatures", hex(padding));
  const auto header = TRY(read_structure(file, header_offset, RpmRegion::immutable));
  const auto payload_offset = header_offset + header.size();
  RpmFrame frame{header_offset, header.size(), payload_offset, file.size() - payload_offset, {}};
  TRY(check_sums(signatures, file, frame, header));
  for (const auto tag : {tag_rsa, tag_dsa}) {
    if (!signatures.has(tag)) continue;
    const auto packet = TRY(signatures.binary(tag));
    TRY(check_openpgp_signature(packet));
    frame.signature.insert(frame.signature.end(), packet.begin(), packet.end());
  }
  return frame;
}

}  // namespace sallyport
