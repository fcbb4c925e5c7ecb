// SPDX-License-Identifier: Apache-2.0
#include "testkit/raw_deb.h"

#include <cstdio>

namespace sallyport::testkit {
namespace {

constexpr std::size_t block_size = 512;

std::string octal(std::size_t value, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%0*zo", digits, value);
  return text;
}

std::string filled(std::string text, std::size_t size, char with) {
  text.resize(size, with);
  return text;
}

void put(std::string& block, std::size_t at, const std::string& text) {
  block.replace(at, text.size(), text);
}

}  // namespace

std::string raw_tar_entry(const RawTarEntry& entry) {
  std::string block(block_size, '\0');
  put(block, 0, entry.name.substr(0, 100));
  put(block, 100, "0000644");
  put(block, 108, "0000000");
  put(block, 116, "0000000");
  put(block, 124, entry.size_field.empty() ? octal(entry.content.size(), 11) : entry.size_field);
  put(block, 136, "00000000000");
  put(block, 148, "        ");
  block[156] = entry.type;
  put(block, 157, entry.link.substr(0, 100));
  put(block, 257, entry.magic);
  std::size_t sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  put(block, 148, octal(sum, 6) + std::string("\0 ", 2));
  const auto padded = (entry.content.size() + block_size - 1) / block_size * block_size;
  return block + filled(entry.content, padded, '\0');
}

std::string tar_end() {
  return std::string(2 * block_size, '\0');
}

std::string pax_record(const std::string& key, const std::string& value) {
  const auto rest = " " + key + "=" + value + "\n";
  auto size = rest.size();
  while (std::to_string(size).size() + rest.size() != size) ++size;
  return std::to_string(size) + rest;
}

std::string raw_ar(const std::vector<RawArMember>& members) {
  std::string out = "!<arch>\n";
  for (const auto& [name, content, size_field] : members) {
    const auto size = size_field.empty() ? std::to_string(content.size()) : size_field;
    out += filled(name, 16, ' ') + filled("0", 12, ' ') + filled("0", 6, ' ') + filled("0", 6, ' ') +
           filled("100644", 8, ' ') + filled(size, 10, ' ') + "`\n" + content;
    if (content.size() % 2 == 1) out += '\n';
  }
  return out;
}

std::string raw_deb(const std::string& data_tar) {
  const auto control =
      raw_tar_entry({"./control", "Package: mme\nVersion: 1.0\nArchitecture: amd64\n"}) + tar_end();
  return raw_ar({{"debian-binary", "2.0\n"}, {"control.tar", control}, {"data.tar", data_tar}});
}

}  // namespace sallyport::testkit
