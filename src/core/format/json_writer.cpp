// SPDX-License-Identifier: Apache-2.0
#include "core/format/json_writer.h"

#include "core/base/result.h"
#include "core/base/text.h"

namespace sallyport {

void JsonWriter::separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (has_member_.empty()) return;
  if (has_member_.back()) out_ += ',';
  has_member_.back() = true;
}

JsonWriter& JsonWriter::begin_object() {
  separate();
  out_ += '{';
  has_member_.push_back(false);
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  CHECK(!has_member_.empty());
  has_member_.pop_back();
  out_ += '}';
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  separate();
  out_ += '[';
  has_member_.push_back(false);
  return *this;
}

JsonWriter& JsonWriter::end_array() {
  CHECK(!has_member_.empty());
  has_member_.pop_back();
  out_ += ']';
  return *this;
}

namespace {

bool is_verbatim(char c) {
  return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20;
}

void append_escape(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  if (c == '"' || c == '\\') {
    out += '\\';
    out += c;
  } else if (c == '\n') {
    out += "\\n";
  } else if (c == '\t') {
    out += "\\t";
  } else {
    out += "\\u00";
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
}

void append_escaped(std::string& out, std::string_view value) {
  out += '"';
  while (true) {
    std::size_t size = 0;
    while (size < value.size() && is_verbatim(value[size])) ++size;
    out += value.substr(0, size);
    value.remove_prefix(size);
    if (value.empty()) break;
    append_escape(out, value.front());
    value.remove_prefix(1);
  }
  out += '"';
}

}  // namespace

JsonWriter& JsonWriter::key(std::string_view name) {
  CHECK(!has_member_.empty() && !after_key_);
  separate();
  append_escaped(out_, name);
  out_ += ':';
  after_key_ = true;
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
  separate();
  append_escaped(out_, valid_utf8(value));
  return *this;
}

JsonWriter& JsonWriter::number(std::uint64_t value) {
  separate();
  out_ += std::to_string(value);
  return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
  separate();
  out_ += value ? "true" : "false";
  return *this;
}

JsonWriter& JsonWriter::null() {
  separate();
  out_ += "null";
  return *this;
}

JsonWriter& JsonWriter::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

std::string JsonWriter::take() {
  CHECK(has_member_.empty() && !after_key_);
  return std::move(out_);
}

namespace {

// Where the string that begins at `start` ends: behind its closing quote.
std::size_t string_end(std::string_view json, std::size_t start) {
  std::size_t at = start + 1;
  while (json[at] != '"') at += json[at] == '\\' ? 2 : 1;
  return at + 1;
}

}  // namespace

std::string indent_json(std::string_view compact) {
  std::string out;
  std::size_t level = 0;
  const auto new_line = [&] { out += "\n" + std::string(level * 2, ' '); };
  for (std::size_t at = 0; at < compact.size();) {
    const char c = compact[at];
    if (c == '"') {
      const auto end = string_end(compact, at);
      out += compact.substr(at, end - at);
      at = end;
      continue;
    }
    const bool opens = c == '{' || c == '[';
    const bool closes = c == '}' || c == ']';
    const bool empty = closes && (out.back() == '{' || out.back() == '[');
    if (closes) --level;
    if (closes && !empty) new_line();
    out += c;
    if (opens) ++level;
    const bool closes_next = at + 1 < compact.size() && (compact[at + 1] == '}' || compact[at + 1] == ']');
    if ((opens && !closes_next) || c == ',') new_line();
    if (c == ':') out += ' ';
    ++at;
  }
  return out + "\n";
}

}  // namespace sallyport
