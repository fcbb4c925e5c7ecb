// SPDX-License-Identifier: Apache-2.0
#include "roles/vendor/timestamp.h"

#include "core/base/text.h"
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

Bytes nonce_for(BytesView signature, const std::optional<Bytes>& given) {
  if (given) return *given;
  Hasher hasher(Sha2::sha256);
  hasher.update(as_bytes("sallyport time stamp query"));
  hasher.update(signature);
  Bytes nonce = hasher.finish();
  nonce.resize(nonce_size);
  nonce.front() |= 1U;  // a number has no leading zeros
  return nonce;
}

Result<WrittenPackage> rewrite(const ByteSource& package, const OwnPackage& own, BytesView cms,
                               ByteSink& output, Workers& workers, Progress& progress) {
  progress.begin("writing", package.size());
  return write_with({copy(cms), own.second_cms}, WatchedSource(package, progress), own, output, workers);
}

}  // namespace

Result<Bytes> time_stamp_query(const ByteSource& package, Workers& workers,
                               const std::optional<Bytes>& nonce) {
  const auto own = TRY(read_signed(package, workers));
  const auto signature = TRY(signature_of(own.cms));
  return print_time_stamp_query(signature, nonce_for(signature, nonce));
}

Result<StampReport> add_time_stamp(const ByteSource& package, BytesView reply,
                                   const std::optional<Bytes>& nonce, ByteSink& output, Workers& workers,
                                   Progress& progress) {
  progress.begin("reading", package.size() * 2);
  const auto own = TRY(read_signed(WatchedSource(package, progress), workers));
  const auto signature = TRY(signature_of(own.cms));
  auto answer = TRY(read_time_stamp_reply(reply, signature, nonce_for(signature, nonce)));
  const auto cms = TRY(with_time_stamp(own.cms, answer.token));
  const auto written = TRY(rewrite(package, own, cms, output, workers, progress));
  return StampReport{written.digest, written.size, std::move(answer.stamp)};
}

Result<StapleReport> add_ocsp_response(const ByteSource& package, BytesView response, ByteSink& output,
                                       Workers& workers, Progress& progress) {
  progress.begin("reading", package.size() * 2);
  const auto own = TRY(read_signed(WatchedSource(package, progress), workers));
  const auto parsed = TRY(OcspResponse::from_der(response));
  const auto cms = TRY(with_ocsp_response(own.cms, response));
  const auto written = TRY(rewrite(package, own, cms, output, workers, progress));
  return StapleReport{written.digest, written.size, parsed.responder()};
}

}  // namespace sallyport::vendor
