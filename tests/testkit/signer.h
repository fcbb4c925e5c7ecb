// SPDX-License-Identifier: Apache-2.0
// A signer whose key follows from its name (statements.h): one of the policy's persons or intakes, or nobody.
#pragma once

#include "adapters/signer/port.h"
#include "testkit/statements.h"

namespace sallyport::testkit {

class TestSigner final : public Signer {
 public:
  explicit TestSigner(std::string_view name) : key_(name) {}
  PublicKey public_key() const override { return key_.public_key(); }
  Result<Bytes> sign(BytesView message) override {
    ++signatures_;
    return key_.sign(message);
  }
  Result<Bytes> sign_cms(BytesView, const std::vector<Certificate>&) override {
    return Error(Code::not_supported, "a test signer's CMS");
  }
  int signatures() const { return signatures_; }

 private:
  TestKey key_;
  int signatures_ = 0;
};

}  // namespace sallyport::testkit
