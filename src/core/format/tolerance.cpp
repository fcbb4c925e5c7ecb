// SPDX-License-Identifier: Apache-2.0
#include "core/format/tolerance.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sallyport {
namespace {

constexpr std::array<ToleranceInfo, 6> infos = {{
    {Tolerance::external_sources, "external-sources",
     "The manifest lists things at addresses elsewhere. They are not fetched, not checked and not part of "
     "what is verified."},
    {Tolerance::key_case, "key-case",
     "Keys of the manifest are written in another case: source: for Source:."},
    {Tolerance::product_names, "product-names",
     "The product's name is no identifier. It is taken in lower case, with - for spaces, to look up who may "
     "sign it."},
    {Tolerance::unknown_keys, "unknown-keys",
     "Metadata of the manifest or lines of TOSCA.meta have keys that no known release of SOL004 describes."},
    {Tolerance::unlisted_tosca_meta, "unlisted-tosca-meta",
     "TOSCA-Metadata/TOSCA.meta is not listed in the manifest, so that no signature covers it."},
    {Tolerance::upper_case_hashes, "upper-case-hashes", "Digests are written with the digits A to F."},
}};

}  // namespace

std::span<const ToleranceInfo> all_tolerances() {
  return infos;
}

std::string_view name(Tolerance what) {
  return infos.at(static_cast<std::size_t>(what)).name;
}

Result<Tolerance> find_tolerance(std::string_view text) {
  std::string names;
  for (const auto& info : infos) {
    if (info.name == text) return info.what;
    names.append(names.empty() ? "" : ", ").append(info.name);
  }
  return Error(Code::usage_error, "--tolerate", names, std::string(text));
}

Leniency::Answer Leniency::meet(Tolerance what, const std::string& where) {
  if (!allowed_.contains(what)) return Answer::refuse;
  const auto found =
      std::find_if(used_.begin(), used_.end(), [&](const Tolerated& one) { return one.what == what; });
  if (found != used_.end()) {
    ++found->count;
  } else {
    used_.push_back({what, where, 1});
  }
  return Answer::passed_over;
}

std::string or_tolerate(std::string expected, Tolerance what) {
  return expected.append(" (--tolerate ").append(name(what)).append(" passes it over)");
}

}  // namespace sallyport
