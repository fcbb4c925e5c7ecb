// SPDX-License-Identifier: Apache-2.0
#include "adapters/tree_source/rpms.h"

#include <gtest/gtest.h>

#include "testkit/raw_rpm.h"

namespace sallyport {
namespace {

using namespace testkit;

class Held final : public ByteSource {
 public:
  explicit Held(std::string text) : text_(std::move(text)), source_(as_bytes(text_)) {}
  std::uint64_t size() const override { return source_.size(); }
  Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> into) const override {
    return source_.read_at(offset, into);
  }

 private:
  std::string text_;
  MemorySource source_;
};

RpmTreeSource tree_of(const std::vector<RawRpm>& rpms) {
  std::vector<SourceFileName> files;
  for (const auto& rpm : rpms)
    files.push_back(
        {"file" + std::to_string(files.size()) + ".rpm", std::make_shared<const Held>(raw_rpm(rpm))});
  return RpmTreeSource(files);
}
RawRpm usual() {
  RawRpm rpm;
  rpm.files = {{"/usr/bin/app", "program"},
               {"/usr/bin/start", "", 0120777, "app"},
               {"/opt/app", "", 0040750},
               {"/var/log/app.log", "", 0100640, "", 0, 64},
               {"/usr/share/licenses/app/COPYING", "words\n", 0100644, "", 0, 128}};
  return rpm;
}
RawRpm with_cpio(const std::string& cpio) {
  auto rpm = usual();
  rpm.cpio = cpio;
  return rpm;
}
Code refusal(const RawRpm& rpm) {
  const auto listing = tree_of({rpm}).list();
  return listing.ok() ? Code::internal_error : listing.error().code;
}
std::string content(RpmTreeSource& tree, const SourceListing& listing, std::size_t index) {
  auto file = tree.open(index).value();
  Bytes bytes(listing.entries[index].size);
  EXPECT_TRUE(file->read(bytes).ok());
  return std::string(as_text(bytes));
}

TEST(RpmTree, ListsWhatTheHeaderAndThePayloadSay) {
  auto tree = tree_of({usual()});
  const auto listed = tree.list();
  ASSERT_TRUE(listed.ok()) << listed.error().expected << ": " << listed.error().found;
  const auto& listing = listed.value();
  ASSERT_EQ(listing.entries.size(), 4U);  // the ghost is nothing that is there
  EXPECT_EQ(listing.entries[0].path.text(), "usr/bin/app");
  EXPECT_EQ(listing.entries[0].mode, 0755U);
  EXPECT_EQ(listing.entries[1].link_target, "app");
  EXPECT_EQ(listing.entries[1].mode, 0777U);
  EXPECT_EQ(listing.entries[2].type, EntryType::directory);
  EXPECT_EQ(listing.entries[2].mode, 0750U);
  EXPECT_EQ(listing.architecture, "x86_64");
  EXPECT_EQ(listing.newest.print(), "2023-11-14T22:13:20Z");
  ASSERT_EQ(listing.components.size(), 1U);
  EXPECT_EQ(listing.components[0].version, "1.0-2");
  EXPECT_EQ(listing.licences, "== app 1.0-2\n\nMIT\nwords\n\n");
  EXPECT_EQ(content(tree, listing, 3), "words\n");
  EXPECT_EQ(content(tree, listing, 0), "program");  // back to the beginning
}

TEST(RpmTree, PayloadsThatAreOtherwiseThanTheHeader) {
  const auto app = raw_cpio_entry("./usr/bin/app", 0100755, "program");
  const auto rest = raw_cpio_entry("./usr/bin/start", 0120777, "app") +
                    raw_cpio_entry("./opt/app", 0040750, "") +
                    raw_cpio_entry("./usr/share/licenses/app/COPYING", 0100644, "words\n");
  EXPECT_EQ(refusal(with_cpio(rest + app + cpio_end())), Code::internal_error);  // in another order
  for (const auto& other : {
           raw_cpio_entry("./usr/bin/app", 0100755, "Program"),    // another content
           raw_cpio_entry("./usr/bin/app", 0100755, "programs"),   // another size
           raw_cpio_entry("./usr/bin/app", 0100755, ""),           // none
           raw_cpio_entry("./usr/bin/app", 0100755, "", 2),        // none, of a file of several names
           raw_cpio_entry("./usr/bin/app", 0104755, "program"),    // C23: set-user-ID in the payload alone
           raw_cpio_entry("./usr/bin/app", 0120755, "program"),    // a link
           raw_cpio_entry("./usr/bin/other", 0100755, "program"),  // another name
           raw_cpio_entry("/usr/bin/app", 0100755, "program"),     // another spelling
           raw_cpio_entry("././usr/bin/app", 0100755, "program"),
           raw_cpio_entry("./usr/bin/../bin/app", 0100755, "program"),
           app + app,                                               // twice
           app + raw_cpio_entry("./etc/passwd", 0100644, "x"),      // more than the header has
           app + raw_cpio_entry("./var/log/app.log", 0100640, ""),  // the ghost
           std::string(),                                           // less
       })
    EXPECT_EQ(refusal(with_cpio(rest + other + cpio_end())), Code::archive_malformed) << other.substr(0, 140);
  const auto link = raw_cpio_entry("./usr/bin/start", 0120777, "ass");
  EXPECT_EQ(
      refusal(with_cpio(app + link + rest.substr(raw_cpio_entry("./usr/bin/start", 0120777, "app").size()) +
                        cpio_end())),
      Code::archive_malformed);
}

// The last of the names has the content, which may not come from elsewhere.
TEST(RpmTree, FilesOfSeveralNames) {
  RawRpm rpm;
  rpm.files = {{"/a", "same", 0100755, "", 7},
               {"/b", "same", 0100755, "", 7},
               {"/c", "same", 0100755, "", 7},
               {"/d", "other"}};
  auto tree = tree_of({rpm});
  const auto listing = tree.list().value();
  ASSERT_EQ(listing.entries.size(), 4U);
  EXPECT_EQ(listing.entries[0].path.text(), "c");
  EXPECT_FALSE(listing.entries[0].same_as.has_value());
  EXPECT_EQ(listing.entries[2].path.text(), "a");
  EXPECT_EQ(listing.entries[2].same_as, 0U);
  EXPECT_EQ(content(tree, listing, 0), "same");
  EXPECT_EQ(content(tree, listing, 1), "other");
  rpm.files[1].content = "four";  // as long, and of another digest
  EXPECT_EQ(refusal(rpm), Code::archive_malformed);
  rpm.files[1].content = "same";
  rpm.files[1].mode = 0104755;
  EXPECT_EQ(refusal(rpm), Code::archive_malformed);
  rpm.files[1].mode = 0100755;
  rpm.cpio = raw_cpio_entry("./a", 0100755, "", 3) + raw_cpio_entry("./b", 0100755, "", 3) +
             raw_cpio_entry("./c", 0100755, "", 3) + raw_cpio_entry("./d", 0100755, "other") + cpio_end();
  EXPECT_EQ(refusal(rpm), Code::archive_malformed);  // content nowhere
  rpm.cpio = raw_cpio(rpm.files);
  ASSERT_EQ(refusal(rpm), Code::internal_error);
  rpm.cpio.replace(38, 8, "00000001");  // of one name, in the payload alone
  EXPECT_EQ(refusal(rpm), Code::archive_malformed);
}

TEST(RpmTree, B19_BytesBehindTheEnd) {
  const auto whole = raw_cpio(usual().files);
  EXPECT_EQ(refusal(with_cpio(whole + std::string(511, '\0'))), Code::internal_error);
  EXPECT_EQ(refusal(with_cpio(whole + std::string(512, '\0'))), Code::archive_malformed);
  EXPECT_EQ(refusal(with_cpio(whole + "x")), Code::archive_malformed);
  EXPECT_EQ(refusal(with_cpio(whole + whole)), Code::archive_malformed);
  const auto end = cpio_end();
  EXPECT_EQ(refusal(with_cpio(whole.substr(0, whole.size() - end.size()))), Code::archive_malformed);
  EXPECT_EQ(refusal(with_cpio(whole.substr(0, whole.size() - end.size() - 1))), Code::archive_malformed);
}

TEST(RpmTree, B15_B16_HeadersOfCpio) {
  const auto whole = raw_cpio(usual().files);
  const auto with = [&](std::size_t at, const std::string& text) {
    auto cpio = whole;
    cpio.replace(at, text.size(), text);
    return refusal(with_cpio(cpio));
  };
  EXPECT_EQ(with(0, "070702"), Code::archive_malformed);     // with check sums
  EXPECT_EQ(with(0, "070707"), Code::archive_malformed);     // an old form
  EXPECT_EQ(with(54, "ffffffff"), Code::archive_malformed);  // size
  EXPECT_EQ(with(54, "0000000g"), Code::archive_malformed);
  EXPECT_EQ(with(54, " 0000007"), Code::archive_malformed);
  EXPECT_EQ(with(54, "-0000007"), Code::archive_malformed);
  EXPECT_EQ(with(94, "ffffffff"), Code::archive_malformed);  // size of the name: nothing is allocated for it
  EXPECT_EQ(with(94, "00000000"), Code::archive_malformed);
  EXPECT_EQ(with(94, "0000000d"), Code::archive_malformed);             // without its end
  EXPECT_EQ(with(102, "00000001"), Code::archive_malformed);            // a sum
  EXPECT_EQ(with(112, std::string(1, '\0')), Code::archive_malformed);  // a name in a name
  EXPECT_EQ(with(whole.size() - 1, "x"), Code::archive_malformed);      // padding
}

TEST(RpmTree, PayloadsInAnotherCompression) {
  auto rpm = usual();
  rpm.tags = {rpm_text(1125, "xz")};
  EXPECT_EQ(refusal(rpm), Code::archive_malformed);
  rpm.tags.clear();
  rpm.payload = raw_cpio(rpm.files);  // in none
  EXPECT_EQ(refusal(rpm), Code::archive_malformed);
  rpm.payload = stored_gzip(raw_cpio(rpm.files));
  rpm.payload.resize(rpm.payload.size() - 30);
  EXPECT_EQ(refusal(rpm), Code::archive_malformed);
  rpm.payload =
      stored_gzip(raw_cpio(rpm.files) + std::string(4, '\0'));  // not what the header says comes out
  EXPECT_EQ(refusal(rpm), Code::archive_malformed);
}

TEST(RpmTree, SeveralAreOneTree) {
  RawRpm other;
  other.files = {{"/usr/lib/other.so", "library"}, {"/opt/app", "", 0040750}};
  other.tags = {rpm_text(1000, "other")};
  other.lead_name = "other-1.0-2";
  auto tree = tree_of({usual(), other});
  const auto listing = tree.list().value();
  ASSERT_EQ(listing.entries.size(), 5U);
  EXPECT_EQ(content(tree, listing, 4), "library");
  EXPECT_EQ(content(tree, listing, 0), "program");
  EXPECT_EQ(listing.components[1].name, "other");
  other.files[1].mode = 0040755;
  EXPECT_EQ(tree_of({usual(), other}).list().error().code, Code::archive_malformed);
  other.files[1] = {"/usr/bin/app", "program"};
  EXPECT_EQ(tree_of({usual(), other}).list().error().code, Code::archive_malformed);
  other.files.pop_back();
  other.tags.push_back(rpm_text(1022, "aarch64"));
  EXPECT_EQ(tree_of({usual(), other}).list().error().code, Code::archive_malformed);
  other.tags.back() = rpm_text(1022, "noarch");
  EXPECT_EQ(tree_of({other, usual()}).list().value().architecture, "x86_64");
  other.tags.back() = rpm_text(1022, "pdp11");
  EXPECT_EQ(refusal(other), Code::archive_malformed);
}

}  // namespace
}  // namespace sallyport
