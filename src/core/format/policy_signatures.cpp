// SPDX-License-Identifier: Apache-2.0
#include "core/format/policy_parts.h"

namespace sallyport::parts {
namespace {

constexpr std::size_t kinds_max = 2;

Result<SignatureKind> kind_named(const std::string& text, const JsonObject& object,
                                 const std::string& member) {
  for (const auto kind : {SignatureKind::classical, SignatureKind::post_quantum}) {
    if (text == name(kind)) return kind;
  }
  return object.malformed(member, "classical or post-quantum", text);
}

Result<RequiredKinds> read_kinds(JsonObject& object, std::string_view member) {
  if (!object.has(member)) return RequiredKinds();
  const auto array = TRY(object.array(member, kinds_max));
  if (array.size() == 0) return object.malformed(member, "at least one", "none");
  SignatureKinds kinds;
  for (std::size_t i = 0; i < array.size(); ++i) {
    const auto text = TRY(array.text(i, 40));
    const auto place = fields::indexed(std::string(member), i);
    if (!kinds.insert(TRY(kind_named(text, object, place))).second)
      return object.malformed(place, "each once", text);
  }
  return RequiredKinds(std::move(kinds));
}

}  // namespace

Result<SignatureRules> read_signature_rules(JsonObject& top) {
  if (!top.has("signatures")) return SignatureRules();
  auto object = TRY(top.object("signatures"));
  auto statements = TRY(read_kinds(object, "statements"));
  auto packages = TRY(read_kinds(object, "packages"));
  TRY(object.finish());
  if (statements.any_one() && packages.any_one())
    return top.malformed("signatures", "statements, packages or both", "neither");
  return SignatureRules{std::move(statements), std::move(packages)};
}

}  // namespace sallyport::parts
