// SPDX-License-Identifier: Apache-2.0
#include "core/format/json_tree.h"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <limits>

#include "core/base/text.h"

namespace sallyport {
namespace json = boost::json;
namespace {

constexpr std::size_t depth_max = 64;
constexpr std::size_t values_max = 2U << 20U;

class TreeHandler {
 public:
  static constexpr std::size_t max_object_size = 4U << 20U;
  static constexpr std::size_t max_array_size = 4U << 20U;
  static constexpr std::size_t max_key_size = 4096;
  static constexpr std::size_t max_string_size = 64U << 20U;

  JsonNode root;
  std::string problem;
  JsonNumbers numbers = JsonNumbers::whole;
  std::size_t values = 0;

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  // Each value takes some 50 bytes, however few it has in the text.
  bool on_object_begin(json::error_code& error) {
    return values <= values_max ? open(true) : stop("too many values", error);
  }
  bool on_array_begin(json::error_code& error) {
    return values <= values_max ? open(false) : stop("too many values", error);
  }
  bool on_array_end(std::size_t, json::error_code&) {
    auto array = std::move(open_.back().array);
    open_.pop_back();
    return put(JsonNode(std::move(array)));
  }
  bool on_object_end(std::size_t, json::error_code& error) {
    auto object = std::move(open_.back().object);
    open_.pop_back();
    std::vector<std::string_view> names;
    names.reserve(object.size());
    for (const auto& member : object) names.push_back(member.name);
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice != names.end()) return stop("duplicate member " + printable(twice->substr(0, 80)), error);
    return put(JsonNode(std::move(object)));
  }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    text_ += part;
    return true;
  }
  bool on_key(json::string_view part, std::size_t, json::error_code&) {
    text_ += part;
    open_.back().key = std::move(text_);
    text_.clear();
    return true;
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
    text_ += part;
    return true;
  }
  bool on_string(json::string_view part, std::size_t, json::error_code&) {
    text_ += part;
    JsonNode node(std::move(text_));
    text_.clear();
    return put(std::move(node));
  }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t value, json::string_view, json::error_code&) { return put(JsonNode(value)); }
  bool on_uint64(std::uint64_t value, json::string_view, json::error_code& error) {
    if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      if (numbers == JsonNumbers::any) return put(JsonNode(nullptr));
      return stop("a number above 2^63", error);
    }
    return put(JsonNode(static_cast<std::int64_t>(value)));
  }
  bool on_double(double, json::string_view, json::error_code& error) {
    if (numbers == JsonNumbers::any) return put(JsonNode(nullptr));
    return stop("a number that is not whole, or too large", error);
  }
  bool on_bool(bool value, json::error_code&) { return put(JsonNode(value)); }
  bool on_null(json::error_code&) { return put(JsonNode(nullptr)); }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  struct Open {
    bool is_object;
    JsonNode::Array array;
    JsonNode::Object object;
    std::string key;
  };

  bool open(bool is_object) {
    open_.push_back({is_object, {}, {}, {}});
    return true;
  }
  bool put(JsonNode node) {
    ++values;
    if (open_.empty()) {
      root = std::move(node);
    } else if (open_.back().is_object) {
      open_.back().object.push_back({std::move(open_.back().key), std::move(node)});
    } else {
      open_.back().array.push_back(std::move(node));
    }
    return true;
  }
  bool stop(std::string what, json::error_code& error) {
    problem = std::move(what);
    error = json::error::exception;
    return false;
  }
  std::vector<Open> open_;
  std::string text_;
};

}  // namespace

const JsonNode* JsonNode::find(std::string_view name) const {
  const auto* members = object();
  if (members == nullptr) return nullptr;
  const auto found = std::find_if(members->begin(), members->end(),
                                  [&](const JsonMember& member) { return member.name == name; });
  return found == members->end() ? nullptr : &found->value;
}

Result<JsonNode> parse_json_tree(BytesView text, std::uint64_t size_max, Code code, JsonNumbers numbers) {
  if (text.size() > size_max)
    return Error(code, "JSON", "at most " + std::to_string(size_max) + " bytes", std::to_string(text.size()));
  json::parse_options options;
  options.max_depth = depth_max;
  json::basic_parser<TreeHandler> parser(options);
  parser.handler().numbers = numbers;
  json::error_code error;
  const auto chars = as_text(text);
  const auto consumed = parser.write_some(/*more=*/false, chars.data(), chars.size(), error);
  auto& handler = parser.handler();
  if (error || consumed < chars.size()) {
    std::string found = !handler.problem.empty() ? handler.problem
                        : error                  ? error.message()
                                                 : "bytes after the value";
    return Error(code, "JSON at byte " + std::to_string(consumed), "one JSON value", std::move(found));
  }
  return std::move(handler.root);
}

}  // namespace sallyport
