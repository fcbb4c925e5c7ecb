// SPDX-License-Identifier: Apache-2.0
#include "roles/vendor/timestamp.h"

#include "core/crypto/cms.h"
#include "core/crypto/cms_edit.h"
#include "core/crypto/ocsp.h"
#include "roles/vendor/signed_package.h"

namespace sallyport::vendor {
namespace {

constexpr std::size_t nonce_size = 8;

Result<OwnPackage> read_signed(const ByteSource& package, Workers& workers) {
  auto own = TRY(read_own_package(package, workers));
  if (own.cms.empty()) return Error(Code::signature_missing, "manifest", "a signature", "none");
  return own;
}

Bytes nonce_for(BytesView signature) {
  Hasher hasher(Sha2::sha256);
  hasher.update(as_bytes("sallyport time stamp query"));
  hasher.update(signature);
  Bytes nonce = hasher.finish();
  nonce.resize(nonce_size);
  nonce.front() |= 1U;  // a number has no leading zeros
  return nonce;
}

// Of each block what stamps are over; of a second one that is not there, nothing.
struct SignatureValues {
  std::vector<Bytes> first;
  std::vector<Bytes> second;

  std::vector<Bytes> all() const {
    auto values = first;
    values.insert(values.end(), second.begin(), second.end());
    return values;
  }
};

Result<SignatureValues> values_of(const OwnPackage& own) {
  SignatureValues values{TRY(signatures_of(own.cms)), {}};
  if (!own.second_cms.empty()) values.second = TRY(signatures_of(own.second_cms));
  return values;
}

struct Answers {
  std::vector<Bytes> tokens;
  std::vector<TimeStamp> stamps;
};

Result<Answers> read_replies(const std::vector<Bytes>& replies, const std::vector<Bytes>& signatures) {
  if (replies.size() != signatures.size()) {
    return Error(Code::usage_error, "replies",
                 std::to_string(signatures.size()) + ": one for each signature of the package",
                 std::to_string(replies.size()));
  }
  Answers answers;
  for (std::size_t i = 0; i < replies.size(); ++i) {
    const auto which = "reading reply " + std::to_string(i + 1);
    auto answer =
        TRY(read_time_stamp_reply(replies[i], signatures[i], nonce_for(signatures[i])).within(which));
    answers.tokens.push_back(std::move(answer.token));
    answers.stamps.push_back(std::move(answer.stamp));
  }
  return answers;
}

Result<Signatures> stamped(const OwnPackage& own, const SignatureValues& values,
                           const std::vector<Bytes>& tokens) {
  const auto border = tokens.begin() + static_cast<std::ptrdiff_t>(values.first.size());
  Signatures signatures{TRY(with_time_stamps(own.cms, {tokens.begin(), border})), {}};
  if (!own.second_cms.empty())
    signatures.second = TRY(with_time_stamps(own.second_cms, {border, tokens.end()}));
  return signatures;
}

Result<WrittenPackage> rewrite(const ByteSource& package, const OwnPackage& own, const Signatures& signatures,
                               ByteSink& output, Workers& workers, Progress& progress) {
  progress.begin("writing", package.size());
  return write_with(signatures, WatchedSource(package, progress), own, output, workers);
}

}  // namespace

Result<std::vector<Bytes>> time_stamp_queries(const ByteSource& package, Workers& workers) {
  const auto own = TRY(read_signed(package, workers));
  std::vector<Bytes> queries;
  for (const auto& signature : TRY(values_of(own)).all())
    queries.push_back(TRY(print_time_stamp_query(signature, nonce_for(signature))));
  return queries;
}

Result<StampReport> add_time_stamps(const ByteSource& package, const std::vector<Bytes>& replies,
                                    ByteSink& output, Workers& workers, Progress& progress) {
  progress.begin("reading", package.size() * 2);
  const auto own = TRY(read_signed(WatchedSource(package, progress), workers));
  const auto values = TRY(values_of(own));
  auto answers = TRY(read_replies(replies, values.all()));
  const auto signatures = TRY(stamped(own, values, answers.tokens));
  const auto written = TRY(rewrite(package, own, signatures, output, workers, progress));
  return StampReport{written.digest, written.size, std::move(answers.stamps)};
}

Result<StapleReport> add_ocsp_response(const ByteSource& package, BytesView response, ByteSink& output,
                                       Workers& workers, Progress& progress) {
  progress.begin("reading", package.size() * 2);
  const auto own = TRY(read_signed(WatchedSource(package, progress), workers));
  const auto parsed = TRY(OcspResponse::from_der(response));
  const auto cms = TRY(with_ocsp_response(own.cms, response));
  const auto written = TRY(rewrite(package, own, {cms, own.second_cms}, output, workers, progress));
  return StapleReport{written.digest, written.size, parsed.responder()};
}

}  // namespace sallyport::vendor
