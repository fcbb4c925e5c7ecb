// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/file_source.h"
#include "adapters/host/clock.h"
#include "adapters/signer/open.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/output.h"
#include "core/format/dsse.h"
#include "core/format/policy.h"
#include "core/tlog/proof.h"
#include "roles/operator/repository.h"

namespace sallyport::cli {
namespace {

Result<std::vector<PublicKey>> keys_of(const std::vector<std::string>& paths) {
  std::vector<PublicKey> keys;
  for (const auto& path : paths) {
    const auto pem = TRY(read_public_key(path));
    keys.push_back(TRY(PublicKey::from_pem(pem).within(path)));
  }
  return keys;
}

Result<std::uint32_t> small_number(const Arguments& arguments, std::string_view name,
                                   std::uint32_t fallback) {
  if (!arguments.has(name)) return fallback;
  const auto value = TRY(arguments.number(name));
  if (value < 1 || value > 3650)
    return Error(Code::usage_error, "--" + std::string(name), "1 to 3650", std::to_string(value));
  return static_cast<std::uint32_t>(value);
}

Result<std::optional<operators::Keepers>> keepers_of(const Arguments& arguments) {
  if (!arguments.has("officer") && !arguments.has("online")) return std::optional<operators::Keepers>();
  if (!arguments.has("officer") || !arguments.has("online") || !arguments.has("threshold"))
    return Error(Code::usage_error, "--officer, --threshold and --online", "all three", "some");
  operators::Keepers keepers{TRY(keys_of(arguments.list("officer"))), 0, {}};
  keepers.online = TRY(keys_of(arguments.list("online")));
  keepers.threshold = TRY(small_number(arguments, "threshold", 1));
  if (keepers.threshold > keepers.officers.size())
    return Error(Code::usage_error, "--threshold", "at most the number of officers",
                 std::to_string(keepers.threshold));
  return std::optional<operators::Keepers>(std::move(keepers));
}

Result<void> run_sign(const Arguments& arguments, Output& output) {
  auto policy = TRY(read_whole_file(arguments.text("POLICY"), policy_size_max));
  auto keepers = TRY(keepers_of(arguments));
  const auto days = TRY(small_number(arguments, "days", 365));
  const auto signer = TRY(open_signer(arguments.text("key")));
  const auto disk = TRY(disk_to_make(arguments, arguments.text("repository")));
  const operators::StageRequest request{std::move(policy), std::move(keepers), SystemClock().now(), days};
  const auto staged = TRY(operators::sign_policy(*disk, request, *signer));
  output.json().key("staged").begin_array();
  bool enough = true;
  for (const auto& file : staged) {
    enough = enough && file.signatures >= file.threshold;
    output.line("Signed " + file.name + ", version " + std::to_string(file.version) + ": " +
                std::to_string(file.signatures) + " signatures, " + std::to_string(file.threshold) +
                " are needed.");
    output.json().begin_object().text("name", file.name).number("version", file.version);
    output.json().number("signatures", file.signatures).number("threshold", file.threshold);
    output.json().key("says").begin_array();
    for (const auto& [label, value] : file.says) {
      output.field(label, value);
      output.json().begin_object().text("name", label).text("value", value).end_object();
    }
    output.json().end_array().end_object();
  }
  output.json().end_array();
  output.next(std::string(enough ? "" : "compare these keys, have the other officers sign the same, then: ") +
              "sallyport deploy publish --repository " + arguments.text("repository") +
              " --key ONLINE-KEY …");
  return {};
}

struct Files {
  std::unique_ptr<FileSource> package;
  Bytes verdict;
  Bytes order;
  std::optional<Bytes> proof;
};

Result<Files> read_files(const Arguments& arguments) {
  Files files;
  if (arguments.has("package")) files.package = TRY(FileSource::open(arguments.text("package")));
  files.verdict = TRY(read_whole_file(arguments.text("verdict"), envelope_size_max));
  files.order = TRY(read_whole_file(arguments.text("order"), envelope_size_max));
  files.proof = TRY(read_proof(arguments));
  return files;
}

Result<void> run_publish(const Arguments& arguments, Output& output) {
  operators::PublishRequest request{{}, {}, {}, {}, SystemClock().now(), 0, 0};
  request.timestamp_days = TRY(small_number(arguments, "timestamp-days", 7));
  request.days = TRY(small_number(arguments, "days", 30));
  Files files;
  if (arguments.has("order") != arguments.has("verdict") ||
      (arguments.has("package") && !arguments.has("order")))
    return Error(Code::usage_error, "--package, --verdict and --order", "a verdict and an order together",
                 "one alone");
  if (arguments.has("order")) {
    files = TRY(read_files(arguments));
    request.deliveries.push_back({files.package.get(), files.verdict, files.order, files.proof});
  }
  for (const auto& path : arguments.list("stop"))
    request.stops.push_back(TRY(read_whole_file(path, envelope_size_max)));
  for (const auto& path : arguments.list("recall")) {
    auto recall = TRY(read_whole_file(path, envelope_size_max));
    auto proof = TRY(proof_beside(path));
    request.recalls.push_back({std::move(recall), std::move(proof)});
  }
  for (const auto& path : arguments.list("crl"))
    request.lists.push_back(TRY(read_whole_file(path, revocation_list_text_max)));
  if (arguments.has("issuer")) request.issuers = TRY(load_chain(arguments.text("issuer")));
  const auto signer = TRY(open_signer(arguments.text("key")));
  const auto disk = TRY(disk_to_change(arguments, arguments.text("repository")));
  const auto published = TRY(operators::publish(*disk, request, *signer));
  output.line("Published: root " + std::to_string(published.root) + ", targets " +
              std::to_string(published.targets) + ", snapshot " + std::to_string(published.snapshot) +
              ", timestamp " + std::to_string(published.timestamp) + ".");
  auto& json = output.json();
  json.number("root", published.root)
      .number("targets", published.targets)
      .number("deliveries", published.deliveries);
  json.number("snapshot", published.snapshot)
      .number("timestamp", published.timestamp)
      .key("added")
      .begin_array();
  for (const auto& path : published.added) {
    output.field("added", path);
    json.text(path);
  }
  json.end_array();
  const auto& folder = arguments.text("repository");
  if (published.snapshot == 1)
    output.next("let a web server serve " + folder +
                "; each node, once: sallyport node sync URL --root DIR --pin " + folder +
                "/metadata/1.root.json (carried there by hand)");
  return {};
}

const Option repository{"repository", "DIR", "The repository's folder", Need::required};

}  // namespace

Command policy_sign_command() {
  return {
      "policy sign",
      "Sign a policy, and with it the repository, as one of its officers",
      "Stages the policy in the repository and adds an officer's signature. It is published when a "
      "threshold of "
      "officers has signed the same.\n"
      "With --officer, --threshold and --online a new root is staged: the first one, or one that "
      "replaces keys. "
      "Then the officers\n"
      "of the old root and those of the new one have to sign. What others have staged is signed only if it "
      "is what this command\n"
      "would stage; whose keys a new root has is shown: compare them, or give --officer, --threshold and "
      "--online as the first one did.",
      {"sallyport policy sign policy.json --repository repo --key file:alice.key --officer alice.key.pub \\\n"
       "      --officer bob.pub --officer carol.pub --threshold 2 --online server.pub",
       "sallyport policy sign policy.json --repository repo --key file:bob.key"},
      {{"POLICY", "", "The policy file", Need::required}},
      {repository,
       {"key", "URI", "The officer's key", Need::required},
       {"officer", "FILE", "An officer's public key", Need::optional, Takes::values},
       {"threshold", "M", "How many officers have to sign"},
       {"online", "FILE", "A public key of the server", Need::optional, Takes::values},
       {"days", "N", "Days until root and targets expire (default 365)"},
       rehearse_option},
      run_sign};
}

Command deploy_publish_command() {
  return {"deploy publish",
          "Publish packages, verdicts and orders in the repository",
          "Takes over what the officers have signed, adds the files given, and signs what the server's key "
          "may sign: "
          "what is current.\n"
          "The result is static files for any web server. Without files it renews the time stamp.",
          {"sallyport deploy publish --repository repo --key file:server.key --package mme.csar \\\n"
           "      --verdict mme.verdict --order mme.order"},
          {},
          {repository,
           {"key", "URI", "The server's key", Need::required},
           {"package", "FILE", "The package"},
           {"verdict", "VERDICT", "Intake's verdict about it"},
           {"order", "ORDER", "The approved order"},
           {"proof", "PROOF", "That the order is in the log (default: ORDER.proof, if there is one)"},
           {"stop", "STOP", "A stop order, for nodes that fetch", Need::optional, Takes::values},
           {"recall", "RECALL",
            "An approved recall, for nodes that fetch; its proof is RECALL.proof, if there is one",
            Need::optional, Takes::values},
           {"crl", "CRL", "A revocation list", Need::optional, Takes::values},
           {"issuer", "CHAIN", "Certificates (PEM) of authorities below an anchor that issued such a list"},
           {"days", "N", "Days until snapshot and deliveries expire (default 30)"},
           {"timestamp-days", "N", "Days until the time stamp expires (default 7)"},
           rehearse_option},
          run_publish};
}

}  // namespace sallyport::cli
