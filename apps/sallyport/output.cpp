// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/output.h"

#include <fmt/format.h>
#include <cerrno>
#include <cstdio>

#include "core/base/text.h"

namespace sallyport::cli {
namespace {

std::string row(std::string_view label, std::string_view value) {
  return fmt::format("  {:<12} {}\n", label, printable(value));
}

std::string_view word(Code code) {
  if (exit_of(code) == Exit::usage) return "USAGE";
  return kind_of(code) == Kind::refused ? "REFUSED" : "FAULT";
}

std::string effect_of(const Error& error) {
  return error.effect.empty() ? "Nothing was changed." : error.effect;
}

void write_error(JsonWriter& json, const Error& error) {
  const CodeInfo& about = info(error.code);
  json.key("error").begin_object().text("code", about.name);
  json.text("kind", kind_of(error.code) == Kind::refused ? "refused" : "fault");
  json.number("exit", static_cast<std::uint64_t>(about.exit));
  json.text("meaning", about.meaning)
      .text("where", error.where)
      .text("expected", error.expected)
      .text("found", error.found);
  json.text("effect", effect_of(error)).text("next_step", about.next_step);
  json.key("steps").begin_array();
  for (const auto& step : error.steps) json.text(step);
  json.end_array().end_object();
}

}  // namespace

Output::Output(Form form, std::string command) : form_(form), command_(echoed(std::move(command))) {
  result_.begin_object();
}

void Output::line(std::string_view text) {
  text_.append(text).push_back('\n');
}
void Output::text(std::string_view text) {
  text_.append(text);
}
void Output::field(std::string_view label, std::string_view value) {
  text_ += row(label, value);
}
void Output::next(std::string_view advice) {
  if (!rehearsed_) next_ = advice;
}
void Output::rehearse() {
  rehearsed_ = true;
  result_.key("rehearsal").boolean(true);
}

std::string counted(std::uint64_t count, std::string_view thing) {
  return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

std::string render_error(const Error& error) {
  const CodeInfo& about = info(error.code);
  std::string out = fmt::format("{}  {}  {}\n", word(error.code), about.name, about.meaning);
  if (!error.where.empty()) out += row("where", error.where);
  if (!error.expected.empty()) out += row("expected", error.expected);
  if (!error.found.empty()) out += row("found", error.found);
  for (const auto& step : error.steps) out += row("during", step);
  out += row("effect", effect_of(error));
  return out + fmt::format("Next: {}\n", about.next_step);
}

int Output::finish(const Error* error) {
  int failed = 0;
  const auto put = [&](const std::string& text) {
    if (std::fputs(text.c_str(), stdout) < 0 && failed == 0) failed = errno;
  };
  result_.end_object();
  const std::string result = result_.take();
  if (form_ == Form::json) {
    JsonWriter json;
    json.begin_object()
        .text("schema", "sallyport-output/1")
        .text("command", command_)
        .key("ok")
        .boolean(error == nullptr);
    json.key("result").raw(result);
    if (error != nullptr) write_error(json, *error);
    put(json.end_object().take() + "\n");
  } else {
    if (rehearsed_ && !text_.empty()) put("REHEARSAL (--dry-run): nothing was changed; what would be:\n");
    put(text_);
    if (error == nullptr && !next_.empty()) put(fmt::format("Next: {}\n", next_));
    if (std::fflush(stdout) != 0 && failed == 0) failed = errno;
    if (error != nullptr) std::fputs(render_error(*error).c_str(), stderr);
  }
  if (std::fflush(stdout) != 0 && failed == 0) failed = errno;
  return failed;
}

}  // namespace sallyport::cli
