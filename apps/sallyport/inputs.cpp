// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/inputs.h"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "adapters/disk/file_source.h"
#include "adapters/disk/output_file.h"
#include "adapters/disk/posix.h"
#include "adapters/disk/rehearsal.h"
#include "adapters/events/file.h"
#include "adapters/signer/open.h"
#include "apps/sallyport/output.h"
#include "core/base/text.h"
#include "core/tlog/proof.h"

namespace sallyport::cli {

namespace {

constexpr std::uint64_t public_key_text_max = 65536;

}  // namespace

const Option events_option{"events", "FILE",
                           "Append the decision to this event log (else $SALLYPORT_EVENTS)"};

const Option dry_option{"dry-run", "", "Do all of it, say what would be written, and write nothing",
                        Need::optional, Takes::nothing};

const Option rehearse_option{"dry-run", "", "Make every check and say what would be done; change nothing",
                             Need::optional, Takes::nothing};

Result<std::unique_ptr<Disk>> disk_to_change(const Arguments& arguments, const std::string& folder) {
  std::unique_ptr<Disk> disk = TRY(PosixDisk::at(folder));
  if (arguments.rehearses()) disk = std::make_unique<RehearsalDisk>(std::move(disk));
  return disk;
}

Result<std::unique_ptr<Disk>> disk_to_make(const Arguments& arguments, const std::string& folder) {
  if (!arguments.rehearses()) {
    std::unique_ptr<Disk> disk = TRY(PosixDisk::made_at(folder));
    return disk;
  }
  auto disk = disk_to_change(arguments, folder);
  if (disk.ok() || disk.error().code != Code::file_missing) return disk;
  const auto parent = (std::filesystem::absolute(folder) / "..").lexically_normal();
  if (!std::filesystem::is_directory(parent))
    return Error(Code::file_missing, folder, "a folder to make it in", parent.string() + " is none");
  return std::unique_ptr<Disk>(std::make_unique<RehearsalDisk>(nullptr));
}

Result<void> rehearse(const std::vector<std::string>& paths, Output& output) {
  for (const auto& path : paths) TRY(OutputFile::try_create(path));
  would_write(paths, output);
  return {};
}

void would_write(const std::vector<std::string>& paths, Output& output) {
  output.json().key("would_write").begin_array();
  for (const auto& path : paths) {
    output.line("Would write " + printable(path));
    output.json().text(path);
  }
  output.json().end_array();
}

Result<void> write_result(const Arguments& arguments, const std::string& path, BytesView content,
                          Output& output) {
  if (arguments.has("dry-run")) return rehearse({path}, output);
  TRY(write_new_file(path, content, Readers::by_umask));
  output.json().text("file", path);
  return {};
}

Result<void> replace_result(const Arguments& arguments, const std::string& path, BytesView content,
                            Output& output) {
  if (arguments.rehearses()) {
    TRY(OutputFile::try_replacement(path));
    would_write({path}, output);
    return {};
  }
  TRY(replace_whole_file(path, content, Readers::by_umask));
  output.json().text("file", path);
  return {};
}

Result<std::unique_ptr<OutputFile>> new_output(const Arguments& arguments, const std::string& path) {
  if (!arguments.rehearses()) return OutputFile::create(path, Readers::by_umask);
  TRY(OutputFile::try_create(path));
  return std::unique_ptr<OutputFile>();
}

Result<std::unique_ptr<OutputFile>> replacing_output(const Arguments& arguments, const std::string& path) {
  if (!arguments.rehearses()) return OutputFile::create_replacement(path, Readers::by_umask);
  TRY(OutputFile::try_replacement(path));
  return std::unique_ptr<OutputFile>();
}

Result<Policy> load_policy(const std::string& path) {
  return parse_policy(TRY(read_whole_file(path, policy_size_max))).within("reading the policy " + path);
}

const Option crl_option{"crl", "FILE", "A revocation list (CRL) beside the policy's own", Need::optional,
                        Takes::values};

Result<Policy> load_policy_and_lists(const Arguments& arguments) {
  auto policy = TRY(load_policy(arguments.text("policy")));
  for (const auto& path : arguments.list("crl")) {
    const auto bytes = TRY(read_whole_file(path, revocation_list_text_max));
    policy.delivered_lists.push_back(
        TRY(RevocationList::from_file(bytes).within("reading the list " + path)));
  }
  return policy;
}

Result<std::string> read_public_key(const std::string& path) {
  std::string text(as_text(TRY(read_whole_file(path, public_key_text_max))));
  const auto given = [&](std::string_view found) {
    return Error(Code::usage_error, path, "the file of a public key, like alice.key.pub", std::string(found));
  };
  if (text.find("PRIVATE KEY-----") != std::string::npos)
    return given("a private key: its public part is in the file FILE.pub beside it");
  if (text.find("-----BEGIN CERTIFICATE") != std::string::npos) return given("a certificate");
  return text;
}

Result<std::vector<Certificate>> load_chain(const std::string& path) {
  const auto pem = TRY(read_whole_file(path, certificates_text_max));
  return Certificate::chain_from_pem(as_text(pem)).within("reading the certificates " + path);
}

Result<std::optional<Bytes>> read_proof(const Arguments& arguments) {
  return read_proof(arguments, arguments.text("order"));
}

Result<std::optional<Bytes>> read_proof(const Arguments& arguments, const std::string& statement) {
  if (!arguments.has("proof")) return proof_beside(statement);
  return std::optional(TRY(read_whole_file(arguments.text("proof"), tlog::proof_size_max)));
}

Result<std::optional<Bytes>> proof_beside(const std::string& statement) {
  auto proof = read_whole_file(statement + ".proof", tlog::proof_size_max);
  if (proof.ok()) return std::optional(std::move(proof).value());
  if (proof.error().code != Code::file_missing) return proof.error();
  return std::optional<Bytes>();
}

Result<Keys> open_keys(const Arguments& arguments) {
  Keys keys;
  for (const auto& uri : arguments.list("key")) {
    auto signer = TRY(open_signer(uri));
    if (!keys.first) {
      keys.first = std::move(signer);
    } else {
      keys.further.push_back(std::move(signer));
    }
  }
  CHECK(keys.first != nullptr);  // the option is required
  return keys;
}

std::string base_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

std::string user_name() {
  const auto* entry = ::getpwuid(::getuid());
  return entry != nullptr ? entry->pw_name : std::to_string(::getuid());
}

Result<std::unique_ptr<EventLog>> open_events(const Arguments& arguments) {
  const char* fallback = std::getenv("SALLYPORT_EVENTS");
  const auto path = arguments.text_or("events", fallback != nullptr ? fallback : "");
  if (path.empty() || arguments.rehearses()) return std::unique_ptr<EventLog>();
  return std::unique_ptr<EventLog>(std::make_unique<FileEventLog>(TRY(FileEventLog::open(path))));
}

Result<void> recorded(EventLog* log, Event event, Result<void> result) {
  if (log == nullptr) return result;
  if (!result.ok()) event.error = result.error();
  TRY(log->record(event));
  return result;
}

const Option reviewed_option{"reviewed", "DIGEST",
                             "Sign nothing else than what has this digest, as the review has shown it"};

Result<std::optional<Sha256Digest>> reviewed_of(const Arguments& arguments) {
  if (!arguments.has("reviewed")) return std::optional<Sha256Digest>();
  const auto& text = arguments.text("reviewed");
  const auto digest = Sha256Digest::parse(text);
  if (!digest.ok()) return Error(Code::usage_error, "--reviewed", "a SHA-256 digest", printable(text));
  return std::optional(digest.value());
}

}  // namespace sallyport::cli
