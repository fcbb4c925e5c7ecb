// SPDX-License-Identifier: Apache-2.0
#include "core/format/json.h"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_stack.hpp>

#include "core/base/text.h"

namespace sallyport {
namespace json = boost::json;
namespace {

constexpr std::size_t depth_max = 32;
constexpr std::uint64_t number_max = 1ULL << 53U;

// Builds the value while the text is parsed, and stops at what Boost would let through: duplicate members and
// numbers that are not whole.
class StrictHandler {
 public:
  static constexpr std::size_t max_object_size = 4U << 20U;
  static constexpr std::size_t max_array_size = 4U << 20U;
  static constexpr std::size_t max_key_size = 4096;
  static constexpr std::size_t max_string_size = 64U << 20U;

  json::value_stack stack;
  std::string problem;

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) {
    keys_.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t count, json::error_code& error) {
    auto& keys = keys_.back();
    std::sort(keys.begin(), keys.end());
    const auto twice = std::adjacent_find(keys.begin(), keys.end());
    if (twice != keys.end()) return stop("duplicate member " + printable(twice->substr(0, 80)), error);
    keys_.pop_back();
    stack.push_object(count);
    return true;
  }
  bool on_array_begin(json::error_code&) { return true; }
  bool on_array_end(std::size_t count, json::error_code&) {
    stack.push_array(count);
    return true;
  }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    key_ += part;
    stack.push_chars(part);
    return true;
  }
  bool on_key(json::string_view part, std::size_t, json::error_code&) {
    key_ += part;
    keys_.back().push_back(std::move(key_));
    key_.clear();
    stack.push_key(part);
    return true;
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
    stack.push_chars(part);
    return true;
  }
  bool on_string(json::string_view part, std::size_t, json::error_code&) {
    stack.push_string(part);
    return true;
  }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t value, json::string_view text, json::error_code& error) {
    if (value < 0 || text.starts_with('-')) return stop("a negative number", error);
    return on_uint64(static_cast<std::uint64_t>(value), text, error);
  }
  bool on_uint64(std::uint64_t value, json::string_view, json::error_code& error) {
    if (value > number_max) return stop("a number above 2^53", error);
    stack.push_uint64(value);
    return true;
  }
  bool on_double(double, json::string_view, json::error_code& error) {
    return stop("a number that is not whole", error);
  }
  bool on_bool(bool value, json::error_code&) {
    stack.push_bool(value);
    return true;
  }
  bool on_null(json::error_code&) {
    stack.push_null();
    return true;
  }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  bool stop(std::string what, json::error_code& error) {
    problem = std::move(what);
    error = json::error::exception;
    return false;
  }
  std::vector<std::vector<std::string>> keys_;
  std::string key_;
};

std::string member(const std::string& where, std::string_view name) {
  return where.empty() ? std::string(name) : where + "." + std::string(name);
}

// Says where in the document a value is; called for the few that are refused.
template <class Where>
Result<std::string> checked_text(const json::value& value, std::size_t size_max, const Where& where,
                                 Code code) {
  if (!value.is_string()) return Error(code, where(), "text", std::string(json::to_string(value.kind())));
  const auto& text = value.get_string();
  if (text.size() > size_max)
    return Error(code, where(), "at most " + std::to_string(size_max) + " bytes",
                 std::to_string(text.size()));
  return std::string(text);
}

template <class Where>
Result<std::string> checked_plain(const json::value& value, std::size_t size_max, const Where& where,
                                  Code code) {
  auto text = TRY(checked_text(value, size_max, where, code));
  if (!is_plain_text(text))
    return Error(code, where(), "text without control or hidden characters", printable(text.substr(0, 80)));
  return text;
}

template <class Where>
Result<std::string> checked_lines(const json::value& value, std::size_t size_max, const Where& where,
                                  Code code) {
  auto text = TRY(checked_text(value, size_max, where, code));
  std::string joined;
  std::copy_if(text.begin(), text.end(), std::back_inserter(joined), [](char c) { return c != '\n'; });
  if (!is_plain_text(joined))
    return Error(code, where(), "lines without control or hidden characters", printable(text.substr(0, 80)));
  return text;
}

// Whether one letter more, less, exchanged or moved by one place makes one of the other.
bool is_slip_of(std::string_view one, std::string_view other) {
  if (one.size() > other.size()) std::swap(one, other);
  if (other.size() < 3 || other.size() - one.size() > 1) return false;
  const auto same = static_cast<std::size_t>(
      std::mismatch(one.begin(), one.end(), other.begin(), other.end()).first - one.begin());
  const auto rest = one.substr(same);
  const auto other_rest = other.substr(same);
  if (one.size() < other.size()) return rest == other_rest.substr(1);
  if (rest.empty()) return true;
  if (rest.substr(1) == other_rest.substr(1)) return true;
  return rest.size() > 1 && rest[0] == other_rest[1] && rest[1] == other_rest[0] &&
         rest.substr(2) == other_rest.substr(2);
}

// Of a member that is not there: what stands in its place, if it is nearly its name.
std::string found_instead(const std::vector<std::string>& names, std::string_view name) {
  const auto near =
      std::find_if(names.begin(), names.end(), [&](const auto& other) { return is_slip_of(name, other); });
  return near == names.end() ? "none" : "none, but " + *near;
}

}  // namespace

JsonObject::JsonObject(const json::object& object, std::string where, Code code)
    : object_(&object), where_(std::move(where)), code_(code) {}

Error JsonObject::malformed(std::string_view name, std::string_view expected, std::string_view found) const {
  return {code_, member(where_, name), std::string(expected), printable(found.substr(0, 200))};
}

bool JsonObject::has(std::string_view name) const {
  return object_->contains(json::string_view(name.data(), name.size())) &&
         std::find(taken_.begin(), taken_.end(), name) == taken_.end();
}

Result<const json::value*> JsonObject::take(std::string_view name) {
  const auto* found = object_->find(json::string_view(name.data(), name.size()));
  if (found == object_->end()) return malformed(name, "a member of this name", found_instead(names(), name));
  taken_.emplace_back(found->key().data(), found->key().size());
  return &found->value();
}

Result<std::string> JsonObject::text(std::string_view name, std::size_t size_max) {
  const auto* value = TRY(take(name));
  return checked_plain(
      *value, size_max, [&] { return member(where_, name); }, code_);
}

Result<std::string> JsonObject::lines(std::string_view name, std::size_t size_max) {
  const auto* value = TRY(take(name));
  return checked_lines(
      *value, size_max, [&] { return member(where_, name); }, code_);
}

Result<std::uint64_t> JsonObject::number(std::string_view name, std::uint64_t max) {
  const auto* value = TRY(take(name));
  if (!value->is_uint64()) return malformed(name, "a whole number", json::to_string(value->kind()));
  if (value->get_uint64() > max)
    return malformed(name, "at most " + std::to_string(max), std::to_string(value->get_uint64()));
  return value->get_uint64();
}

Result<JsonObject> JsonObject::object(std::string_view name) {
  const auto* value = TRY(take(name));
  if (!value->is_object()) return malformed(name, "an object", json::to_string(value->kind()));
  return JsonObject(value->get_object(), member(where_, name), code_);
}

Result<JsonArray> JsonObject::array(std::string_view name, std::size_t count_max) {
  const auto* value = TRY(take(name));
  if (!value->is_array()) return malformed(name, "an array", json::to_string(value->kind()));
  const auto count = value->get_array().size();
  if (count > count_max)
    return malformed(name, "at most " + std::to_string(count_max) + " items", std::to_string(count));
  return JsonArray(*value, member(where_, name), code_);
}

Result<void> JsonObject::expect(std::string_view name, std::string_view exact_text) {
  const auto found = TRY(text(name, 4096));
  if (found != exact_text) return malformed(name, exact_text, found);
  return {};
}

Result<void> JsonObject::finish() const {
  for (const auto& entry : *object_) {
    const std::string_view name(entry.key().data(), entry.key().size());
    if (std::find(taken_.begin(), taken_.end(), name) == taken_.end()) {
      return malformed(printable(name.substr(0, 80)), "no member of this name", "one");
    }
  }
  return {};
}

std::vector<std::string> JsonObject::names() const {
  std::vector<std::string> all;
  for (const auto& entry : *object_) all.emplace_back(entry.key().data(), entry.key().size());
  return all;
}

JsonArray::JsonArray(const json::value& array, std::string where, Code code)
    : array_(&array), where_(std::move(where)), code_(code) {}

std::size_t JsonArray::size() const {
  return array_->get_array().size();
}

bool JsonArray::is_object(std::size_t index) const {
  CHECK(index < size());
  return array_->get_array()[index].is_object();
}

Result<JsonObject> JsonArray::object(std::size_t index) const {
  CHECK(index < size());
  const auto& value = array_->get_array()[index];
  std::string where = where_ + "[" + std::to_string(index) + "]";
  if (!value.is_object())
    return Error(code_, std::move(where), "an object", std::string(json::to_string(value.kind())));
  return JsonObject(value.get_object(), std::move(where), code_);
}

Result<std::string> JsonArray::text(std::size_t index, std::size_t size_max) const {
  CHECK(index < size());
  return checked_plain(
      array_->get_array()[index], size_max, [&] { return where_ + "[" + std::to_string(index) + "]"; },
      code_);
}

Result<std::string> JsonArray::lines(std::size_t index, std::size_t size_max) const {
  CHECK(index < size());
  return checked_lines(
      array_->get_array()[index], size_max, [&] { return where_ + "[" + std::to_string(index) + "]"; },
      code_);
}

struct JsonDocument::State {
  json::value value;
  Code code;
};

JsonDocument::JsonDocument(std::unique_ptr<State> state) : state_(std::move(state)) {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

Result<JsonDocument> JsonDocument::parse(BytesView text, std::uint64_t size_max, Code code) {
  if (text.size() > size_max) {
    return Error(code, "JSON", "at most " + std::to_string(size_max) + " bytes", std::to_string(text.size()));
  }
  json::parse_options options;
  options.max_depth = depth_max;
  json::basic_parser<StrictHandler> parser(options);
  auto& handler = parser.handler();
  handler.stack.reset(json::make_shared_resource<json::monotonic_resource>());
  json::error_code error;
  const auto chars = as_text(text);
  const auto consumed = parser.write_some(/*more=*/false, chars.data(), chars.size(), error);
  if (error || consumed < chars.size()) {
    const std::string found = !handler.problem.empty() ? handler.problem
                              : error                  ? error.message()
                                                       : "bytes after the value";
    return Error(code, "JSON at byte " + std::to_string(consumed), "one JSON value of the strict form",
                 found);
  }
  return JsonDocument(std::make_unique<State>(State{handler.stack.release(), code}));
}

Result<JsonObject> JsonDocument::object() const {
  if (!state_->value.is_object())
    return Error(state_->code, "JSON", "an object", std::string(json::to_string(state_->value.kind())));
  return JsonObject(state_->value.get_object(), "", state_->code);
}

Result<JsonArray> JsonDocument::array(std::size_t count_max) const {
  if (!state_->value.is_array())
    return Error(state_->code, "JSON", "an array", std::string(json::to_string(state_->value.kind())));
  const auto count = state_->value.get_array().size();
  if (count > count_max)
    return Error(state_->code, "JSON", "at most " + std::to_string(count_max) + " items",
                 std::to_string(count));
  return JsonArray(state_->value, "", state_->code);
}

}  // namespace sallyport
