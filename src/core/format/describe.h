// SPDX-License-Identifier: Apache-2.0
// Statements as named values, for screens: all of what is signed, in its order.
#pragma once

#include <string>
#include <vector>

#include "core/format/order.h"
#include "core/format/verdict.h"

namespace sallyport {

struct Field {
  std::string name;  // as in the signed bytes
  std::string value;
};

// Every field of an order. Does not compile when the order has one that it does not know.
std::vector<Field> order_fields(const Order& order);
// What a verdict says about the scan; the fields that name the package are for the caller.
std::vector<Field> verdict_fields(const Verdict& verdict);

// Values with letters outside of ASCII, with their code points: "version: U+0430". They may be what they look like,
// or look like something else; control, bidirectional and invisible characters were refused when the text was read.
std::vector<std::string> odd_letters(const std::vector<Field>& fields);

}  // namespace sallyport
