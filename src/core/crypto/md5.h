// SPDX-License-Identifier: Apache-2.0
// MD5 (RFC 1321), to compare files with what a package database says of them, which knows no other digest. Nothing is
// trusted because of it: it tells what was changed by accident or by hand.
#pragma once

#include <memory>
#include <string>

#include "core/base/bytes.h"

namespace sallyport {

class Md5 {
 public:
  Md5();
  ~Md5();
  Md5(const Md5&) = delete;
  Md5& operator=(const Md5&) = delete;

  void update(BytesView bytes);
  std::string finish();  // once; 32 hexadecimal digits

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sallyport
