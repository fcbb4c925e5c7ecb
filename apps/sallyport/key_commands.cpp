// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/output_file.h"
#include "adapters/signer/create.h"
#include "adapters/signer/open.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/output.h"
#include "core/base/text.h"

namespace sallyport::cli {
namespace {

Result<KeyKind> key_kind(const std::string& name) {
  if (name == "ed25519") return KeyKind::ed25519;
  if (name == "p256") return KeyKind::p256;
  if (name == "p384") return KeyKind::p384;
  if (name == "rsa3072") return KeyKind::rsa3072;
  if (name == "ml-dsa-44") return KeyKind::ml_dsa_44;
  if (name == "ml-dsa-65") return KeyKind::ml_dsa_65;
  if (name == "ml-dsa-87") return KeyKind::ml_dsa_87;
  return Error(Code::usage_error, "--type", "ed25519, p256, p384, rsa3072, ml-dsa-44, ml-dsa-65 or ml-dsa-87",
               name);
}

void show(const PublicKey& key, Output& output) {
  output.field("algorithm", key.algorithm());
  output.field("key id", key.id().text());
  output.json()
      .text("algorithm", key.algorithm())
      .text("key_id", key.id().text())
      .text("public_key", key.pem());
}

Result<void> run_create(const Arguments& arguments, Output& output) {
  const auto kind = TRY(key_kind(arguments.text_or("type", "ed25519")));
  const auto& path = arguments.text("o");
  if (arguments.has("dry-run")) return rehearse({path, path + ".pub"}, output);
  const auto pub = TRY(OutputFile::create(path + ".pub", Readers::by_umask));
  const auto key = TRY(create_key_file(path, kind));
  TRY(pub->write(as_bytes(key.pem())));
  TRY(pub->commit());
  output.line("Created the key " + printable(path) + " and its public part " + printable(path) + ".pub");
  show(key, output);
  output.next("give " + path +
              ".pub to who keeps the policy; for a key that signs packages: sallyport key csr --key file:" +
              path + " --cn NAME -o " + path + ".csr");
  return {};
}

// A public key's file, or the URI of a private key.
Result<PublicKey> any_key(const std::string& name) {
  if (name.starts_with("pkcs11:") || name.starts_with("file:")) return TRY(open_signer(name))->public_key();
  return PublicKey::from_pem(TRY(read_public_key(name)));
}

Result<void> run_show(const Arguments& arguments, Output& output) {
  const auto key = TRY(any_key(arguments.text("KEY")));
  show(key, output);
  if (arguments.has("o")) TRY(write_result(arguments, arguments.text("o"), as_bytes(key.pem()), output));
  return {};
}

Result<void> run_csr(const Arguments& arguments, Output& output) {
  const auto signer = TRY(open_signer(arguments.text("key")));
  const auto request =
      TRY(certification_request(*signer, arguments.text("cn"), arguments.text_or("organisation", "")));
  TRY(write_result(arguments, arguments.text("o"), as_bytes(request), output));
  show(signer->public_key(), output);
  if (arguments.has("dry-run")) return {};
  output.line("Wrote the certificate request " + printable(arguments.text("o")));
  output.next("have your CA issue a certificate with the extended key usage codeSigning");
  return {};
}

const Option key_option{"key", "URI", "The private key: file:PATH, or pkcs11:… (RFC 7512)", Need::required};

}  // namespace

std::vector<Command> key_commands() {
  return {
      {"key create",
       "Create a key file",
       "Writes a new private key (PEM, PKCS#8, mode 0600) and its public part beside it as FILE.pub. Keys in "
       "a token are created with\n"
       "the token's own tools, and used with a pkcs11: URI. ML-DSA (FIPS 204), for the post-quantum "
       "signatures that a "
       "policy may ask for,\nneeds OpenSSL 3.5 or later.",
       {"sallyport key create -o alice.key", "sallyport key create --type p384 -o release.key",
        "sallyport key create --type ml-dsa-65 -o alice-pq.key"},
       {},
       {{"o", "FILE", "Where the private key goes; must not exist", Need::required},
        {"type", "TYPE", "ed25519 (default), p256, p384, rsa3072, ml-dsa-44, ml-dsa-65 or ml-dsa-87"},
        dry_option},
       run_create},
      {"key show",
       "Show a key's algorithm and id",
       "Takes the file of a public key, or the URI of a private one. With -o it writes the public key, as "
       "policies hold it.",
       {"sallyport key show alice.key.pub",
        "sallyport key show 'pkcs11:token=release;object=mme' -o release.pub"},
       {{"KEY", "", "File of a public key, or URI of a private key", Need::required}},
       {{"o", "FILE", "Write the public key (PEM)"}, dry_option},
       run_show},
      {"key csr",
       "Make a certificate request for a key",
       "Writes a PKCS#10 request that asks for a code-signing certificate.",
       {"sallyport key csr --key 'pkcs11:token=release;object=mme' --cn 'Acme Release 2026' -o release.csr"},
       {},
       {key_option,
        {"cn", "NAME", "Common name", Need::required},
        {"organisation", "NAME", "Organisation"},
        {"o", "FILE", "Where the request goes", Need::required},
        dry_option},
       run_csr},
  };
}

}  // namespace sallyport::cli
