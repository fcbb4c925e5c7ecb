// SPDX-License-Identifier: Apache-2.0
#include "core/format/zip_names.h"

#include "core/base/text.h"

namespace sallyport::zip {
namespace {

// Windows and the FAT family drop dots and spaces at the end of a component.
std::string without_tails(std::string_view path) {
  std::string out;
  for (const char c : path) {
    if (c == '/') {
      while (!out.empty() && (out.back() == '.' || out.back() == ' ')) out.pop_back();
    }
    out.push_back(c);
  }
  while (!out.empty() && (out.back() == '.' || out.back() == ' ')) out.pop_back();
  return out;
}

Error taken(const RelativePath& name) {
  return {Code::zip_name_duplicate, name.text(),
          "a name that no other member has, in whatever case and form of letters", "one that another has"};
}

}  // namespace

Result<void> NameSet::add_folder(const RelativePath& name) {
  const auto key = without_tails(TRY(folded(name.text())));
  const auto duplicate = taken(name);
  if (names_.contains(key) || !own_folders_.insert(key).second) return duplicate;
  for (auto slash = key.find('/'); slash != std::string::npos; slash = key.find('/', slash + 1)) {
    if (names_.contains(key.substr(0, slash))) return duplicate;
    folders_.insert(key.substr(0, slash));
  }
  folders_.insert(key);
  return {};
}

Result<void> NameSet::add(const RelativePath& name) {
  const auto key = without_tails(TRY(folded(name.text())));
  const auto duplicate = taken(name);
  if (folders_.contains(key) || !names_.insert(key).second) return duplicate;
  for (auto slash = key.find('/'); slash != std::string::npos; slash = key.find('/', slash + 1)) {
    const auto folder = key.substr(0, slash);
    if (names_.contains(folder)) return duplicate;
    folders_.insert(folder);
  }
  return {};
}

}  // namespace sallyport::zip
