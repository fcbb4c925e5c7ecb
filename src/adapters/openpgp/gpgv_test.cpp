// SPDX-License-Identifier: Apache-2.0
#include "adapters/openpgp/gpgv.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "testkit/command.h"

namespace sallyport {
namespace {

namespace fs = std::filesystem;

// A key of gpg's making, and what it has signed.
class GpgvTest : public testing::Test {
 protected:
  GpgvTest() {
    std::string name = "/tmp/sallyport-gpgv-XXXXXX";
    CHECK(::mkdtemp(name.data()) != nullptr);
    top_ = name;
    const auto made = testkit::run(
        "cd " + name +
        " && export GNUPGHOME=$PWD/home && mkdir -m 700 home && G='gpg --batch --quiet --yes' &&"
        " for who in one two; do $G --passphrase '' --quick-generate-key $who ed25519 sign 0 && $G --export "
        "$who >$who.gpg;"
        " done && head -c 3000000 /dev/zero >large && $G -u one --detach-sign -o large.sig large &&"
        " printf 'Origin: x\\n- y\\n' >text && $G -u one --clearsign -o text.asc text && gpgconf --kill all");
    ready_ = made.status == 0;
    said_ = made.output;
  }
  ~GpgvTest() override { fs::remove_all(top_); }
  void SetUp() override { ASSERT_TRUE(ready_) << said_; }

  Bytes file(const std::string& name) const {
    std::ifstream in(top_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }
  static Result<OpenPgpSignature> detached(Gpgv& gpgv, BytesView keyring, BytesView signature,
                                           BytesView content) {
    const auto answer = TRY(gpgv.verify_detached(keyring, signature, MemorySource(content)));
    return parse_openpgp_status(answer.status, OpenPgpCovers::bytes);
  }

  fs::path top_;
  Gpgv gpgv_;
  bool ready_ = false;
  std::string said_;
};

TEST_F(GpgvTest, DetachedSignatures) {
  auto large = file("large");
  const auto signature = file("large.sig");
  const auto good = detached(gpgv_, file("one.gpg"), signature, large);
  ASSERT_TRUE(good.ok()) << good.error().found;
  EXPECT_EQ(good.value().user_id, "one");
  EXPECT_EQ(detached(gpgv_, file("two.gpg"), signature, large).error().code, Code::publisher_unknown);
  large.back() ^= 1;
  EXPECT_EQ(detached(gpgv_, file("one.gpg"), signature, large).error().code,
            Code::publisher_signature_invalid);
  large.pop_back();
  EXPECT_EQ(detached(gpgv_, file("one.gpg"), signature, large).error().code,
            Code::publisher_signature_invalid);
  // It does not read the file at all, and nobody is ended by that.
  EXPECT_FALSE(detached(gpgv_, file("one.gpg"), as_bytes("no signature"), large).ok());
  EXPECT_FALSE(detached(gpgv_, as_bytes("no keyring"), signature, file("large")).ok());
}

TEST_F(GpgvTest, ClearTextIsWhatWasSigned) {
  const auto answer = gpgv_.verify_clear(file("one.gpg"), file("text.asc"), 1000);
  ASSERT_TRUE(answer.ok()) << answer.error().found;
  EXPECT_EQ(as_text(answer.value().text), "Origin: x\n- y\n");
  EXPECT_TRUE(parse_openpgp_status(answer.value().status, OpenPgpCovers::text).ok());
  EXPECT_EQ(gpgv_.verify_clear(file("one.gpg"), file("text.asc"), 5).error().code, Code::input_refused);
  const auto plain = gpgv_.verify_clear(file("one.gpg"), file("text"), 1000);
  EXPECT_FALSE(plain.ok() && parse_openpgp_status(plain.value().status, OpenPgpCovers::text).ok());
}

TEST_F(GpgvTest, NoProgramIsAFault) {
  Gpgv missing("/nonexistent/gpgv");
  const auto answer =
      missing.verify_detached(file("one.gpg"), file("large.sig"), MemorySource(file("large")));
  EXPECT_EQ(answer.error().code, Code::not_supported);
  Gpgv silent("/bin/true");
  EXPECT_EQ(detached(silent, file("one.gpg"), file("large.sig"), file("large")).error().code,
            Code::publisher_signature_missing);
}

}  // namespace
}  // namespace sallyport
