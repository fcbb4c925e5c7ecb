// SPDX-License-Identifier: Apache-2.0
// JSON in one spelling: members in the order of the calls, no white space, only the escapes that JSON
// demands. What is written here and read by json.h is byte for byte reproducible.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport {

class JsonWriter {
 public:
  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);
  JsonWriter& text(std::string_view value);  // bytes that are not UTF-8 become U+FFFD
  JsonWriter& number(std::uint64_t value);
  JsonWriter& boolean(bool value);
  JsonWriter& null();
  JsonWriter& raw(std::string_view json);  // a value that is JSON already

  // Member of an object in one call.
  JsonWriter& text(std::string_view name, std::string_view value) { return key(name).text(value); }
  JsonWriter& number(std::string_view name, std::uint64_t value) { return key(name).number(value); }

  std::string take();  // once; every object and array must be closed

 private:
  void separate();
  std::string out_;
  std::vector<bool> has_member_;  // one for each open object or array
  bool after_key_ = false;
};

// The same JSON with line ends and two blanks a level, for files that people read and edit. `compact` is what
// JsonWriter wrote.
std::string indent_json(std::string_view compact);

}  // namespace sallyport
