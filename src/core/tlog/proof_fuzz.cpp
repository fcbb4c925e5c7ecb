// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/proof.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sallyport;
  const auto proof = tlog::parse_proof(as_text({data, size}));
  if (!proof.ok()) return 0;
  const auto again = tlog::parse_proof(tlog::print_proof(proof.value()));
  CHECK(again.ok() && tlog::print_proof(again.value()) == tlog::print_proof(proof.value()));
  const tlog::Head head{proof.value().index + 1, tlog::empty_root()};
  CHECK(!tlog::check_inclusion(tlog::leaf_hash({}), proof.value().index, proof.value().path, head).ok());
  return 0;
}
