// SPDX-License-Identifier: Apache-2.0
#include "testkit/raw_rpm.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "core/crypto/digest.h"

namespace sallyport::testkit {
namespace {

constexpr std::uint32_t type_of_file = 0170000;
constexpr std::uint32_t type_of_link = 0120000;

std::string digest(const std::string& content) {
  return sha256(as_bytes(content)).text();
}

std::uint32_t crc32(const std::string& content) {
  std::uint32_t sum = ~0U;
  for (const char c : content) {
    sum ^= static_cast<std::uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) sum = sum >> 1U ^ ((sum & 1U) != 0 ? 0xedb88320U : 0U);
  }
  return ~sum;
}

std::string little_endian(std::uint64_t value, std::size_t size) {
  auto text = big_endian(value, size);
  std::reverse(text.begin(), text.end());
  return text;
}

std::size_t alignment(std::uint32_t type) {
  return type == 3 ? 2 : type == 4 ? 4 : type == 5 ? 8 : 1;
}

void pad(std::string& text, std::size_t to) {
  text.resize((text.size() + to - 1) / to * to, '\0');
}

bool is_link(const RawRpmFile& file) {
  return (file.mode & type_of_file) == type_of_link;
}

std::vector<RawRpmTag> changed(const std::vector<RawRpmTag>& usual, const std::vector<RawRpmTag>& others,
                               const std::vector<std::uint32_t>& without) {
  std::map<std::uint32_t, RawRpmTag> tags;
  for (const auto& tag : usual) tags.insert_or_assign(tag.tag, tag);
  for (const auto& tag : others) tags.insert_or_assign(tag.tag, tag);
  for (const auto tag : without) tags.erase(tag);
  std::vector<RawRpmTag> all;
  for (const auto& [number, tag] : tags) all.push_back(tag);
  return all;
}

std::vector<RawRpmTag> file_tags(const std::vector<RawRpmFile>& files) {
  std::vector<std::string> names, folders, digests, links, users, groups;
  std::vector<std::uint32_t> indexes, sizes, modes, times, flags, inodes, devices;
  for (const auto& file : files) {
    const auto slash = file.path.rfind('/');
    const auto folder = file.path.substr(0, slash + 1);
    names.push_back(file.path.substr(slash + 1));
    const auto known = std::find(folders.begin(), folders.end(), folder);
    indexes.push_back(static_cast<std::uint32_t>(known - folders.begin()));
    if (known == folders.end()) folders.push_back(folder);
    const bool plain = (file.mode & type_of_file) == 0100000;
    digests.push_back(plain ? digest(file.content) : "");
    links.push_back(file.link);
    users.push_back(file.user);
    groups.push_back(file.group);
    sizes.push_back(static_cast<std::uint32_t>(is_link(file) ? file.link.size() : file.content.size()));
    modes.push_back(file.mode);
    times.push_back(1700000000);
    flags.push_back(file.flags);
    inodes.push_back(file.inode != 0 ? file.inode : static_cast<std::uint32_t>(1000 + inodes.size()));
    devices.push_back(1);
  }
  return {rpm_numbers32(1028, sizes),  rpm_numbers16(1030, modes),   rpm_numbers32(1034, times),
          rpm_texts(1035, digests),    rpm_texts(1036, links),       rpm_numbers32(1037, flags),
          rpm_texts(1039, users),      rpm_texts(1040, groups),      rpm_numbers32(1095, devices),
          rpm_numbers32(1096, inodes), rpm_numbers32(1116, indexes), rpm_texts(1117, names),
          rpm_texts(1118, folders),    rpm_numbers32(5011, {8})};
}

}  // namespace

std::string big_endian(std::uint64_t value, std::size_t size) {
  std::string text;
  for (std::size_t i = size; i > 0; --i) text += static_cast<char>(value >> (8 * (i - 1)) & 0xffU);
  return text;
}

RawRpmTag rpm_text(std::uint32_t tag, const std::string& text) {
  return {tag, 6, 1, text + '\0'};
}

RawRpmTag rpm_texts(std::uint32_t tag, const std::vector<std::string>& texts) {
  std::string data;
  for (const auto& text : texts) data += text + '\0';
  return {tag, 8, static_cast<std::uint32_t>(texts.size()), data};
}

RawRpmTag rpm_numbers16(std::uint32_t tag, const std::vector<std::uint32_t>& numbers) {
  std::string data;
  for (const auto number : numbers) data += big_endian(number, 2);
  return {tag, 3, static_cast<std::uint32_t>(numbers.size()), data};
}

RawRpmTag rpm_numbers32(std::uint32_t tag, const std::vector<std::uint32_t>& numbers) {
  std::string data;
  for (const auto number : numbers) data += big_endian(number, 4);
  return {tag, 4, static_cast<std::uint32_t>(numbers.size()), data};
}

RawRpmTag rpm_binary(std::uint32_t tag, const std::string& bytes) {
  return {tag, 7, static_cast<std::uint32_t>(bytes.size()), bytes};
}

std::string raw_rpm_structure(std::uint32_t region, const std::vector<RawRpmTag>& tags) {
  std::string store;
  std::string index;
  for (const auto& tag : tags) {
    pad(store, alignment(tag.type));
    index += big_endian(tag.tag, 4) + big_endian(tag.type, 4) + big_endian(store.size(), 4) +
             big_endian(tag.count, 4);
    store += tag.data;
  }
  const auto entries = tags.size() + 1;
  const auto first =
      big_endian(region, 4) + big_endian(7, 4) + big_endian(store.size(), 4) + big_endian(16, 4);
  store += big_endian(region, 4) + big_endian(7, 4) + big_endian(0 - entries * 16, 4) + big_endian(16, 4);
  return std::string("\x8e\xad\xe8\x01\0\0\0\0", 8) + big_endian(entries, 4) + big_endian(store.size(), 4) +
         first + index + store;
}

std::string raw_cpio_entry(const std::string& name, std::uint32_t mode, const std::string& content,
                           std::uint32_t links) {
  char header[128];
  std::snprintf(header, sizeof header, "070701%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x", 1,
                mode, 0, 0, links, 1700000000, content.size(), 0, 0, 0, 0, name.size() + 1, 0);
  std::string entry = header + name + '\0';
  pad(entry, 4);
  entry += content;
  pad(entry, 4);
  return entry;
}

std::string cpio_end() {
  return raw_cpio_entry("TRAILER!!!", 0, "");
}

std::string stored_gzip(const std::string& content) {
  std::string packed("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
  constexpr std::size_t most = 0xffff;
  for (std::size_t at = 0; at == 0 || at < content.size(); at += most) {
    const auto part = content.substr(at, most);
    packed += at + most >= content.size() ? '\x01' : '\0';
    packed += little_endian(part.size(), 2) + little_endian(~part.size() & 0xffffU, 2) + part;
  }
  return packed + little_endian(crc32(content), 4) + little_endian(content.size(), 4);
}

std::string raw_cpio(const std::vector<RawRpmFile>& files) {
  std::string cpio;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto& file = files[i];
    const auto same = [&](const RawRpmFile& other) { return file.inode != 0 && other.inode == file.inode; };
    const auto names = std::max<std::ptrdiff_t>(std::count_if(files.begin(), files.end(), same), 1);
    const bool last = std::none_of(files.begin() + static_cast<std::ptrdiff_t>(i) + 1, files.end(), same);
    if ((file.flags & 64U) != 0) continue;
    cpio += raw_cpio_entry("." + file.path, file.mode,
                           !last           ? ""
                           : is_link(file) ? file.link
                                           : file.content,
                           static_cast<std::uint32_t>(names));
  }
  return cpio + cpio_end();
}

std::string raw_rpm(const RawRpm& rpm) {
  const auto cpio = rpm.cpio.empty() ? raw_cpio(rpm.files) : rpm.cpio;
  const auto payload = rpm.payload.empty() ? stored_gzip(cpio) : rpm.payload;
  std::vector<RawRpmTag> usual{rpm_texts(100, {"C"}),    rpm_text(1000, "app"),
                               rpm_text(1001, "1.0"),    rpm_text(1002, "2"),
                               rpm_text(1014, "MIT"),    rpm_text(1021, "linux"),
                               rpm_text(1022, "x86_64"), rpm_text(1124, "cpio"),
                               rpm_text(1125, "gzip"),   rpm_texts(5092, {digest(payload)}),
                               rpm_numbers32(5093, {8}), rpm_texts(5097, {digest(cpio)})};
  usual[0].type = 8;
  if (!rpm.files.empty()) {
    const auto files = file_tags(rpm.files);
    usual.insert(usual.end(), files.begin(), files.end());
  }
  const auto header = raw_rpm_structure(63, changed(usual, rpm.tags, rpm.without));
  const auto size = static_cast<std::uint32_t>(header.size() + payload.size());
  const auto signatures = raw_rpm_structure(
      62,
      changed({rpm_binary(268, rpm.signature), rpm_text(273, digest(header)), rpm_numbers32(1000, {size})},
              rpm.signature_tags, rpm.signatures_without));
  std::string file("\xed\xab\xee\xdb\x03\0\0\0\0\x01", 10);
  file += rpm.lead_name;
  file.resize(76, '\0');
  file += std::string("\0\x01\0\x05", 4);
  file.resize(96, '\0');
  file += signatures;
  pad(file, 8);
  return file + header + payload;
}

}  // namespace sallyport::testkit
