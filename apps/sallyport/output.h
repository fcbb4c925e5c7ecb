// SPDX-License-Identifier: Apache-2.0
// What a command says. Results go to standard output, everything else to standard error; with --json one
// object, on success and on failure. Text from outside is escaped here (base/text.h) and nowhere else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/format/json_writer.h"

namespace sallyport::cli {

enum class Form : std::uint8_t { text, json };

class Output {
 public:
  Output(Form form, std::string command);

  // For people. line() takes text that is safe already, field() and entry() escape their value.
  void line(std::string_view text);
  void text(std::string_view text);                            // as it is, with its line breaks
  void field(std::string_view label, std::string_view value);  // "signer     CN=…"
  void next(std::string_view advice);                          // "Next: …", the last line
  void rehearse();  // all that is said is only what would be: a line above it says so, and nothing comes next

  // For programs: members of the object "result". Always written, whatever the form; shown with --json.
  JsonWriter& json() { return result_; }

  // Prints what was gathered. `error` is null on success.
  int finish(const Error* error);  // errno of standard output, 0 when all was written

  Form form() const { return form_; }

 private:
  Form form_;
  std::string command_;
  std::string text_;
  std::string next_;
  bool rehearsed_ = false;
  JsonWriter result_;
};

// "REFUSED  member-digest-mismatch  A member of the package is not the one …" and the lines below it.
// "1 package", "2 packages"
std::string counted(std::uint64_t count, std::string_view thing);
std::string render_error(const Error& error);

}  // namespace sallyport::cli
