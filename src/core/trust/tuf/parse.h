// SPDX-License-Identifier: Apache-2.0
// The parts that all roles' files have. For the parsers of this folder.
#pragma once

#include "core/trust/tuf/metadata.h"
#include "core/trust/tuf/reader.h"

namespace sallyport::tuf {

enum class Flag : std::uint8_t { no, yes };

struct Document {
  explicit Document(JsonNode node) : root(std::move(node)) {}
  static Result<Document> parse(BytesView json, std::uint64_t size_max);
  JsonNode root;
};

struct Opened {
  Reader body;  // the member "signed"; a view into the document
  SignedBytes signed_bytes;
};

Result<Opened> open(const Document& document);

// Hexadecimal digits as they are compared here.
std::string lower(std::string text);

// The keys that can be used, by their identifiers; the others are left out.
using Keys = std::map<std::string, Key, std::less<>>;
Result<Keys> parse_keys(const Reader& keys);

// "keyids" and "threshold" of a role.
Result<Authority> parse_authority(const Reader& role, const Keys& keys);

}  // namespace sallyport::tuf
