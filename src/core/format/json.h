// SPDX-License-Identifier: Apache-2.0
// Strict JSON (RFC 8259) for everything that comes from outside. Refused: duplicate members, a byte order
// mark, comments, trailing commas, bytes that are not UTF-8, depth above 32, anything after the value, and
// numbers other than whole ones from 0 to 2^53 (the others have no single meaning). All refusals carry the
// code that the caller's format names.
//
//   JsonDocument document = TRY(JsonDocument::parse(bytes, size_max, Code::policy_malformed));
//   JsonObject top = TRY(document.object());
//   auto name = TRY(top.text("name", 200));
//   TRY(top.finish());                          // refuses members that nobody asked for
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.h"

namespace boost::json {
class value;
class object;
}  // namespace boost::json

namespace sallyport {

class JsonArray;

// One object being read: each member is taken once, by name and type, and finish() refuses what is left.
// A view into a JsonDocument, which must outlive it.
class JsonObject {
 public:
  JsonObject(const boost::json::object& object, std::string where, Code code);

  Result<std::string> text(std::string_view name, std::size_t size_max);  // plain text (is_plain_text) only
  Result<std::string> lines(std::string_view name,
                            std::size_t size_max);  // text that may hold line ends, e.g. PEM
  Result<std::uint64_t> number(std::string_view name, std::uint64_t max);
  Result<JsonObject> object(std::string_view name);
  Result<JsonArray> array(std::string_view name, std::size_t count_max);
  // True when the member is there and has not been taken yet: for members that a format declares optional.
  bool has(std::string_view name) const;
  Result<void> expect(std::string_view name, std::string_view exact_text);
  Result<void> finish() const;

  // For keys that are data (maps): every name, in order.
  std::vector<std::string> names() const;

  const std::string& where() const { return where_; }  // "sources[0]"
  Error malformed(std::string_view member, std::string_view expected, std::string_view found = {}) const;

 private:
  Result<const boost::json::value*> take(std::string_view name);
  const boost::json::object* object_;
  std::vector<std::string_view> taken_;
  std::string where_;
  Code code_;
};

class JsonArray {
 public:
  JsonArray(const boost::json::value& array, std::string where, Code code);
  std::size_t size() const;
  // For lists whose items may be written in a short and in a long form.
  bool is_object(std::size_t index) const;
  Result<JsonObject> object(std::size_t index) const;
  Result<std::string> text(std::size_t index, std::size_t size_max) const;
  Result<std::string> lines(std::size_t index, std::size_t size_max) const;

 private:
  const boost::json::value* array_;
  std::string where_;
  Code code_;
};

class JsonDocument {
 public:
  static Result<JsonDocument> parse(BytesView text, std::uint64_t size_max, Code code);
  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  ~JsonDocument();

  Result<JsonObject> object() const;
  Result<JsonArray> array(std::size_t count_max) const;

 private:
  struct State;
  explicit JsonDocument(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace sallyport
