// SPDX-License-Identifier: Apache-2.0
// "LZMA alone", the form before xz, has no mark: whoever opens contents and whoever tells which need no opening go by
// the same numbers.
#pragma once

#include "core/base/bytes.h"

namespace sallyport {

// With the first byte of the stream behind the header, which is 0.
constexpr std::size_t lzma_alone_head_size = 14;

// By the first bytes of a content: its header is what xz takes for one.
bool is_lzma_alone(BytesView head);

}  // namespace sallyport
