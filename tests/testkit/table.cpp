// SPDX-License-Identifier: Apache-2.0
#include "testkit/table.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "testkit/source.h"

namespace sallyport::testkit {

Table read_table(const std::string& path) {
  std::ifstream file(source_file(path));
  Table cells;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::istringstream words(line);
    std::string row;
    std::string column;
    std::string outcome;
    words >> row >> column >> outcome;
    EXPECT_TRUE(cells.emplace(Cell{row, column}, outcome).second) << line;
  }
  return cells;
}

std::size_t expect_same_on_page(const std::string& path, const Table& table,
                                const std::vector<std::string>& columns,
                                const std::function<bool(const std::string&)>& is_row) {
  std::ifstream file(source_file(path));
  std::size_t rows = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("| `", 0) != 0) continue;
    std::vector<std::string> words;
    std::istringstream parts(line);
    for (std::string part; std::getline(parts, part, '|');) {
      std::erase_if(part, [](char c) { return c == ' ' || c == '`'; });
      words.push_back(part);
    }
    if (words.size() != columns.size() + 2 || !is_row(words[1])) continue;
    ++rows;
    for (std::size_t i = 0; i < columns.size(); ++i)
      EXPECT_EQ(words[i + 2], table.at({words[1], columns[i]})) << line;
  }
  return rows;
}

}  // namespace sallyport::testkit
