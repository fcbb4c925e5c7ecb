// SPDX-License-Identifier: Apache-2.0
#include "core/trust/carried_certificates.h"

#include <algorithm>
#include <utility>

namespace sallyport::trust {
namespace {

constexpr std::string_view pem_mark = "-----BEGIN ";
constexpr std::string_view pkcs7_label = "PKCS7";  // what `openssl smime` writes, of the same structure

bool is_pem(BytesView bytes) {
  return as_text(bytes).starts_with(pem_mark);
}

// Other programs pass over what stands before a block, and so take bytes for signed or vouched for that nobody looked
// at. It is told as what it is, and not as DER that is none.
Result<void> check_begin(Code code, const std::string& name, BytesView bytes) {
  if (is_pem(bytes) || as_text(bytes).find(pem_mark) == std::string_view::npos) return {};
  return Error(code, name, "PEM from the first byte on, or DER", "something before a block of PEM");
}

template <class T>
Result<T> at(const std::string& name, Result<T> result) {
  if (result.ok()) return result;
  auto error = result.take_error();
  error.where = name;
  return error;
}

}  // namespace

Result<Bytes> read_signature_file(const std::string& name, BytesView bytes) {
  TRY(check_begin(Code::signature_malformed, name, bytes));
  if (!is_pem(bytes)) return copy(bytes);
  const auto text = as_text(bytes);
  const bool pkcs7 = text.substr(pem_mark.size()).starts_with(pkcs7_label);
  return at(name, cms_from_pem(text, pkcs7 ? pkcs7_label : cms_label));
}

Result<std::vector<Certificate>> read_certificate_file(const std::string& name, BytesView bytes) {
  TRY(check_begin(Code::certificate_malformed, name, bytes));
  if (is_pem(bytes)) return at(name, Certificate::chain_from_pem(as_text(bytes)));
  return std::vector<Certificate>{TRY(at(name, Certificate::from_der(bytes)))};
}

Result<Carried> carried_certificates(const std::string& where, BytesView cms_der,
                                     const CertificatePlaces& places, Findings& findings) {
  std::vector<std::string> found;
  const auto inside = certificates_in(cms_der);
  findings.add_error_of(inside);
  if (inside.ok() && inside.value() > 0) found.emplace_back("the CMS");
  Carried carried;
  for (const auto& name : places.names) {
    const auto* member = places.archive.find(name);
    if (member == nullptr || carried.member == name) continue;
    found.push_back(name);
    if (carried.member) continue;
    carried.member = name;
    const auto bytes = TRY(read_found(places.file, *member, certificates_text_max, findings));
    if (!bytes) continue;
    auto certificates = read_certificate_file(name, *bytes);
    findings.add_error_of(certificates);
    if (certificates.ok()) carried.beside = std::move(certificates).value();
  }
  std::string all;
  for (const auto& place : found) all += (all.empty() ? "" : ", ") + place;
  if (found.size() > 1)
    findings.add(Error(Code::signer_certificate_ambiguous, where, "certificates in one place", all));
  if (found.empty() && inside.ok()) {
    std::string wanted = "in the CMS";
    for (const auto& name : places.names) wanted += " or in " + name;
    findings.add(Error(Code::signer_certificate_missing, where, wanted, "none"));
  }
  return carried;
}

}  // namespace sallyport::trust
