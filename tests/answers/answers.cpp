// SPDX-License-Identifier: Apache-2.0
// For LD_PRELOAD: makes one function of libcrypto give sallyport an answer that it should not give. The program under
// test is the real one and knows nothing of this; what libcrypto asks itself is answered as ever.
//
//   ANSWER_OF=EVP_DigestVerify ANSWER=-1 LD_PRELOAD=…/libanswers.so sallyport …
//
// With ANSWER_FROM=N it answers as it should before the N-th time.
#include <dlfcn.h>
#include <openssl/cms.h>
#include <openssl/evp.h>
#include <openssl/x509_vfy.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <optional>

namespace {

bool is_asked_by_sallyport(void* caller) {
  Dl_info about{};
  return std::strcmp(::program_invocation_short_name, "sallyport") == 0 && ::dladdr(caller, &about) != 0 &&
         std::strstr(about.dli_fname, "sallyport") != nullptr &&
         std::strstr(about.dli_fname, ".so") == nullptr;
}

std::optional<int> answer_of(const char* function, void* caller) {
  const char* const wanted = std::getenv("ANSWER_OF");
  const char* const answer = std::getenv("ANSWER");
  if (wanted == nullptr || answer == nullptr || std::strcmp(wanted, function) != 0) return std::nullopt;
  if (!is_asked_by_sallyport(caller)) return std::nullopt;
  static std::atomic<std::int64_t> asked = 0;
  const char* const from = std::getenv("ANSWER_FROM");
  if (++asked < (from == nullptr ? 1 : std::strtol(from, nullptr, 10))) return std::nullopt;
  return static_cast<int>(std::strtol(answer, nullptr, 10));
}

template <class Function, class... Arguments>
int answered(const char* name, void* caller, Function*, Arguments... arguments) {
  if (const auto answer = answer_of(name, caller)) return *answer;
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name))(arguments...);
}

}  // namespace

extern "C" {

int EVP_DigestVerify(EVP_MD_CTX* context, const unsigned char* signature, size_t size,
                     const unsigned char* text, size_t text_size) {
  return answered("EVP_DigestVerify", __builtin_return_address(0), &EVP_DigestVerify, context, signature,
                  size, text, text_size);
}

int EVP_DigestVerifyInit_ex(EVP_MD_CTX* context, EVP_PKEY_CTX** key_context, const char* digest,
                            OSSL_LIB_CTX* library, const char* properties, EVP_PKEY* key,
                            const OSSL_PARAM* parameters) {
  return answered("EVP_DigestVerifyInit_ex", __builtin_return_address(0), &EVP_DigestVerifyInit_ex, context,
                  key_context, digest, library, properties, key, parameters);
}

int EVP_PKEY_public_check(EVP_PKEY_CTX* context) {
  return answered("EVP_PKEY_public_check", __builtin_return_address(0), &EVP_PKEY_public_check, context);
}

int CMS_SignerInfo_verify(CMS_SignerInfo* signer) {
  return answered("CMS_SignerInfo_verify", __builtin_return_address(0), &CMS_SignerInfo_verify, signer);
}

int X509_verify_cert(X509_STORE_CTX* context) {
  return answered("X509_verify_cert", __builtin_return_address(0), &X509_verify_cert, context);
}

int EVP_DigestInit_ex(EVP_MD_CTX* context, const EVP_MD* type, ENGINE* engine) {
  return answered("EVP_DigestInit_ex", __builtin_return_address(0), &EVP_DigestInit_ex, context, type,
                  engine);
}

int EVP_DigestUpdate(EVP_MD_CTX* context, const void* bytes, size_t size) {
  return answered("EVP_DigestUpdate", __builtin_return_address(0), &EVP_DigestUpdate, context, bytes, size);
}

int EVP_DigestFinal_ex(EVP_MD_CTX* context, unsigned char* digest, unsigned* size) {
  return answered("EVP_DigestFinal_ex", __builtin_return_address(0), &EVP_DigestFinal_ex, context, digest,
                  size);
}

int EVP_Digest(const void* bytes, size_t count, unsigned char* digest, unsigned* size, const EVP_MD* type,
               ENGINE* engine) {
  return answered("EVP_Digest", __builtin_return_address(0), &EVP_Digest, bytes, count, digest, size, type,
                  engine);
}
}
