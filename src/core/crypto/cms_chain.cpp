// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/cms_chain.h"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>

#include "core/crypto/x509.h"

namespace sallyport {
namespace {

constexpr int security_level = 3;  // 128 bits: RSA of 3072, P-256, SHA-256 and better
constexpr int depth_max = 8;

using Store = openssl::Owned<X509_STORE, X509_STORE_free>;
using StoreContext = openssl::Owned<X509_STORE_CTX, X509_STORE_CTX_free>;

void free_stack(STACK_OF(X509) * stack) {
  sk_X509_pop_free(stack, X509_free);
}
using Stack = openssl::Owned<STACK_OF(X509), free_stack>;

Result<Store> make_store(const std::vector<Certificate>& anchors) {
  Store store(X509_STORE_new());
  if (store == nullptr) return Error(Code::internal_error, "certificate store");
  for (const auto& anchor : anchors) {
    const auto x509 = openssl::to_x509(anchor);
    if (X509_STORE_add_cert(store.get(), x509.get()) != 1) {
      return Error(Code::internal_error, "certificate store");
    }
  }
  return store;
}

Result<Stack> make_stack(const std::vector<Certificate>& certificates) {
  Stack stack(sk_X509_new_null());
  if (stack == nullptr) return Error(Code::internal_error, "certificate stack");
  for (const auto& certificate : certificates) {
    auto x509 = openssl::to_x509(certificate);
    if (sk_X509_push(stack.get(), x509.get()) <= 0) {
      return Error(Code::internal_error, "certificate stack");
    }
    (void)x509.release();  // NOLINT(bugprone-unused-return-value): the stack owns it now
  }
  return stack;
}

Code code_of(int error) {
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return Code::certificate_expired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return Code::certificate_not_yet_valid;
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_CA_MD_TOO_WEAK:
    case X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM:
      return Code::signature_algorithm_refused;
    case X509_V_ERR_INVALID_CA:
    case X509_V_ERR_INVALID_NON_CA:
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
    case X509_V_ERR_INVALID_PURPOSE:
    case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
    case X509_V_ERR_KEYUSAGE_NO_DIGITAL_SIGNATURE:
    case X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION:
    case X509_V_ERR_INVALID_EXTENSION:
    case X509_V_ERR_INVALID_POLICY_EXTENSION:
    case X509_V_ERR_NO_EXPLICIT_POLICY:
    case X509_V_ERR_PERMITTED_VIOLATION:
    case X509_V_ERR_EXCLUDED_VIOLATION:
    case X509_V_ERR_SUBTREE_MINMAX:
    case X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE:
    case X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX:
    case X509_V_ERR_UNSUPPORTED_NAME_SYNTAX:
      return Code::certificate_usage_refused;
    case X509_V_ERR_OUT_OF_MEM:
    case X509_V_ERR_INVALID_CALL:
    case X509_V_ERR_UNSPECIFIED:
      return Code::internal_error;
    default:
      return Code::signer_unknown;
  }
}

Error usage_refused(const char* expected, const char* found) {
  return Error(Code::certificate_usage_refused, "certificate", expected, found);
}

struct UseRule {
  std::uint32_t extended;   // of the leaf
  std::uint32_t above;      // one of these, where an intermediate restricts itself
  std::uint32_t key_usage;  // one of these
  const char* expected_extended;
  const char* expected_key_usage;
};

const UseRule& rule_of(ChainUse use) {
  static constexpr std::array<UseRule, 4> rules{{
      {XKU_CODE_SIGN, XKU_CODE_SIGN | XKU_ANYEKU, KU_DIGITAL_SIGNATURE, "extended key usage codeSigning",
       "key usage digitalSignature"},
      {XKU_TIMESTAMP, XKU_TIMESTAMP | XKU_ANYEKU, KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION,
       "extended key usage timeStamping", "key usage digitalSignature or nonRepudiation"},
      {XKU_OCSP_SIGN, XKU_OCSP_SIGN | XKU_ANYEKU, KU_DIGITAL_SIGNATURE, "extended key usage OCSPSigning",
       "key usage digitalSignature"},
      {0, 0, 0, "", ""},  // of authorities: check_intermediate()
  }};
  return rules.at(static_cast<std::size_t>(use));
}

// RFC 3161, section 2.3: critical, and the only one.
Result<void> check_time_stamping(X509* leaf) {
  int critical = -1;
  const openssl::Owned<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free> usage(
      static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(leaf, NID_ext_key_usage, &critical, nullptr)));
  if (usage != nullptr && critical == 1 && sk_ASN1_OBJECT_num(usage.get()) == 1) return {};
  return usage_refused("extended key usage timeStamping, critical and alone", "not so");
}

Result<void> check_leaf(X509* leaf, ChainUse use) {
  const auto& rule = rule_of(use);
  const std::uint32_t flags = X509_get_extension_flags(leaf);
  if ((flags & EXFLAG_INVALID) != 0) return usage_refused("extensions that can be read", "others");
  if ((flags & EXFLAG_CA) != 0) return usage_refused("a signer's certificate", "that of a CA");
  if ((flags & EXFLAG_KUSAGE) == 0 || (X509_get_key_usage(leaf) & rule.key_usage) == 0) {
    return usage_refused(rule.expected_key_usage, "none");
  }
  if ((flags & EXFLAG_XKUSAGE) == 0 || (X509_get_extended_key_usage(leaf) & rule.extended) == 0) {
    return usage_refused(rule.expected_extended, "none");
  }
  return use == ChainUse::time_stamps ? check_time_stamping(leaf) : Result<void>();
}

Result<void> check_intermediate(X509* certificate, ChainUse use) {
  const std::uint32_t flags = X509_get_extension_flags(certificate);
  if ((flags & EXFLAG_INVALID) != 0) return usage_refused("extensions that can be read", "others");
  if ((flags & EXFLAG_BCONS) == 0 || (flags & EXFLAG_CA) == 0)
    return usage_refused("an issuer with CA:TRUE", "none");
  if ((flags & EXFLAG_KUSAGE) == 0 || (X509_get_key_usage(certificate) & KU_KEY_CERT_SIGN) == 0) {
    return usage_refused("an issuer with key usage keyCertSign", "none");
  }
  if (use == ChainUse::authority) return {};
  if ((flags & EXFLAG_XKUSAGE) != 0 && (X509_get_extended_key_usage(certificate) & rule_of(use).above) == 0) {
    return usage_refused("an issuer whose extended key usage includes the signer's", "another use");
  }
  return {};
}

// The anchor itself is the policy's word; what is between it and the leaf has to earn its place.
Result<void> check_usage(STACK_OF(X509) * chain, int size, ChainUse use) {
  const bool is_authority = use == ChainUse::authority;
  if (!is_authority) TRY(check_leaf(sk_X509_value(chain, 0), use));
  for (int i = is_authority ? 0 : 1; i + 1 < size; ++i) TRY(check_intermediate(sk_X509_value(chain, i), use));
  return {};
}

Result<std::vector<Certificate>> certificates_of(STACK_OF(X509) * chain) {
  std::vector<Certificate> certificates;
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    certificates.push_back(TRY(Certificate::from_der(openssl::to_der(sk_X509_value(chain, i), i2d_X509))));
  }
  return certificates;
}

Result<void> check_times(const std::vector<Certificate>& chain, Instant at) {
  for (const auto& certificate : chain) {
    if (at > certificate.not_after()) {
      return Error(Code::certificate_expired, certificate.subject(), "valid at " + at.print(),
                   "valid until " + certificate.not_after().print());
    }
    if (at < certificate.not_before()) {
      return Error(Code::certificate_not_yet_valid, certificate.subject(), "valid at " + at.print(),
                   "valid from " + certificate.not_before().print());
    }
  }
  return {};
}

Result<void> set_parameters(X509_STORE_CTX* context, std::optional<Instant> at) {
  X509_VERIFY_PARAM* const parameters = X509_STORE_CTX_get0_param(context);
  const unsigned long flags =
      X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_POLICY_CHECK | (at ? 0 : X509_V_FLAG_NO_CHECK_TIME);
  // Any policy will do, but where an issuer asks for one there has to be one.
  if (X509_VERIFY_PARAM_set_flags(parameters, flags) != 1 ||
      X509_VERIFY_PARAM_add0_policy(parameters, OBJ_nid2obj(NID_any_policy)) != 1) {
    return Error(Code::internal_error, "certificate check");
  }
  X509_VERIFY_PARAM_set_depth(parameters, depth_max);
  X509_VERIFY_PARAM_set_auth_level(parameters, security_level);
  if (at) X509_VERIFY_PARAM_set_time(parameters, static_cast<time_t>(at->seconds()));
  return {};
}

bool is_about_time(Code code) {
  return code == Code::certificate_expired || code == Code::certificate_not_yet_valid;
}

// A chain ends at the first anchor on the way, where OpenSSL may have found issuers of that one, too.
int size_to_anchor(const std::vector<Certificate>& chain, const std::vector<Certificate>& anchors) {
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const auto is_this = [&](const Certificate& anchor) {
      return anchor.fingerprint() == chain[i].fingerprint();
    };
    if (std::any_of(anchors.begin(), anchors.end(), is_this)) return static_cast<int>(i + 1);
  }
  return static_cast<int>(chain.size());
}

// Signature, issuer, constraints by OpenSSL; then use and time. A wrong use is told before a wrong time.
Result<std::vector<Certificate>> check_chain(X509_STORE_CTX* context, const Certificate& leaf,
                                             const std::vector<Certificate>& anchors, ChainUse use,
                                             std::optional<Instant> at) {
  const int answer = X509_verify_cert(context);
  const int error = X509_STORE_CTX_get_error(context);
  const bool fits = answer == 1 && error == X509_V_OK;
  if (!fits) {
    const auto code = error == X509_V_OK ? Code::internal_error : code_of(error);
    if (!is_about_time(code)) {
      return Error(code, leaf.subject(), "a chain to an anchor", X509_verify_cert_error_string(error));
    }
  }
  STACK_OF(X509)* const stack = X509_STORE_CTX_get0_chain(context);
  if (stack == nullptr || sk_X509_num(stack) < 1) return Error(Code::internal_error, "certificate chain");
  auto chain = TRY(certificates_of(stack));
  const int size = size_to_anchor(chain, anchors);
  TRY(check_usage(stack, size, use));
  chain.resize(static_cast<std::size_t>(size), leaf);
  if (at) TRY(check_times(chain, *at));
  if (!fits) return Error(code_of(error), leaf.subject(), "", X509_verify_cert_error_string(error));
  return chain;
}

}  // namespace

Result<std::vector<Certificate>> find_chain(const Certificate& leaf,
                                            const std::vector<Certificate>& intermediates,
                                            const std::vector<Certificate>& anchors, ChainUse use,
                                            std::optional<Instant> at) {
  const openssl::ErrorQueue queue;
  const auto store = TRY(make_store(anchors));
  const auto untrusted = TRY(make_stack(intermediates));
  const auto leaf_x509 = openssl::to_x509(leaf);
  const StoreContext context(X509_STORE_CTX_new());
  if (context == nullptr ||
      X509_STORE_CTX_init(context.get(), store.get(), leaf_x509.get(), untrusted.get()) != 1) {
    return Error(Code::internal_error, "certificate check");
  }
  TRY(set_parameters(context.get(), at));
  auto chain = TRY(check_chain(context.get(), leaf, anchors, use, at));
  const auto last = chain.back().fingerprint();
  const bool is_anchored = std::any_of(anchors.begin(), anchors.end(), [&](const Certificate& anchor) {
    return anchor.fingerprint() == last;
  });
  if (is_anchored) return chain;
  return Error(Code::signer_unknown, leaf.subject(), "a chain to an anchor", "a chain to something else");
}

}  // namespace sallyport
