// SPDX-License-Identifier: Apache-2.0
#include "core/tlog/witness_answer.h"

#include "testkit/tlog.h"

namespace sallyport::tlog {
namespace {

Code refusal(unsigned status, std::string_view type, std::string_view body) {
  const auto answer = parse_witness_answer(status, type, body);
  EXPECT_FALSE(answer.ok());
  return answer.ok() ? Code::internal_error : answer.error().code;
}

TEST(WitnessAnswer, Cosignatures) {
  const auto text = vector_file("arche2025h1.checkpoint");
  const auto lines = text.substr(text.find("\n\n") + 2);
  const auto answer = parse_witness_answer(200, "", lines).value();
  EXPECT_EQ(std::get<0>(answer).size(), parse_note(text).value().signatures.size());
  EXPECT_EQ(refusal(200, "", ""), Code::note_malformed);
  EXPECT_EQ(refusal(200, "text/html", "<html>\n"), Code::note_malformed);
  EXPECT_EQ(refusal(200, "", lines.substr(0, lines.size() - 1)), Code::note_malformed);
}

TEST(WitnessAnswer, Size) {
  EXPECT_EQ(std::get<1>(parse_witness_answer(409, "text/x.tlog.size", "0\n").value()).size, 0U);
  const auto type = "text/x.tlog.size; charset=utf-8";
  EXPECT_EQ(std::get<1>(parse_witness_answer(409, type, "20852163\n").value()).size, 20852163U);
  EXPECT_EQ(print_tree_size(20852163), "20852163\n");
  for (const auto* bad : {"", "\n", "5", "05\n", "-1\n", "5\n5\n", "5 \n", "9223372036854775808\n", "five\n"})
    EXPECT_EQ(refusal(409, "text/x.tlog.size", bad), Code::server_refused) << bad;
  for (const auto* bad : {"", "text/plain", "text/x.tlog.sizes"})
    EXPECT_EQ(refusal(409, bad, "5\n"), Code::server_refused) << bad;
}

TEST(WitnessAnswer, WhatTheProtocolCallsEachRefusal) {
  for (const auto& [code, status] :
       std::vector<std::pair<Code, unsigned>>{{Code::witness_request_malformed, 400},
                                              {Code::log_signature_invalid, 403},
                                              {Code::log_unknown, 404},
                                              {Code::log_forked, 422}}) {
    EXPECT_EQ(http_status(code), status);
    EXPECT_EQ(refusal(status, "text/plain", "whatever"), code);
  }
  EXPECT_EQ(http_status(Code::witness_behind), 409U);
  EXPECT_EQ(http_status(Code::note_malformed), 400U);
  EXPECT_EQ(http_status(Code::disk_full), 500U);
  EXPECT_EQ(http_status(Code::log_damaged), 500U);
  for (const unsigned status : {0U, 100U, 201U, 204U, 301U, 401U, 418U, 500U, 503U})
    EXPECT_EQ(refusal(status, "", ""), Code::server_refused) << status;
}

TEST(WitnessAnswerAttack, N08_WhatItSaysIsShownEscaped) {
  const auto answer = parse_witness_answer(500, "", "\x1b[2J\nPASS");
  EXPECT_EQ(answer.error().found.find('\x1b'), std::string::npos);
  EXPECT_EQ(answer.error().found.find('\n'), std::string::npos);
  EXPECT_EQ(refusal(200, "", std::string(witness_answer_size_max + 1, 'x')), Code::server_refused);
}

}  // namespace
}  // namespace sallyport::tlog
