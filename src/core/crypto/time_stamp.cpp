// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/time_stamp.h"

#include <algorithm>
#include <array>

#include "core/crypto/cms_chain.h"
#include "core/crypto/cms_signers.h"
#include "core/crypto/der.h"
#include "core/crypto/x509.h"

namespace sallyport {
namespace {

constexpr auto malformed = Code::time_stamp_malformed;
constexpr std::uint8_t generalized_time = 0x18;
constexpr std::uint8_t boolean = 0x01;
constexpr std::uint8_t primitive_context(unsigned int number) {
  return static_cast<std::uint8_t>(0x80U | number);
}

Error refuse(const char* where, std::string expected, std::string found) {
  return Error(malformed, where, std::move(expected), std::move(found));
}

// The words of cms.h, said about a time stamp.
Code code_of(Code code) {
  switch (code) {
    case Code::signature_malformed:
    case Code::certificate_malformed:
      return malformed;
    case Code::signature_invalid:
      return Code::time_stamp_invalid;
    case Code::signer_unknown:
      return Code::time_stamp_signer_unknown;
    default:
      return code;
  }
}

template <class T>
Result<T> of_time_stamp(Result<T> result) {
  if (result.ok()) return result;
  Error error = result.take_error();
  error.code = code_of(error.code);
  return Result<T>(std::move(error)).within("checking the time stamp");
}

// A number from 0 to `most` in one or two bytes.
Result<std::int64_t> small_number(BytesView content, std::int64_t most, const char* where) {
  if (content.size() > 4 || (content.front() & 0x80U) != 0)
    return refuse(where, "a small number", hex(content));
  std::int64_t number = 0;
  for (const auto byte : content) number = number << 8U | byte;
  if (number > most) return refuse(where, "at most " + std::to_string(most), std::to_string(number));
  return number;
}

// YYYYMMDDhhmmss[.s…]Z, of which the part below a second is left out.
Result<Instant> read_time(BytesView content) {
  const std::string text(as_text(content));
  const auto wrong = refuse("genTime", "YYYYMMDDhhmmss[.s]Z", "something else");
  constexpr std::size_t digits = 14;
  if (text.size() < digits + 1 || text.size() > digits + 8 || text.back() != 'Z') return wrong;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (!std::all_of(text.begin(), text.begin() + digits, is_digit)) return wrong;
  const auto fraction = text.substr(digits, text.size() - digits - 1);
  const bool is_fraction = fraction.size() > 1 && fraction.front() == '.' && fraction.back() != '0' &&
                           std::all_of(fraction.begin() + 1, fraction.end(), is_digit);
  if (!fraction.empty() && !is_fraction) return wrong;
  const auto time =
      Instant::parse(text.substr(0, 4) + "-" + text.substr(4, 2) + "-" + text.substr(6, 2) + "T" +
                     text.substr(8, 2) + ":" + text.substr(10, 2) + ":" + text.substr(12, 2) + "Z");
  if (!time.ok()) return wrong;
  return time.value();
}

// In whole seconds, rounded up: for what is below a second one more.
Result<std::int64_t> read_accuracy(DerReader& reader) {
  constexpr std::int64_t seconds_max = 86400;
  if (!reader.next_is(der::sequence)) return std::int64_t{1};
  DerReader accuracy(TRY(reader.next()).content, malformed);
  std::int64_t seconds = 0;
  if (accuracy.next_is(der::integer))
    seconds = TRY(small_number(TRY(accuracy.next()).content, seconds_max, "accuracy"));
  for (const unsigned int part : {0U, 1U}) {
    if (!accuracy.next_is(primitive_context(part))) continue;
    const auto content = TRY(accuracy.next()).content;
    if (content.empty()) return refuse("accuracy", "a number", "nothing");
    TRY(small_number(content, 999, "accuracy"));
  }
  TRY(accuracy.end());
  return seconds + 1;
}

Result<Sha2> read_imprint_algorithm(BytesView oid) {
  constexpr std::array<std::pair<std::string_view, Sha2>, 3> known{{{"608648016503040201", Sha2::sha256},
                                                                    {"608648016503040202", Sha2::sha384},
                                                                    {"608648016503040203", Sha2::sha512}}};
  const auto text = hex(oid);
  for (const auto& [name, digest] : known) {
    if (text == name) return digest;
  }
  return Error(Code::signature_algorithm_refused, "imprint", "SHA-256, SHA-384 or SHA-512", text);
}

Result<void> check_imprint(const TimeStampInfo& info, BytesView signature) {
  Hasher hasher(info.imprint_algorithm);
  hasher.update(signature);
  if (hasher.finish() == copy(info.imprint)) return {};
  return Error(Code::time_stamp_invalid, "imprint", "that of this signature", "that of something else");
}

// ESSCertID (SHA-1) or ESSCertIDv2: the certificate that the signature names among what it covers.
Result<void> check_named(BytesView attribute, const Certificate& leaf, bool is_v2) {
  DerReader outer(attribute, malformed);
  DerReader value(TRY(outer.next(der::sequence)).content, malformed);
  DerReader list(TRY(value.next(der::sequence)).content, malformed);
  DerReader first(TRY(list.next(der::sequence)).content, malformed);
  const EVP_MD* digest = is_v2 ? EVP_sha256() : EVP_sha1();
  if (is_v2 && first.next_is(der::sequence)) {
    DerReader algorithm(TRY(first.next()).content, malformed);
    const auto named = TRY(read_imprint_algorithm(TRY(algorithm.next(der::object_identifier)).content));
    digest = named == Sha2::sha256 ? EVP_sha256() : named == Sha2::sha384 ? EVP_sha384() : EVP_sha512();
  }
  const auto hash = TRY(first.next(der::octet_string)).content;
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> found{};
  unsigned int size = 0;
  const auto der = leaf.der();
  if (EVP_Digest(der.data(), der.size(), found.data(), &size, digest, nullptr) != 1)
    return Error(Code::internal_error, "digest of a certificate");
  if (std::ranges::equal(hash, BytesView(found.data(), size))) return {};
  return Error(Code::time_stamp_invalid, "signing-certificate", "the signer's certificate", "another");
}

Result<void> check_signing_certificate(const CmsSignerOutline& signer, const Certificate& leaf) {
  if (!signer.certificate_v1 && !signer.certificate_v2)
    return Error(Code::time_stamp_invalid, "signing-certificate", "the signer's certificate", "none");
  if (signer.certificate_v1) TRY(check_named(*signer.certificate_v1, leaf, false));
  if (signer.certificate_v2) TRY(check_named(*signer.certificate_v2, leaf, true));
  return {};
}

Result<TimeStamp> verify(BytesView token, BytesView signature, const std::vector<Certificate>& anchors,
                         Instant at) {
  if (token.size() > time_stamp_size_max)
    return refuse("time stamp", "at most 64 KiB", std::to_string(token.size()) + " bytes");
  const auto outline = TRY(read_cms_outline(token, CmsKind::time_stamp));
  if (outline.signers.size() != 1) return refuse("signers", "one", std::to_string(outline.signers.size()));
  const auto info = TRY(read_time_stamp_info(outline.content));
  const auto verified = TRY(verify_signers(token, outline, digest_of(outline.content), {}, anchors));
  const auto& leaf = verified.leaves.front();
  TRY(check_signing_certificate(outline.signers.front(), leaf));
  TRY(check_imprint(info, signature));
  TRY(find_chain(leaf, verified.embedded, anchors, ChainUse::time_stamps, std::nullopt));
  if (info.time > at)
    return Error(Code::time_stamp_not_yet_issued, "time stamp", "at or before " + at.print(),
                 info.time.print());
  TRY(find_chain(leaf, verified.embedded, anchors, ChainUse::time_stamps, info.time));
  auto chain = TRY(find_chain(leaf, verified.embedded, anchors, ChainUse::time_stamps, at));
  return TimeStamp{info.time, info.latest, hex(info.serial), std::move(chain)};
}

}  // namespace

Result<TimeStampInfo> read_time_stamp_info(BytesView der) {
  TRY(check_der(der, malformed));
  DerReader outer(der, malformed);
  DerReader reader(TRY(outer.next(der::sequence)).content, malformed);
  const auto version = TRY(reader.next(der::integer)).content;
  if (version.size() != 1 || version[0] != 1) return refuse("version", "1", hex(version));
  TRY(reader.next(der::object_identifier));  // the authority's policy: the anchors say whose word counts
  DerReader imprint(TRY(reader.next(der::sequence)).content, malformed);
  DerReader algorithm(TRY(imprint.next(der::sequence)).content, malformed);
  const auto digest = TRY(read_imprint_algorithm(TRY(algorithm.next(der::object_identifier)).content));
  if (!algorithm.at_end()) TRY(algorithm.next(0x05));
  TRY(algorithm.end());
  const auto hashed = TRY(imprint.next(der::octet_string)).content;
  TRY(imprint.end());
  const auto serial = TRY(reader.next(der::integer)).content;
  const auto time = TRY(read_time(TRY(reader.next(generalized_time)).content));
  const auto accuracy = TRY(read_accuracy(reader));
  if (reader.next_is(boolean)) TRY(reader.next());  // ordering
  std::optional<BytesView> nonce;
  if (reader.next_is(der::integer)) nonce = TRY(reader.next()).content;
  if (reader.next_is(der::context(0))) TRY(reader.next());  // the authority's name: its certificate says it
  if (reader.next_is(der::context(1))) return refuse("extensions", "none", "some");
  TRY(reader.end());
  return TimeStampInfo{digest, hashed, serial, time, time.plus(accuracy), nonce};
}

Result<TimeStamp> verify_time_stamp(BytesView token, BytesView signature,
                                    const std::vector<Certificate>& anchors, Instant at) {
  return of_time_stamp(verify(token, signature, anchors, at));
}

}  // namespace sallyport
