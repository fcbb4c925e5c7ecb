// SPDX-License-Identifier: Apache-2.0
// What several commands need: files that the user names, and the event log that the user chose.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/disk/output_file.h"
#include "adapters/disk/port.h"
#include "adapters/events/port.h"
#include "adapters/signer/port.h"
#include "apps/sallyport/command.h"
#include "core/format/policy.h"

namespace sallyport::cli {

Result<Policy> load_policy(const std::string& path);
// The same with the revocation lists of --crl beside it.
extern const Option crl_option;
Result<Policy> load_policy_and_lists(const Arguments& arguments);
// The text of a public key's file (PEM); another kind of PEM is told by its name.
Result<std::string> read_public_key(const std::string& path);
Result<std::vector<Certificate>> load_chain(const std::string& path);
// Of the order in --order: --proof PROOF, else ORDER.proof beside it, if there is one.
Result<std::optional<Bytes>> read_proof(const Arguments& arguments);
// Likewise of another statement's file.
Result<std::optional<Bytes>> read_proof(const Arguments& arguments, const std::string& statement);
Result<std::optional<Bytes>> proof_beside(const std::string& statement);  // FILE.proof, if there is one
// Of --key, which may be given several times: the first one, and the others.
struct Keys {
  std::unique_ptr<Signer> first;
  std::vector<std::unique_ptr<Signer>> further;
};
Result<Keys> open_keys(const Arguments& arguments);
std::string base_name(const std::string& path);
std::string user_name();  // of the system, for the event log

extern const Option dry_option;  // of commands whose only effect is the file that they write
extern const Option
    rehearse_option;  // of commands that change a folder, a service or a server: --dry-run, too
// The folder that the command changes; with --dry-run, one that only remembers what would be changed
// (adapters/disk/rehearsal.h). disk_to_make() makes the folder when it is not there.
Result<std::unique_ptr<Disk>> disk_to_change(const Arguments& arguments, const std::string& folder);
Result<std::unique_ptr<Disk>> disk_to_make(const Arguments& arguments, const std::string& folder);

// Whether the names are free and can be written to, and the word that they would be written; writes nothing.
Result<void> rehearse(const std::vector<std::string>& paths, Output& output);
void would_write(const std::vector<std::string>& paths, Output& output);
// The new file, or the rehearsal of it with --dry-run.
Result<void> write_result(const Arguments& arguments, const std::string& path, BytesView content,
                          Output& output);
// The same for a file that takes the place of an older one.
Result<void> replace_result(const Arguments& arguments, const std::string& path, BytesView content,
                            Output& output);

// The file that the command writes while it works, and null with --dry-run, where one could be made: then the folder
// stays untouched.
Result<std::unique_ptr<OutputFile>> new_output(const Arguments& arguments, const std::string& path);
Result<std::unique_ptr<OutputFile>> replacing_output(const Arguments& arguments, const std::string& path);

// The options that every deciding command outside of a node has.
extern const Option events_option;
// --events FILE, else $SALLYPORT_EVENTS, else none (null); none with --dry-run.
Result<std::unique_ptr<EventLog>> open_events(const Arguments& arguments);

// Records the event with the result's error, if it has one, and hands the result on. A log that cannot be written is a
// fault, and comes first: no unlogged decision.
Result<void> recorded(EventLog* log, Event event, Result<void> result);

// --reviewed: the digest that a review has shown.
extern const Option reviewed_option;
Result<std::optional<Sha256Digest>> reviewed_of(const Arguments& arguments);

}  // namespace sallyport::cli
