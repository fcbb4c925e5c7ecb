// SPDX-License-Identifier: Apache-2.0
// JSON of formats that others define, as a tree of plain values: for readers that have to keep members that they do not
// know (TUF). Refused, with the caller's code: duplicate members, bytes that are not UTF-8, a byte order mark,
// comments, trailing commas, depth above 64, more than two million values, anything after the value, and numbers other
// than whole ones of 64 bits.
// For our own formats use json.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/bytes.h"

namespace sallyport {

// Their copies and destructors call each other; parse_json_tree bounds the depth.
// NOLINTBEGIN(misc-no-recursion)
struct JsonMember;

class JsonNode {
 public:
  using Array = std::vector<JsonNode>;
  using Object = std::vector<JsonMember>;  // in the order of the text
  using Value = std::variant<std::nullptr_t, bool, std::int64_t, std::string, Array, Object>;

  // Defined below: a member has to be complete before it can be copied or destroyed.
  JsonNode();
  explicit JsonNode(Value value);
  JsonNode(const JsonNode&);
  JsonNode(JsonNode&&) noexcept;
  JsonNode& operator=(const JsonNode&);
  JsonNode& operator=(JsonNode&&) noexcept;
  ~JsonNode();

  bool is_null() const { return std::holds_alternative<std::nullptr_t>(value_); }
  const bool* boolean() const { return std::get_if<bool>(&value_); }
  const std::int64_t* number() const { return std::get_if<std::int64_t>(&value_); }
  const std::string* text() const { return std::get_if<std::string>(&value_); }
  const Array* array() const { return std::get_if<Array>(&value_); }
  const Object* object() const { return std::get_if<Object>(&value_); }
  const Value& value() const { return value_; }

  // The member of this name; null when this is no object or has none.
  const JsonNode* find(std::string_view name) const;

 private:
  Value value_;
};

struct JsonMember {
  std::string name;
  JsonNode value;
};

inline JsonNode::JsonNode() : value_(nullptr) {}
inline JsonNode::JsonNode(Value value) : value_(std::move(value)) {}
inline JsonNode::JsonNode(const JsonNode&) = default;
inline JsonNode::JsonNode(JsonNode&&) noexcept = default;
inline JsonNode& JsonNode::operator=(const JsonNode&) = default;
inline JsonNode& JsonNode::operator=(JsonNode&&) noexcept = default;
inline JsonNode::~JsonNode() = default;
// NOLINTEND(misc-no-recursion)

// any: for texts of which numbers are not read. One that is not whole, or too large, is null in the tree.
enum class JsonNumbers : std::uint8_t { whole, any };

Result<JsonNode> parse_json_tree(BytesView text, std::uint64_t size_max, Code code,
                                 JsonNumbers numbers = JsonNumbers::whole);

}  // namespace sallyport
