// SPDX-License-Identifier: Apache-2.0
// A table of outcomes by row and column: as a vector file for programs, and as it stands on a page for people.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace sallyport::testkit {

using Cell = std::pair<std::string, std::string>;  // row, column
using Table = std::map<Cell, std::string>;

// Lines "row column outcome"; lines that begin with '#' and empty ones are passed over. Paths from the top of the tree.
Table read_table(const std::string& path);
// Expects the page to have each row of `is_row` with the table's outcomes; returns how many rows it has.
std::size_t expect_same_on_page(const std::string& path, const Table& table,
                                const std::vector<std::string>& columns,
                                const std::function<bool(const std::string&)>& is_row);

}  // namespace sallyport::testkit
