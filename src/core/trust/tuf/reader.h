// SPDX-License-Identifier: Apache-2.0
// Reading members of TUF metadata out of a JSON tree. Everything that does not fit is tuf_malformed with the
// place. For the parsers of this folder.
#pragma once

#include <string>
#include <string_view>

#include "core/base/time.h"
#include "core/format/json_tree.h"

namespace sallyport::tuf {

class Reader {
 public:
  Reader(const JsonNode& node, std::string where) : node_(&node), where_(std::move(where)) {}

  Error malformed(std::string_view expected, std::string_view found = {}) const;
  const std::string& where() const { return where_; }
  const JsonNode& node() const { return *node_; }

  bool has(std::string_view name) const;  // there, and not null
  Result<Reader> member(std::string_view name) const;
  Result<std::string> text(std::size_t size_max) const;
  Result<std::uint64_t> number(std::uint64_t min) const;
  // Each element or member with its place, at most `count_max`.
  Result<std::vector<Reader>> elements(std::size_t count_max) const;
  Result<std::vector<std::pair<std::string, Reader>>> members(std::size_t count_max) const;
  // RFC 3339; a fraction of a second is cut off, an offset is taken into account.
  Result<Instant> time() const;

 private:
  const JsonNode* node_;
  std::string where_;
};

}  // namespace sallyport::tuf
