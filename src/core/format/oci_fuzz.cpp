// SPDX-License-Identifier: Apache-2.0
#include "core/base/check.h"
#include "core/format/oci.h"

// No text is an index and a manifest at once.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const sallyport::BytesView bytes(data, size);
  static_cast<void>(sallyport::check_oci_layout(bytes));
  static_cast<void>(sallyport::parse_oci_config(bytes));
  const auto index = sallyport::parse_oci_index(bytes);
  const auto manifest = sallyport::parse_oci_manifest(bytes);
  CHECK(!index.ok() || !manifest.ok());
  CHECK(!manifest.ok() || !manifest.value().layers.empty());
  const auto kind = sallyport::kind_of_oci_document(bytes);
  CHECK(!index.ok() || kind.value() == sallyport::OciMedia::index);
  CHECK(!manifest.ok() || kind.value() == sallyport::OciMedia::manifest);
  const auto signatures = sallyport::parse_oci_signatures(bytes);
  CHECK(!signatures.ok() || !index.ok());
  static_cast<void>(sallyport::parse_simple_signing(bytes));
  static_cast<void>(sallyport::signed_by_tag(sallyport::as_text(bytes)));
  return 0;
}
