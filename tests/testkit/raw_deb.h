// SPDX-License-Identifier: Apache-2.0
// .deb files, and the ar and tar archives that they are made of, in which any field can be a lie.
#pragma once

#include <string>
#include <vector>

namespace sallyport::testkit {

struct RawTarEntry {
  std::string name;
  std::string content{};
  char type = '0';
  std::string size_field{};  // 12 bytes as they are; empty for the true size in octal
  std::string link{};
  std::string magic = std::string("ustar\00000", 8);
};
std::string raw_tar_entry(const RawTarEntry& entry);  // header with its check sum, content, padding
std::string tar_end();                                // two blocks of zeros

// "NN path=value\n", the number right.
std::string pax_record(const std::string& key, const std::string& value);

struct RawArMember {
  std::string name;
  std::string content;
  std::string size_field{};  // empty for the true size
};
std::string raw_ar(const std::vector<RawArMember>& members);

// With a true control.tar, and data.tar as given, neither of them compressed.
std::string raw_deb(const std::string& data_tar);

}  // namespace sallyport::testkit
