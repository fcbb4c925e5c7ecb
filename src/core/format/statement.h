// SPDX-License-Identifier: Apache-2.0
// The frame of our statements: in-toto Statement v1 with one subject that has one sha256 digest.
// docs/spec/statement.md. The text is one JSON object of the members _type, subject, predicateType,
// predicate, in this order, without white space but one line end after it.
#pragma once

#include <string>
#include <string_view>

#include "core/crypto/digest.h"
#include "core/format/json.h"

namespace sallyport {

// The payload type of the envelope.
constexpr std::string_view statement_payload_type = "application/vnd.in-toto+json";

constexpr std::uint64_t statement_size_max = 3ULL << 20U;

struct StatementSubject {
  std::string name;  // a label for people, 1 to 255 bytes
  Sha256Digest digest;
};

struct StatementFrame {
  StatementSubject subject;
  JsonObject predicate;  // for the caller to read and finish; a view into the document
};

// statement_type_mismatch when the text is a statement of another predicateType, else statement_malformed. Of the whole
// of a statement parse_statement() is the reader: this function alone accepts several spellings.
Result<StatementFrame> read_statement(const JsonDocument& document, std::string_view predicate_type);

std::string print_statement(const StatementSubject& subject, std::string_view predicate_type,
                            std::string_view predicate_json);

// Refuses (statement_malformed) unless both are the same bytes.
Result<void> check_spelling(BytesView received, std::string_view printed);

// A statement from its bytes: what `read` takes from the document, if `print` spells it as it was received.
template <class T>
Result<T> parse_statement(BytesView payload, Result<T> (*read)(const JsonDocument&),
                          std::string (*print)(const T&)) {
  const auto document = TRY(JsonDocument::parse(payload, statement_size_max, Code::statement_malformed));
  auto statement = TRY(read(document));
  TRY(check_spelling(payload, print(statement)));
  return statement;
}

// What kind of statement the text says it is. Nothing is verified: for choosing the right check, and for
// messages.
Result<std::string> predicate_type_of(BytesView payload);

}  // namespace sallyport
