// SPDX-License-Identifier: Apache-2.0
#include "core/base/path.h"

#include "core/base/text.h"

namespace sallyport {
namespace {

constexpr std::size_t path_size_max = 4095;
constexpr std::size_t component_size_max = 255;
constexpr std::size_t components_max = 64;

bool component_fits(std::string_view component) {
  return !component.empty() && component.size() <= component_size_max && component != "." &&
         component != ".." && component.find('\\') == std::string_view::npos && is_plain_text(component);
}

Error invalid(std::string_view text) {
  return {Code::path_invalid, "path", "a plain relative path", printable(text.substr(0, 300))};
}

}  // namespace

Result<RelativePath> RelativePath::parse(std::string_view text) {
  if (text.size() > path_size_max) return invalid(text);
  std::size_t components = 0;
  std::string_view rest = text;
  while (true) {
    const auto slash = rest.find('/');
    if (!component_fits(rest.substr(0, slash)) || ++components > components_max) return invalid(text);
    if (slash == std::string_view::npos) break;
    rest.remove_prefix(slash + 1);
  }
  return RelativePath(std::string(text));
}

std::string_view RelativePath::name() const {
  const auto slash = text_.rfind('/');
  return slash == std::string::npos ? std::string_view(text_) : std::string_view(text_).substr(slash + 1);
}

std::string_view RelativePath::parent() const {
  const auto slash = text_.rfind('/');
  return slash == std::string::npos ? std::string_view() : std::string_view(text_).substr(0, slash);
}

RelativePath RelativePath::child(const RelativePath& below) const {
  return RelativePath(text_ + "/" + below.text_);
}

}  // namespace sallyport
