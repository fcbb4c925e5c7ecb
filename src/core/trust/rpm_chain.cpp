// SPDX-License-Identifier: Apache-2.0
#include "core/trust/rpm_chain.h"

#include "core/format/rpm_frame.h"
#include "core/format/rpm_header.h"
#include "core/trust/publisher_proof.h"

namespace sallyport::trust {

Result<RpmSigned> rpm_signed(const NamedFile& rpm) {
  auto frame = TRY(read_rpm_frame(*rpm.bytes));
  if (frame.signature.empty())
    return Error(Code::publisher_signature_missing, rpm.name, "an OpenPGP signature over the header", "none");
  auto header = TRY(rpm.bytes->read(frame.header_offset, frame.header_size, rpm_header_size_max));
  return RpmSigned{std::move(frame.signature), std::move(header)};
}

Result<PublishedRpm> published_rpm(const NamedFile& rpm, const OpenPgpAnswer& answer) {
  auto signature = TRY(parse_openpgp_status(answer.status, OpenPgpCovers::bytes, answer.known));
  auto package = TRY(read_rpm(*rpm.bytes));
  auto proof =
      PublisherProof::of(rpm, {SignerForm::openpgp, std::move(signature.key), std::move(signature.user_id)});
  return PublishedRpm{std::move(proof), std::move(package)};
}

}  // namespace sallyport::trust
