// SPDX-License-Identifier: Apache-2.0
#include "core/format/tree_fields.h"

namespace sallyport {

Result<std::uint32_t> read_owner(JsonObject& from, std::string_view member) {
  return static_cast<std::uint32_t>(TRY(from.number(member, UINT32_MAX - 1)));
}

Result<RelativePath> read_path(JsonObject& from, std::string_view member) {
  const auto text = TRY(from.text(member, tree_text_size_max));
  auto path = RelativePath::parse(text);
  if (path.ok()) return path;
  Error error = from.malformed(member, "a plain relative path", text);
  error.code = Code::path_invalid;
  return error;
}

Result<std::vector<std::string>> read_texts(JsonObject& from, std::string_view member,
                                            std::size_t count_max) {
  const auto array = TRY(from.array(member, count_max));
  std::vector<std::string> texts;
  texts.reserve(array.size());
  for (std::size_t i = 0; i < array.size(); ++i) texts.push_back(TRY(array.text(i, tree_text_size_max)));
  return texts;
}

}  // namespace sallyport
