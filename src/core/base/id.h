// SPDX-License-Identifier: Apache-2.0
// Identifiers: names that are neither paths nor URLs nor free text. One grammar for all of them:
// 1 to 64 of a-z 0-9 . _ - , beginning with a letter or digit, never "..": safe to show, to log and to
// compare.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace sallyport {

Result<void> check_identifier(std::string_view text, std::string_view what);

template <class Tag>
class Id {
 public:
  static Result<Id> parse(std::string_view text) {
    TRY(check_identifier(text, Tag::what));
    return Id(std::string(text));
  }
  const std::string& text() const { return text_; }
  auto operator<=>(const Id&) const = default;

 private:
  explicit Id(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

struct PersonTag {
  static constexpr std::string_view what = "person";
};
struct RoleTag {
  static constexpr std::string_view what = "role";
};
struct SourceTag {
  static constexpr std::string_view what = "source";
};
struct ProductTag {
  static constexpr std::string_view what = "product";
};
struct PoolTag {
  static constexpr std::string_view what = "pool";
};
struct NodeTag {
  static constexpr std::string_view what = "node";
};
struct IntakeTag {
  static constexpr std::string_view what = "intake";
};
struct ServiceTag {
  static constexpr std::string_view what = "service";
};

using PersonId = Id<PersonTag>;
using RoleId = Id<RoleTag>;
using SourceId = Id<SourceTag>;
using ProductId = Id<ProductTag>;
using PoolId = Id<PoolTag>;
using NodeId = Id<NodeTag>;
using IntakeId = Id<IntakeTag>;
using ServiceId = Id<ServiceTag>;

}  // namespace sallyport
