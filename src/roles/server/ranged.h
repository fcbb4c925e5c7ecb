// SPDX-License-Identifier: Apache-2.0
// Bytes of a file as an answer: the whole of them, or the range that the question names (RFC 9110 §14).
#pragma once

#include <memory>
#include <string>

#include "adapters/https/port.h"

namespace sallyport::server {

struct Served {
  std::shared_ptr<const ByteSource> file;
  std::uint64_t offset;  // where they begin in the file
  std::uint64_t size;
  std::string tag;  // the entity tag, with its quotation marks
  std::string media_type;
};

WebAnswer answer_with_range(const WebQuestion& question, Served served);

}  // namespace sallyport::server
