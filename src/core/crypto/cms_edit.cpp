// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/cms_edit.h"

#include <openssl/cms.h>

#include <algorithm>
#include <vector>

#include "core/crypto/cms_outline.h"
#include "core/crypto/der.h"
#include "core/crypto/openssl.h"

namespace sallyport {
namespace {

using Cms = openssl::Owned<CMS_ContentInfo, CMS_ContentInfo_free>;
using Attribute = openssl::Owned<X509_ATTRIBUTE, X509_ATTRIBUTE_free>;

constexpr auto malformed = Code::signature_malformed;
constexpr std::uint8_t version_with_other_information = 5;

Bytes value(std::uint8_t tag, BytesView content) {
  Bytes out{tag};
  const auto size = content.size();
  if (size < 0x80) {
    out.push_back(static_cast<std::uint8_t>(size));
  } else {
    int count = 1;
    while (size >> (8U * static_cast<unsigned>(count)) != 0) ++count;
    out.push_back(static_cast<std::uint8_t>(0x80 | count));
    for (int i = count - 1; i >= 0; --i) out.push_back(static_cast<std::uint8_t>(size >> (8 * i) & 0xffU));
  }
  out.insert(out.end(), content.begin(), content.end());
  return out;
}

Bytes joined(const std::vector<Bytes>& parts) {
  Bytes all;
  for (const auto& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

Result<CmsOutline> outline_of(BytesView cms) {
  return read_cms_outline(cms, CmsKind::manifest);
}

// id-ri-ocsp-response with the response, as a RevocationInfoChoice.
Bytes other_information(BytesView response) {
  const Bytes type{0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x10, 0x02};
  return value(der::context(1), joined({type, copy(response)}));
}

Bytes revocation_information(const CmsOutline& outline, BytesView response) {
  std::vector<Bytes> all{other_information(response)};
  for (const auto& known : outline.ocsp_responses) {
    auto one = other_information(known);
    if (one != all.front()) all.push_back(std::move(one));
  }
  std::sort(all.begin(), all.end());
  return value(der::context(1), joined(all));
}

Result<void> put_time_stamp(CMS_SignerInfo* signer, BytesView token) {
  constexpr int type = NID_id_smime_aa_timeStampToken;
  const int before = CMS_unsigned_get_attr_by_NID(signer, type, -1);
  if (before >= 0) const Attribute gone(CMS_unsigned_delete_attr(signer, before));
  const auto size = static_cast<int>(token.size());
  if (CMS_unsigned_add1_attr_by_NID(signer, type, V_ASN1_SEQUENCE, token.data(), size) == 1) return {};
  return Error(Code::internal_error, "time stamp attribute");
}

}  // namespace

Result<std::vector<Bytes>> signatures_of(BytesView cms) {
  const auto outline = TRY(outline_of(cms));
  std::vector<Bytes> signatures;
  for (const auto& signer : outline.signers) signatures.push_back(copy(signer.signature));
  return signatures;
}

Result<Bytes> with_time_stamps(BytesView cms, const std::vector<Bytes>& tokens) {
  const openssl::ErrorQueue queue;
  const auto outline = TRY(outline_of(cms));
  CHECK(outline.signers.size() == tokens.size());
  const unsigned char* at = cms.data();
  const Cms decoded(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(cms.size())));
  STACK_OF(CMS_SignerInfo)* const signers = decoded ? CMS_get0_SignerInfos(decoded.get()) : nullptr;
  if (signers == nullptr) return Error(malformed, "signature", "CMS SignedData", "something else");
  CHECK(static_cast<std::size_t>(sk_CMS_SignerInfo_num(signers)) == tokens.size());
  for (std::size_t i = 0; i < tokens.size(); ++i)
    TRY(put_time_stamp(sk_CMS_SignerInfo_value(signers, static_cast<int>(i)), tokens[i]));
  auto edited = openssl::to_der(decoded.get(), i2d_CMS_ContentInfo);
  TRY(outline_of(edited));
  return edited;
}

Result<Bytes> with_ocsp_response(BytesView cms, BytesView response) {
  const auto outline = TRY(outline_of(cms));
  DerReader outer(cms, malformed);
  DerReader info(TRY(outer.next(der::sequence)).content, malformed);
  const auto type = TRY(info.next());
  DerReader wrapped(TRY(info.next()).content, malformed);
  DerReader data(TRY(wrapped.next()).content, malformed);
  TRY(data.next());  // the version
  std::vector<Bytes> parts{value(der::integer, Bytes{version_with_other_information})};
  while (!data.at_end()) {
    const auto next = TRY(data.next());
    if (next.tag == der::context(1)) continue;
    if (data.at_end()) parts.push_back(revocation_information(outline, response));  // before the SignerInfos
    parts.push_back(copy(next.whole));
  }
  const auto signed_data = value(der::sequence, joined(parts));
  auto edited = value(der::sequence, joined({copy(type.whole), value(der::context(0), signed_data)}));
  TRY(outline_of(edited));
  return edited;
}

}  // namespace sallyport
