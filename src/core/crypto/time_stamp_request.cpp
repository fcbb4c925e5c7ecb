// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/time_stamp_request.h"

#include <openssl/ts.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/crypto/cms_outline.h"
#include "core/crypto/der.h"
#include "core/crypto/openssl.h"

namespace sallyport {
namespace {

using Request = openssl::Owned<TS_REQ, TS_REQ_free>;
using Imprint = openssl::Owned<TS_MSG_IMPRINT, TS_MSG_IMPRINT_free>;
using Algorithm = openssl::Owned<X509_ALGOR, X509_ALGOR_free>;
using Integer = openssl::Owned<ASN1_INTEGER, ASN1_INTEGER_free>;

constexpr auto malformed = Code::time_stamp_malformed;
constexpr std::uint8_t utf8_string = 0x0c;

Integer integer_of(BytesView nonce) {
  const openssl::Number number(BN_bin2bn(nonce.data(), static_cast<int>(nonce.size()), nullptr));
  return Integer(number == nullptr ? nullptr : BN_to_ASN1_INTEGER(number.get(), nullptr));
}

// Status and reason of a PKIStatusInfo; granted, or granted with modifications, which are looked at in the
// token itself.
Result<void> check_status(BytesView content) {
  DerReader status(content, malformed);
  const auto number = TRY(status.next(der::integer)).content;
  if (number.size() == 1 && number[0] <= 1) return {};
  std::string reason = "status " + hex(number);
  if (status.next_is(der::sequence)) {
    DerReader texts(TRY(status.next()).content, malformed);
    while (!texts.at_end()) reason += ": " + printable(as_text(TRY(texts.next(utf8_string)).content));
  }
  return Error(Code::time_stamp_not_granted, "time stamp authority", "a time stamp", reason);
}

Result<Bytes> token_of(BytesView reply) {
  if (reply.size() > time_stamp_size_max)
    return Error(malformed, "reply", "at most 64 KiB", std::to_string(reply.size()) + " bytes");
  TRY(check_der(reply, malformed));
  DerReader outer(reply, malformed);
  DerReader reader(TRY(outer.next(der::sequence)).content, malformed);
  TRY(check_status(TRY(reader.next(der::sequence)).content));
  if (reader.at_end()) return Error(malformed, "reply", "a time stamp", "none");
  auto token = copy(TRY(reader.next(der::sequence)).whole);
  TRY(reader.end());
  return token;
}

Result<void> check_nonce(const TimeStampInfo& info, BytesView nonce) {
  const auto digits = [](BytesView number) {
    return Bytes(std::ranges::find_if(number, [](std::uint8_t byte) { return byte != 0; }), number.end());
  };
  if (info.nonce && digits(*info.nonce) == digits(nonce)) return {};
  return Error(Code::time_stamp_invalid, "nonce", "the one of the question", info.nonce ? "another" : "none");
}

}  // namespace

Result<Bytes> print_time_stamp_query(BytesView signature, BytesView nonce) {
  const openssl::ErrorQueue queue;
  const Request request(TS_REQ_new());
  const Imprint imprint(TS_MSG_IMPRINT_new());
  const Algorithm algorithm(X509_ALGOR_new());
  const auto number = integer_of(nonce);
  const auto digest = sha256(signature);
  Bytes bytes(digest.bytes().begin(), digest.bytes().end());
  const bool made =
      request && imprint && algorithm && number &&
      X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr) == 1 &&
      TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) == 1 &&
      TS_MSG_IMPRINT_set_msg(imprint.get(), bytes.data(), static_cast<int>(bytes.size())) == 1 &&
      TS_REQ_set_version(request.get(), 1) == 1 &&
      TS_REQ_set_msg_imprint(request.get(), imprint.get()) == 1 &&
      TS_REQ_set_nonce(request.get(), number.get()) == 1 && TS_REQ_set_cert_req(request.get(), 1) == 1;
  auto query = made ? openssl::to_der(request.get(), i2d_TS_REQ) : Bytes();
  if (query.empty()) return Error(Code::internal_error, "time stamp query");
  return query;
}

Result<TimeStampReply> read_time_stamp_reply(BytesView reply, BytesView signature, BytesView nonce) {
  auto token = TRY(token_of(reply));
  const auto outline = read_cms_outline(token, CmsKind::time_stamp);
  if (!outline.ok()) {
    const auto& error = outline.error();
    return Error(malformed, error.where, error.expected, error.found);
  }
  const auto info = TRY(read_time_stamp_info(outline.value().content));
  std::vector<Certificate> embedded;
  for (const auto& der : outline.value().certificates) embedded.push_back(TRY(Certificate::from_der(der)));
  if (embedded.empty()) return Error(malformed, "certificates", "that of the authority", "none");
  auto stamp = TRY(verify_time_stamp(token, signature, embedded, info.time));
  TRY(check_nonce(info, nonce));
  return TimeStampReply{std::move(token), std::move(stamp)};
}

}  // namespace sallyport
