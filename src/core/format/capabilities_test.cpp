// SPDX-License-Identifier: Apache-2.0
#include "core/format/capabilities.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

TEST(Capabilities, AreWrittenAsTheKernelReadsThem) {
  // As `setcap cap_net_bind_service,cap_bpf=ep` writes it.
  const std::vector<std::string> names = {"cap_bpf", "cap_net_bind_service"};
  const Bytes attribute = encode_capabilities(names).value();
  EXPECT_EQ(hex(attribute), "0100000200040000000000008000000000000000");
  EXPECT_EQ(decode_capabilities(attribute, Code::input_refused).value(), names);
  EXPECT_EQ(encode_capabilities({"cap_all"}).error().code, Code::not_supported);
}

TEST(CapabilitiesAttack, B26_AttributesThatSayMore) {
  for (const char* bad : {"", "01000002", "0100000300040000000000008000000000000000",  // revision 3
                          "0000000200040000000000008000000000000000",                  // not effective
                          "0100000200040000010000008000000000000000",                  // inheritable
                          "0100000200040000000000008000000001000000",                  //
                          "0100000200040000000000000002000000000000",                  // unknown number 41
                          "010000020004000000000000800000000000000000"}) {
    const auto attribute = parse_hex(bad, 32).value();
    EXPECT_EQ(decode_capabilities(attribute, Code::input_refused).error().code, Code::input_refused) << bad;
  }
}

}  // namespace
}  // namespace sallyport
