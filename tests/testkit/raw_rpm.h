// SPDX-License-Identifier: Apache-2.0
// .rpm files, and the header structures and cpio archives that they are made of, in which any field can be a lie.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace sallyport::testkit {

struct RawRpmTag {
  std::uint32_t tag;
  std::uint32_t type;
  std::uint32_t count;
  std::string data;
};
RawRpmTag rpm_text(std::uint32_t tag, const std::string& text);
RawRpmTag rpm_texts(std::uint32_t tag, const std::vector<std::string>& texts);
RawRpmTag rpm_numbers16(std::uint32_t tag, const std::vector<std::uint32_t>& numbers);
RawRpmTag rpm_numbers32(std::uint32_t tag, const std::vector<std::uint32_t>& numbers);
RawRpmTag rpm_binary(std::uint32_t tag, const std::string& bytes);

std::string big_endian(std::uint64_t value, std::size_t size);
// Of one region (62 or 63) with its trailer; the tags in the order given, aligned.
std::string raw_rpm_structure(std::uint32_t region, const std::vector<RawRpmTag>& tags);

std::string raw_cpio_entry(const std::string& name, std::uint32_t mode, const std::string& content,
                           std::uint32_t links = 1);
std::string cpio_end();
std::string stored_gzip(const std::string& content);  // RFC 1952, not compressed

struct RawRpmFile {
  std::string path;  // "/usr/bin/app"
  std::string content{};
  std::uint32_t mode = 0100755;
  std::string link{};
  std::uint32_t inode = 0;  // 0: a number of its own
  std::uint32_t flags = 0;
  std::string user = "root";
  std::string group = "root";
};
std::string raw_cpio(const std::vector<RawRpmFile>& files);  // as the files are

// Everything is made of the files; a member that is not empty takes the place of what would have been made.
struct RawRpm {
  std::vector<RawRpmFile> files{};
  std::string cpio{};
  std::string payload{};
  std::string signature = std::string("\xc2\x06\x04\x00\x16\x08\x00\x00", 8);  // a frame: version 4, SHA-256
  std::vector<RawRpmTag> tags{};            // in place of those of the same number, or added in order
  std::vector<std::uint32_t> without{};     // tags of the header that are left out
  std::vector<RawRpmTag> signature_tags{};  // likewise of the signatures
  std::vector<std::uint32_t> signatures_without{};
  std::string lead_name = "app-1.0-2";
};
std::string raw_rpm(const RawRpm& rpm);

}  // namespace sallyport::testkit
