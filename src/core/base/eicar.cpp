// SPDX-License-Identifier: Apache-2.0
#include "core/base/eicar.h"

#include <utility>

namespace sallyport {

std::string eicar_test_file() {
  // Every character moved on by one; volatile, so that no compiler moves them back.
  static const volatile char moved[] =
      "Y6P\"Q&ABQ\\5]Q[Y65)Q_*8DD*8~%FJDBS.TUBOEBSE.BOUJWJSVT.UFTU.GJMF\"%I,I+";
  std::string text;
  for (std::size_t i = 0; i + 1 < sizeof moved; ++i) text += static_cast<char>(moved[i] - 1);
  return text;
}

namespace {

class BitWriter {
 public:
  void put(unsigned bit) {
    if (count_ % 8 == 0) bytes_ += '\0';
    bytes_.back() = static_cast<char>(static_cast<unsigned char>(bytes_.back()) | (bit << (count_ % 8)));
    ++count_;
  }
  // A Huffman code, which goes out with its highest bit first.
  void code(unsigned value, unsigned length) {
    for (unsigned i = length; i > 0; --i) put((value >> (i - 1)) & 1U);
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
  unsigned count_ = 0;
};

}  // namespace

std::string eicar_deflated() {
  BitWriter bits;
  bits.put(1);  // the last block,
  bits.put(1);  // with the fixed codes
  bits.put(0);
  // Literals below 144, and EICAR is ASCII: eight bits from 00110000.
  for (const char c : eicar_test_file()) bits.code(0x30U + static_cast<unsigned char>(c), 8);
  bits.code(0, 7);  // end of block
  return bits.take();
}

}  // namespace sallyport
