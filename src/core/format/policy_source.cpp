// SPDX-License-Identifier: Apache-2.0
#include "core/format/policy_source.h"

#include "core/format/fields.h"
#include "core/format/policy_build.h"
#include "core/format/policy_parts.h"

namespace sallyport {
namespace {

constexpr std::size_t anchors_max = 16;
constexpr std::size_t products_max = 256;
constexpr std::size_t lists_max = 64;
constexpr std::size_t list_text_max = 1U << 20U;

// 1 to `count_max` PEM blocks.
template <class T>
Result<std::vector<T>> read_pems(JsonObject& object, std::string_view name, std::size_t count_max,
                                 std::size_t size_max) {
  const auto array = TRY(object.array(name, count_max));
  if (array.size() == 0) return object.malformed(name, "at least one", "none");
  std::vector<T> all;
  for (std::size_t i = 0; i < array.size(); ++i) {
    const auto pem = TRY(array.lines(i, size_max));
    all.push_back(TRY(parts::of_policy(T::from_pem(pem), object, fields::indexed(name, i))));
  }
  return all;
}

enum class Need : std::uint8_t { optional, required };

Result<Need> read_need(JsonObject& object) {
  if (!object.has("need")) return Need::optional;
  const auto text = TRY(object.text("need", 40));
  if (text == "optional") return Need::optional;
  if (text == "required") return Need::required;
  return object.malformed("need", "optional or required", text);
}

Result<void> read_time_stamps(JsonObject& source, SigningAuthority& authority) {
  if (!source.has("time_stamps")) return {};
  auto object = TRY(source.object("time_stamps"));
  authority.time_stamp_anchors =
      TRY(read_pems<Certificate>(object, "anchors", anchors_max, parts::pem_size_max));
  const auto need = TRY(read_need(object));
  authority.time_stamps = need == Need::required ? TimeStamps::required : TimeStamps::optional;
  return object.finish();
}

Result<void> read_revocation(JsonObject& source, SigningAuthority& authority) {
  if (!source.has("revocation")) return {};
  auto object = TRY(source.object("revocation"));
  const auto need = TRY(read_need(object));
  authority.revocation = need == Need::required ? RevocationNeed::required : RevocationNeed::if_known;
  if (object.has("crls"))
    authority.lists = TRY(read_pems<RevocationList>(object, "crls", lists_max, list_text_max));
  return object.finish();
}

}  // namespace

Result<Source> read_source(JsonObject& object) {
  auto id = TRY(fields::parsed<SourceId>(object, "id"));
  auto products = TRY(fields::parsed_set<ProductId>(object, "products", products_max));
  SigningAuthority authority;
  authority.anchors = TRY(read_pems<Certificate>(object, "anchors", anchors_max, parts::pem_size_max));
  TRY(read_time_stamps(object, authority));
  TRY(read_revocation(object, authority));
  auto attestations = TRY(read_attestation_rules(object));
  const auto sbom = TRY(read_sbom_need(object));
  return Source{std::move(id), std::move(products), std::move(authority), std::move(attestations), sbom};
}

std::string describe_time_stamps(const SigningAuthority& authority) {
  if (authority.time_stamp_anchors.empty()) return "not looked at";
  std::string names;
  for (const auto& anchor : authority.time_stamp_anchors)
    names += (names.empty() ? "" : ", ") + anchor.subject();
  return "by " + names + (authority.time_stamps == TimeStamps::required ? ", required" : ", if there is one");
}

std::string describe_revocation(const SigningAuthority& authority) {
  const std::string need =
      authority.revocation == RevocationNeed::required ? "has to be known" : "counts as far as it is known";
  return need + ", " + std::to_string(authority.lists.size()) + " list(s) in the policy";
}

}  // namespace sallyport
