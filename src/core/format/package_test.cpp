// SPDX-License-Identifier: Apache-2.0
// The formats of this folder together: a genuine package, read from the outside in.
#include <gtest/gtest.h>

#include "core/crypto/cms.h"
#include "core/crypto/file_digest.h"
#include "core/format/content.h"
#include "core/format/manifest.h"
#include "core/format/tosca.h"
#include "core/format/zip.h"
#include "testkit/package.h"
#include "testkit/statements.h"

namespace sallyport {
namespace {

using namespace testkit;

TEST(Package, OfTheTestkitIsGenuine) {
  const Bytes package = make_package();
  const MemorySource file(package);
  const ZipDirectory directory = read_zip(file).value();
  const auto layout = package_layout("mme").value();
  ASSERT_EQ(directory.members.size(), layout.members().size());
  for (std::size_t i = 0; i < directory.members.size(); ++i)
    EXPECT_EQ(directory.members[i].name, layout.members()[i]);

  const auto manifest = read_member(file, directory.members[1], manifest_size_max).value();
  const auto split = split_manifest(manifest).value();
  const auto signers = verify_cms(cms_from_pem(as_text(split.cms_block)).value(), split.signed_octets,
                                  Certificate::chain_from_pem(acme().anchor_pem()).value(), test_time());
  ASSERT_TRUE(signers.ok()) << signers.error().where << signers.error().found;
  EXPECT_EQ(parse_manifest(split.signed_octets).value().entries.size(), 7U);

  const Tree tree = parse_tree(read_member(file, directory.members[6], 1U << 20U).value()).value();
  const auto& pack = directory.members[7];
  EXPECT_TRUE(check_pack_size(tree, pack.size).ok());
  ContentReader reader(file, pack.data_offset, pack.size);
  for (const auto& object : tree.objects)
    EXPECT_TRUE(reader.read(object, [](BytesView) { return Result<void>(); }).ok());
}

TEST(Package, OfTheTestkitHasItsKnobs) {
  PackageParts parts = next_release();
  parts.signers = {};
  parts.edit_signed = [](Members& members) { members.pop_back(); };
  const Members members = take_apart(make_package(parts));
  ASSERT_EQ(members.size(), 7U);
  EXPECT_EQ(split_manifest(members[1].content).error().code, Code::signature_missing);
  EXPECT_EQ(parse_tree(members[6].content).value().counter, 2U);
}

TEST(Package, SignedByAnotherVendorIsNotForTheseAnchors) {
  PackageParts parts;
  parts.signers = {&stranger(), &acme()};
  const auto manifest = take_apart(make_package(parts))[1].content;
  const auto split = split_manifest(manifest).value();
  const auto cms = cms_from_pem(as_text(split.cms_block)).value();
  const auto anchors = Certificate::chain_from_pem(acme().anchor_pem()).value();
  EXPECT_EQ(verify_cms(cms, split.signed_octets, anchors, test_time()).error().code, Code::signer_unknown);
  const auto both = Certificate::chain_from_pem(acme().anchor_pem() + stranger().anchor_pem()).value();
  EXPECT_EQ(verify_cms(cms, split.signed_octets, both, test_time()).value().size(), 2U);
}

}  // namespace
}  // namespace sallyport
