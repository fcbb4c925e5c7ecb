// SPDX-License-Identifier: Apache-2.0
#include "core/base/eicar.h"

namespace sallyport {

std::string eicar_test_file() {
  // Every character moved on by one; volatile, so that no compiler moves them back.
  static const volatile char moved[] =
      "Y6P\"Q&ABQ\\5]Q[Y65)Q_*8DD*8~%FJDBS.TUBOEBSE.BOUJWJSVT.UFTU.GJMF\"%I,I+";
  std::string text;
  for (std::size_t i = 0; i + 1 < sizeof moved; ++i) text += static_cast<char>(moved[i] - 1);
  return text;
}

}  // namespace sallyport
