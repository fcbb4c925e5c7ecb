// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "core/crypto/cms.h"

namespace sallyport {
namespace {

TEST(Certificate, RefusesWhatIsNoCertificate) {
  for (const auto* text : {"", "x", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
                           "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"}) {
    EXPECT_EQ(Certificate::from_pem(text).error().code, Code::certificate_malformed) << text;
    EXPECT_EQ(Certificate::chain_from_pem(text).error().code, Code::certificate_malformed) << text;
  }
}

}  // namespace
}  // namespace sallyport
