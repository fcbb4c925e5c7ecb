// SPDX-License-Identifier: Apache-2.0
#include "roles/vendor/documents.h"

#include <fmt/format.h>

#include "core/format/json_writer.h"

namespace sallyport::vendor {
namespace {

// What a package URL leaves as it is; the rest becomes %XX.
std::string url_part(std::string_view text) {
  constexpr std::string_view more = ".-_~:";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       more.find(c) != std::string_view::npos;
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

// Of an .rpm the epoch stands apart from the version, and no distribution is named.
std::string rpm_url(const SourceComponent& component) {
  const auto colon = component.version.find(':');
  const bool epoch = colon != std::string::npos;
  return "pkg:rpm/" + url_part(component.name) + "@" +
         url_part(component.version.substr(epoch ? colon + 1 : 0)) +
         "?arch=" + url_part(component.architecture) +
         (epoch ? "&epoch=" + url_part(component.version.substr(0, colon)) : "");
}

std::string package_url(const SourceComponent& component) {
  if (component.kind == ComponentKind::rpm) return rpm_url(component);
  return "pkg:deb/debian/" + url_part(component.name) + "@" + url_part(component.version) +
         "?arch=" + url_part(component.architecture);
}

}  // namespace

std::string print_sbom(const Names& names, const SourceListing& listing) {
  JsonWriter to;
  to.begin_object().text("bomFormat", "CycloneDX").text("specVersion", "1.5").number("version", 1);
  to.key("metadata").begin_object().key("component").begin_object();
  to.text("type", "application").text("bom-ref", names.name).text("publisher", names.provider);
  to.text("name", names.name).text("version", names.version).end_object().end_object();
  to.key("components").begin_array();
  for (const auto& component : listing.components) {
    const auto url = package_url(component);
    to.begin_object().text("type", "library").text("bom-ref", url);
    to.text("name", component.name).text("version", component.version).text("purl", url).end_object();
  }
  to.end_array().end_object();
  return to.take() + "\n";
}

// Values are identifiers and versions by their grammar, and the provider is quoted as JSON, which YAML contains.
std::string print_descriptor(const Names& names) {
  const std::string provider = JsonWriter().text(names.provider).take();
  return fmt::format(
      "tosca_definitions_version: tosca_simple_yaml_1_3\n"
      "metadata:\n"
      "  template_name: \"{}\"\n"
      "  template_author: {}\n"
      "  template_version: \"{}\"\n"
      "description: \"{}\"\n"
      "topology_template:\n"
      "  node_templates: {{}}\n",
      names.name, provider, names.version, names.product);
}

std::string print_change_log(const Names& names, std::uint64_t counter, Instant released) {
  return fmt::format("{} {} (release counter {}), {}\n", names.name, names.version, counter,
                     released.print());
}

std::string print_licences(const SourceListing& listing) {
  if (!listing.licences.empty()) return listing.licences;
  return "The input of this package names no licence; ask its provider.\n";
}

}  // namespace sallyport::vendor
