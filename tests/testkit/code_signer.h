// SPDX-License-Identifier: Apache-2.0
// A vendor for tests: a CA of its own and a code-signing certificate, ECDSA P-256, made anew for each process.
// Valid from a year before test_time() (statements.h) to ten years after it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/base/bytes.h"

namespace sallyport::testkit {

class CodeSigner {
 public:
  explicit CodeSigner(const std::string& vendor);
  CodeSigner(const std::string& vendor,
             const char* algorithm);  // of its CA, too: OpenSSL's name, "ML-DSA-65"
  CodeSigner(const std::string& vendor, const CodeSigner& issuer);  // a P-256 key under another one's CA

  std::string anchor_pem() const;       // the CA's certificate, for a policy
  std::string certificate_pem() const;  // the leaf
  std::string private_pem() const;      // PKCS#8, of the leaf

  // A list of the CA, issued at test_time() less an hour for ten years.
  enum class Lists : unsigned char { nothing, the_leaf };
  Bytes revocation_list(long number, Lists lists) const;  // the leaf: for keyCompromise, a day before

 private:
  friend Bytes sign_cms(BytesView content, const std::vector<const CodeSigner*>& signers);
  struct State;
  std::shared_ptr<State> state_;
};

// One detached CMS with a SignerInfo for each of them.
Bytes sign_cms(BytesView content, const std::vector<const CodeSigner*>& signers);

// The vendors that a policy of statements.h can be made for: "acme" signs test packages unless told otherwise.
const CodeSigner& acme();
const CodeSigner& stranger();

}  // namespace sallyport::testkit
