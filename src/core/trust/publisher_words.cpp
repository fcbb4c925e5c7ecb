// SPDX-License-Identifier: Apache-2.0
#include "core/trust/publisher_words.h"

#include <array>
#include <utility>

#include "core/format/openpgp_packet.h"

namespace sallyport::trust {
namespace {

using Words = std::pair<std::string_view, std::string_view>;

// By what stands behind "-----BEGIN ".
constexpr std::array<Words, 9> labels = {{
    {"PGP SIGNATURE", "an OpenPGP signature"},
    {"PGP PUBLIC KEY BLOCK", "an OpenPGP keyring"},
    {"PGP SIGNED MESSAGE", "a text that OpenPGP has signed in clear"},
    {"PGP MESSAGE", "an OpenPGP message"},
    {"CERTIFICATE", "a certificate (PEM)"},
    {"PUBLIC KEY", "a public key (PEM)"},
    {"RSA PUBLIC KEY", "a public key in the form of PKCS#1"},
    {"CMS", "a CMS signature"},
    {"PKCS7", "a CMS signature"},
}};
constexpr std::string_view mark = "-----BEGIN ";

bool is_private(BytesView file) {
  const bool packet = !file.empty() && ((file[0] & 0xfcU) == 0x94U || file[0] == 0xc5U);
  return packet || as_text(file).find("PRIVATE KEY") != std::string_view::npos;
}

std::string_view by_label(std::string_view text) {
  for (const auto& [label, words] : labels) {
    if (text.starts_with(label) && text.substr(label.size()).starts_with("-----")) return words;
  }
  return "PEM of another kind";
}

bool is_openpgp_signature(BytesView file) {
  const auto checked = check_openpgp_signature(file);
  return checked.ok() || checked.error().code == Code::publisher_algorithm_refused;
}

}  // namespace

std::string_view looks_like(BytesView file) {
  const auto text = as_text(file);
  if (is_private(file)) return "a private key";
  if (text.starts_with("\xef\xbb\xbf")) return "a byte order mark before anything else";
  if (text.starts_with(mark)) return by_label(text.substr(mark.size()));
  if (text.find(mark) != std::string_view::npos) return "PEM with something before it";
  if (text.starts_with("ssh-") || text.starts_with("ecdsa-sha2-")) return "a public key of OpenSSH";
  if (is_openpgp_signature(file)) return "an OpenPGP signature";
  if (file.size() > 2 && file[0] == 0x30 && file[1] > 0x80) return "DER";
  return "something else";
}

}  // namespace sallyport::trust
