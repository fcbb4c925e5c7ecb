// SPDX-License-Identifier: Apache-2.0
#include "core/format/rpm_package.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"
#include "core/format/rpm_files.h"
#include "core/format/rpm_frame.h"
#include "core/format/rpm_header.h"

namespace sallyport {
namespace {

constexpr std::uint32_t tag_name = 1000;
constexpr std::uint32_t tag_version = 1001;
constexpr std::uint32_t tag_release = 1002;
constexpr std::uint32_t tag_epoch = 1003;
constexpr std::uint32_t tag_licence = 1014;
constexpr std::uint32_t tag_system = 1021;
constexpr std::uint32_t tag_architecture = 1022;
constexpr std::uint32_t tag_source_package = 1106;
constexpr std::uint32_t tag_payload_format = 1124;
constexpr std::uint32_t tag_payload_compressor = 1125;
constexpr std::uint32_t tag_payload_digest = 5092;
constexpr std::uint32_t tag_payload_algorithm = 5093;
constexpr std::uint32_t tag_unpacked_digest = 5097;

constexpr std::uint64_t sha256_number = 8;  // RFC 9580, 9.5
constexpr std::size_t text_size_max = 200;
constexpr std::size_t licence_size_max = 1000;
constexpr std::uint64_t part_size = 1U << 20U;
constexpr std::uint64_t lead_name_place = 10;
constexpr std::size_t lead_name_size = 66;

// A script is there by its text, or by its program alone.
struct ScriptTags {
  std::string_view name;
  std::uint32_t text;
  std::uint32_t program;
};
constexpr std::array<ScriptTags, 12> script_tags{{{"filetriggers", 5066, 5067},
                                                  {"post", 1024, 1086},
                                                  {"posttrans", 1152, 1154},
                                                  {"postun", 1026, 1088},
                                                  {"postuntrans", 5104, 5106},
                                                  {"pre", 1023, 1085},
                                                  {"pretrans", 1151, 1153},
                                                  {"preun", 1025, 1087},
                                                  {"preuntrans", 5103, 5105},
                                                  {"transfiletriggers", 5076, 5077},
                                                  {"triggers", 1065, 1092},
                                                  {"verify", 1079, 1091}}};

Error malformed(std::string expected, std::string_view found) {
  return {Code::archive_malformed, "rpm header", std::move(expected), printable(found.substr(0, 200))};
}

Result<std::string> word(const RpmHeader& header, std::uint32_t tag) {
  const auto text = TRY(header.text(tag));
  if (text.empty() || text.size() > text_size_max || !is_plain_text(text))
    return malformed("one line in tag " + std::to_string(tag), text);
  return std::string(text);
}

Result<std::string> version_of(const RpmHeader& header) {
  const auto version = TRY(word(header, tag_version));
  const auto release = TRY(word(header, tag_release));
  if (!header.has(tag_epoch)) return version + "-" + release;
  const auto epoch = TRY(header.numbers32(tag_epoch));
  if (epoch.size() != 1) return malformed("one epoch", std::to_string(epoch.size()));
  return std::to_string(epoch.front()) + ":" + version + "-" + release;
}

bool is_lead_name(std::string_view lead, std::string name) {
  name.resize(std::min(name.size(), lead_name_size - 1));
  return lead.starts_with(name) && lead.find_first_not_of('\0', name.size()) == std::string_view::npos;
}

// The only part of the lead that says something: nobody is shown another name than the signed one. Builders write it
// with the epoch or without.
Result<void> check_lead_name(const ByteSource& file, const RpmHeader& header) {
  const auto name = TRY(word(header, tag_name));
  const auto version = TRY(version_of(header));
  const auto colon = std::find(version.begin(), version.end(), ':');
  const std::string plain(colon == version.end() ? version.begin() : colon + 1, version.end());
  std::array<std::uint8_t, lead_name_size> lead{};
  TRY(file.read_at(lead_name_place, lead));
  const auto found = as_text(lead);
  if (is_lead_name(found, name + "-" + version) || is_lead_name(found, name + "-" + plain)) return {};
  return malformed("a lead of " + name + "-" + version, found.substr(0, found.find('\0')));
}

Result<RpmCompressor> compressor_of(const RpmHeader& header) {
  const auto format = TRY(header.text(tag_payload_format));
  if (format != "cpio") return malformed("a payload of cpio", format);
  const auto name = TRY(header.text(tag_payload_compressor));
  if (name == "gzip") return RpmCompressor::gzip;
  if (name == "xz") return RpmCompressor::xz;
  if (name == "zstd") return RpmCompressor::zstd;
  return malformed("a payload in gzip, xz or zstd", name);
}

Result<Sha256Digest> digest_of(const RpmHeader& header, std::uint32_t tag) {
  const auto digests = TRY(header.texts(tag));
  if (digests.size() != 1) return malformed("one digest of the payload", std::to_string(digests.size()));
  auto digest = Sha256Digest::parse(digests.front());
  if (!digest.ok()) return malformed("a SHA-256 digest of the payload", digests.front());
  return digest;
}

Result<Sha256Digest> payload_digest(const RpmHeader& header) {
  if (!header.has(tag_payload_digest))
    return Error(Code::publisher_signature_missing, "rpm header",
                 "a digest of the payload, which is not signed itself", "none");
  const auto algorithm = TRY(header.numbers32(tag_payload_algorithm));
  if (algorithm.front() != sha256_number)
    return Error(Code::publisher_algorithm_refused, "rpm header", "SHA-256 of the payload",
                 "digest " + std::to_string(algorithm.front()));
  return digest_of(header, tag_payload_digest);
}

Result<void> check_payload(const ByteSource& file, const RpmFrame& frame, const Sha256Digest& wanted) {
  Hasher hasher(Sha2::sha256);
  for (auto at = frame.payload_offset; at < file.size();) {
    const auto size = std::min(part_size, file.size() - at);
    hasher.update(TRY(file.read(at, size, part_size)));
    at += size;
  }
  const auto found = hasher.finish_sha256();
  if (found == wanted) return {};
  return Error(Code::publisher_signature_invalid, "rpm payload", "sha256 " + wanted.text(), found.text());
}

std::vector<std::string> scripts_of(const RpmHeader& header) {
  std::vector<std::string> found;
  for (const auto& script : script_tags) {
    if (header.has(script.text) || header.has(script.program)) found.emplace_back(script.name);
  }
  return found;
}

}  // namespace

Result<RpmPackage> read_rpm(const ByteSource& file) {
  const auto frame = TRY(read_rpm_frame(file));
  const auto header = TRY(RpmHeader::parse(
      TRY(file.read(frame.header_offset, frame.header_size, rpm_header_size_max)), RpmRegion::immutable));
  TRY(check_payload(file, frame, TRY(payload_digest(header))));
  TRY(check_lead_name(file, header));
  if (header.has(tag_source_package)) return malformed("a binary package", "one of sources");
  const auto system = TRY(header.text(tag_system));
  if (system != "linux") return malformed("a package for linux", system);
  auto name = TRY(word(header, tag_name));
  auto version = TRY(version_of(header));
  auto architecture = TRY(word(header, tag_architecture));
  const auto licence = TRY(header.text(tag_licence));
  auto files = TRY(read_rpm_files(header));
  const auto compressor = TRY(compressor_of(header));
  RpmPackage package{std::move(name),
                     std::move(version),
                     std::move(architecture),
                     printable(licence.substr(0, licence_size_max)),
                     scripts_of(header),
                     std::move(files),
                     frame.payload_offset,
                     frame.payload_size,
                     compressor,
                     {}};
  if (header.has(tag_unpacked_digest)) package.unpacked = TRY(digest_of(header, tag_unpacked_digest));
  return package;
}

}  // namespace sallyport
