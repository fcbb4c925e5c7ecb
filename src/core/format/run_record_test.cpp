// SPDX-License-Identifier: Apache-2.0
#include "core/format/run_record.h"

#include <gtest/gtest.h>

namespace sallyport {
namespace {

RunRecord sample() {
  return {ServiceId::parse("mme").value(),
          3,
          {4711, 123456},
          {{"pid-namespace", Force::in_force, "sees itself only"},
           {"landlock", Force::not_available, "the kernel has none"}}};
}

TEST(RunRecord, ReadsWhatItPrints) {
  const auto text = print_run_record(sample());
  EXPECT_EQ(text,
            R"({"schema":"sallyport-run/1","service":"mme","generation":3,"pid":4711,"start_ticks":123456,)"
            R"("coverage":[{"facility":"pid-namespace","state":"in-force","detail":"sees itself only"},)"
            R"({"facility":"landlock","state":"not-available","detail":"the kernel has none"}]})"
            "\n");
  const auto read = parse_run_record(as_bytes(text));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value(), sample());
  auto tried = sample();
  tried.closed = {"service-trace", "service-mounts"};
  EXPECT_EQ(parse_run_record(as_bytes(print_run_record(tried))).value(), tried);
}

TEST(RunRecord, RefusesWhatIsNoRecord) {
  const auto good = print_run_record(sample());
  const std::pair<std::string, std::string> changes[] = {{"sallyport-run/1", "sallyport-run/2"},
                                                         {"\"pid\":4711", "\"pid\":0"},
                                                         {"\"pid\":4711", "\"pid\":2147483648"},
                                                         {"\"pid\":4711", "\"pid\":\"4711\""},
                                                         {"\"pid\":4711,", ""},
                                                         {"in-force", "perhaps"},
                                                         {"\"mme\"", "\"../mme\""},
                                                         {"\"generation\"", "\"x\":1,\"generation\""}};
  for (const auto& [from, to] : changes) {
    auto bad = good;
    bad.replace(bad.find(from), from.size(), to);
    EXPECT_FALSE(parse_run_record(as_bytes(bad)).ok()) << bad;
  }
}

}  // namespace
}  // namespace sallyport
