// SPDX-License-Identifier: Apache-2.0
#include "core/install/checkpoint.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  using namespace sallyport::install;
  const BytesView bytes(data, size);
  const auto journal = parse_journal(bytes);
  if (journal.ok()) {
    Link link = first_link();
    std::string printed;
    std::uint64_t number = 0;
    for (const auto& record : journal.value().records) {
      const auto line = print_record(record, ++number, link);
      printed += line.text;
      link = line.link;
    }
    CHECK(printed == as_text(bytes.first(static_cast<std::size_t>(journal.value().valid_size))));
    const auto state = fold(journal.value());
    CHECK(!state.ok() || state.value().records == number);
  }
  const auto checkpoint = parse_checkpoint(bytes);
  if (checkpoint.ok()) CHECK(print_checkpoint(checkpoint.value()) == as_text(bytes));
  return 0;
}
