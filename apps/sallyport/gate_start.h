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
  // after_another: what goes on where another one stood is no beginning, and its end would open what that one kept
  // closed. So it is never refused.
  enum class Kind : unsigned char { beginning, after_another };
  static Result<std::unique_ptr<GateStart>> create(Kind kind);
  ~GateStart();
  GateStart(const GateStart&) = delete;
  GateStart& operator=(const GateStart&) = delete;

  // What was found once the ways that the policy names were tried under terms that are in force; nothing: they are
  // closed. The first time is the last; at most 512 bytes of it are kept.
  void decide(const std::optional<std::string>& open);

  bool is_decided() const;
  bool is_ready() const;                       // it goes on
  std::optional<std::string> refused() const;  // what was found

  // The custodian was told to end: the one that keeps the books writes it down.
  void set_ending();
  bool is_ending() const;

 private:
  struct Layout;
  GateStart(Layout* layout, Kind kind) : layout_(layout), kind_(kind) {}
  Layout* layout_;
  const Kind kind_;
};

}  // namespace sallyport::cli
