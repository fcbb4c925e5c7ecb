// SPDX-License-Identifier: Apache-2.0
// Notes, and what they hold when they are checkpoints: what is accepted is printed again as it was.
#include "core/tlog/checkpoint.h"
#include "core/tlog/note.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  const auto text = as_text({data, size});
  (void)tlog::NoteKey::parse(text).ok();
  const auto note = tlog::parse_note(text);
  if (!note.ok()) return 0;
  CHECK(tlog::print_note(note.value()) == text);
  const auto checkpoint = tlog::parse_checkpoint(note.value().text);
  if (checkpoint.ok()) CHECK(note.value().text.starts_with(tlog::print_checkpoint(checkpoint.value())));
  return 0;
}
