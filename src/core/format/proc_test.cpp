// SPDX-License-Identifier: Apache-2.0
#include "core/format/proc.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sallyport {
namespace {

constexpr std::string_view udp =
    "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
    " 2218: 0100007F:084B 00000000:0000 07 00000000:00000000 00:00000000 00000000  4000        0 14190\n"
    " 5240: 0100007F:D419 0200007F:084C 01 00000000:00000000 00:00000000 00000000  4000        0 14191\n";
constexpr std::string_view tcp6 =
    "  sl  local_address                         remote_address                        st\n"
    "   0: 00000000000000000000000001000000:0F1C 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 77\n"
    "   1: 00000000000000000000000001000000:1000 00000000000000000000000001000000:0F1C 01 0:0 0:0 0 0 0 78\n";
constexpr std::string_view sctp =
    " ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS\n"
    "ffff8 ffff9 2   10  3    36412     0 21432 127.0.0.1\n";

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Proc, FindsABoundUdpPort) {
  EXPECT_THAT(sockets_on(udp, {Protocol::udp, 2123}), ElementsAre(14190));
  EXPECT_THAT(sockets_on(udp, {Protocol::udp, 2152}), IsEmpty());
}

TEST(Proc, ARemotePortIsNotBound) {
  EXPECT_THAT(sockets_on(udp, {Protocol::udp, 2124}), IsEmpty());
}

TEST(Proc, TcpCountsOnlyWhenItListens) {
  EXPECT_THAT(sockets_on(tcp6, {Protocol::tcp, 3868}), ElementsAre(77));
  EXPECT_THAT(sockets_on(tcp6, {Protocol::tcp, 4096}), IsEmpty());
}

TEST(Proc, FindsAnSctpEndpoint) {
  EXPECT_THAT(sockets_on(sctp, {Protocol::sctp, 36412}), ElementsAre(21432));
  EXPECT_THAT(sockets_on(sctp, {Protocol::sctp, 21432}), IsEmpty());
}

TEST(Proc, WhatIsNoTableHasNoPort) {
  for (const std::string_view text : {"", "\n\n", ":", "a b", "1: 0100007F084B 0:0 07 4 5 6 7 8 9",
                                      "1: :084Bx 0:0 07 4 5 6 7 8 9", "1: 0:084B 0:0 07 4 5 6 7 8 x"}) {
    EXPECT_THAT(sockets_on(text, {Protocol::udp, 2123}), IsEmpty()) << text;
  }
}

TEST(Proc, StartTimeIsReadBehindAHostileName) {
  const std::string rest = " S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 987654 20 21\n";
  EXPECT_EQ(parse_start_ticks("12 (sh)" + rest).value(), 987654U);
  EXPECT_EQ(parse_start_ticks("12 (a) S 9 9 (b)" + rest).value(), 987654U);
  EXPECT_FALSE(parse_start_ticks("12 (sh) S 1 2").ok());
  EXPECT_FALSE(parse_start_ticks("").ok());
  EXPECT_EQ(parse_parent("12 (a) S 9 9 (b)" + rest).value(), 1);
  EXPECT_FALSE(parse_parent("12 (sh) S").ok());
}

constexpr std::string_view maps =
    "00400000-0040b000 r-xp 00000000 fe:00 247134                     /usr/bin/a b (deleted)\n"
    "7f0000001000-7f0000002000 r--p 00000000 fe:00 9                  /usr/lib/data.so\n"
    "7f0000003000-7f0000004000 rwxp 00000000 00:00 0 \n"
    "7f0000004000-7f0000005000 --xs 00000000 00:01 2048               /memfd:x (deleted)\n"
    "7ffc00000000-7ffc00002000 r-xp 00000000 00:00 0                  [vdso]\n"
    "7ffc00002000-7ffc00003000 rw-p 00000000 00:00 0                  [stack]\n"
    "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0          [vsyscall]\n";

TEST(Proc, TellsCodeOfFilesFromCodeInMemoryAlone) {
  const auto code = parse_mapped_code(maps).value();
  EXPECT_THAT(code.files, ElementsAre("400000-40b000", "7f0000004000-7f0000005000"));
  EXPECT_EQ(code.without_file, 1U);
  // The kernel's own have no file: one that is called like them is none of them.
  EXPECT_THAT(parse_mapped_code("1000-2000 r-xp 0 fe:00 7 [vdso]").value().files, ElementsAre("1000-2000"));
  EXPECT_THAT(parse_mapped_code("").value().files, IsEmpty());
}

TEST(Proc, AMappingThatCannotBeReadIsAFault) {
  for (const std::string_view text :
       {"\n", "1000 r-xp 0 fe:00 7", "1000-2000 r-xp 0 fe:00", "1000-2000 rx 0 fe:00 7",
        "1000-g r-xp 0 fe:00 7", "1000-2000 r-xp 0 fe:00 x"}) {
    EXPECT_FALSE(parse_mapped_code(text).ok()) << text;
  }
}

}  // namespace
}  // namespace sallyport
