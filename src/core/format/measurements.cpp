// SPDX-License-Identifier: Apache-2.0
#include "core/format/measurements.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace sallyport {
namespace {

constexpr std::size_t sha1_size = 20;
constexpr std::uint32_t form_size_max = 255;
constexpr std::uint32_t data_size_max = 64 << 10;
// Those whose data begins with a digest and a name.
constexpr std::array<std::string_view, 4> known_forms{"ima-ng", "ima-ngv2", "ima-sig", "ima-sigv2"};
constexpr std::string_view by_verity = "verity:sha256:";

class Cursor {
 public:
  explicit Cursor(BytesView bytes) : all_(bytes.size()), rest_(bytes) {}
  bool at_end() const { return rest_.empty(); }

  Result<BytesView> take(std::size_t size) {
    if (size > rest_.size())
      return Error(Code::truncated, where(), std::to_string(size) + " bytes of an entry",
                   std::to_string(rest_.size()) + " bytes");
    const auto taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  Result<std::uint32_t> number() {
    const auto bytes = TRY(take(4));
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i) value |= std::uint32_t{bytes[i]} << (8 * i);
    return value;
  }
  Result<BytesView> field(std::uint32_t size_max) {
    const auto size = TRY(number());
    if (size > size_max) return unreadable("a field of " + std::to_string(size) + " bytes");
    return take(size);
  }
  Error unreadable(std::string found) const {
    return {Code::not_supported, where(), "a list of measurements with templates like ima-ngv2",
            std::move(found)};
  }
  std::string where() const { return "list, byte " + std::to_string(all_ - rest_.size()); }

 private:
  std::size_t all_;
  BytesView rest_;
};

// "verity:sha256:", a zero byte, and the digest; or another kind of digest.
Result<std::optional<FileDigest>> verity_digest(Cursor& at, BytesView field) {
  const auto text = as_text(field);
  const auto end = std::ranges::find(field, 0) - field.begin();
  if (text.substr(0, static_cast<std::size_t>(end)) != by_verity) return std::optional<FileDigest>();
  const auto digest = field.subspan(std::min(field.size(), by_verity.size() + 1));
  if (digest.size() != FileDigest::size) return at.unreadable("a digest of another size");
  std::array<std::uint8_t, FileDigest::size> bytes{};
  std::ranges::copy(digest, bytes.begin());
  return std::optional(FileDigest(bytes));
}

// A violation has no digest of its data in the list, and all ones go into the PCR.
Sha256Digest extension(BytesView sha1, BytesView data) {
  if (std::ranges::any_of(sha1, [](std::uint8_t byte) { return byte != 0; })) return sha256(data);
  std::array<std::uint8_t, Sha256Digest::size> ones{};
  ones.fill(0xff);
  return Sha256Digest(ones);
}

Result<Measurement> next_measurement(Cursor& at) {
  const auto pcr = TRY(at.number());
  const auto sha1 = TRY(at.take(sha1_size));
  const std::string form(as_text(TRY(at.field(form_size_max))));
  if (form == "ima") return at.unreadable("the template ima");
  const auto data = TRY(at.field(data_size_max));
  Measurement measurement{pcr, form, {}, {}, extension(sha1, data)};
  if (std::ranges::find(known_forms, form) == known_forms.end()) return measurement;
  Cursor inside(data);
  measurement.digest = TRY(verity_digest(at, TRY(inside.field(data_size_max))));
  measurement.name = as_text(TRY(inside.field(data_size_max)));
  if (measurement.name.ends_with('\0')) measurement.name.pop_back();
  return measurement;
}

}  // namespace

Result<std::vector<Measurement>> parse_measurements(BytesView list) {
  std::vector<Measurement> measurements;
  for (Cursor at(list); !at.at_end();) measurements.push_back(TRY(next_measurement(at)));
  return measurements;
}

Sha256Digest replay(const std::vector<Measurement>& list, std::uint32_t pcr) {
  Sha256Digest value(std::array<std::uint8_t, Sha256Digest::size>{});
  for (const auto& measurement : list) {
    if (measurement.pcr != pcr) continue;
    Hasher hasher(Sha2::sha256);
    hasher.update(value.bytes());
    hasher.update(measurement.extended_with.bytes());
    value = hasher.finish_sha256();
  }
  return value;
}

}  // namespace sallyport
