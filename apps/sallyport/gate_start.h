// SPDX-License-Identifier: Apache-2.0
// Whether a gate that begins may go on: found out by the process that keeps the books, acted upon by the custodian. In
// memory that both have; made before the one forks the other.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/base/result.h"

namespace sallyport::cli {

class GateStart {
 public:
  static Result<std::unique_ptr<GateStart>> create();
  ~GateStart();
  GateStart(const GateStart&) = delete;
  GateStart& operator=(const GateStart&) = delete;

  // The first of the two is the last.
  void go_on();
  void refuse(const std::string& found);  // at most 512 bytes of it are kept

  bool is_decided() const;
  std::optional<std::string> refused() const;  // what was found

 private:
  struct Layout;
  explicit GateStart(Layout* layout) : layout_(layout) {}
  Layout* layout_;
};

}  // namespace sallyport::cli
