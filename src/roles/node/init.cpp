// SPDX-License-Identifier: Apache-2.0
#include "roles/node/init.h"

#include <algorithm>
#include <array>
#include <set>

#include "roles/node/books.h"
#include "roles/node/node_key.h"
#include "roles/node/recall.h"

namespace sallyport::node {
namespace {

// A node that could check nothing under its policy had better not begin.
Result<void> can_be_checked(const SignatureRules& rules) {
  TRY(rules.statements.check_available());
  return rules.packages.check_available();
}

Result<void> named_by(const Policy& policy, const InitRequest& request) {
  TRY(can_be_checked(policy.signatures));
  if (const auto why = left_out(policy, request.pool, request.node)) return *why;
  return {};
}

// What only a node has that took something in: whatever became of its books, its floors are not to begin anew.
Result<void> never_ran(Disk& disk, const Error& taken) {
  for (const auto* path : {paths::active, paths::policies, paths::baselines, paths::recalls}) {
    if (TRY(disk.find(path))) return taken;
  }
  if (!TRY(disk.find(paths::generations))) return {};
  for (const auto& name : TRY(disk.list(paths::generations))) {
    if (!name.starts_with("probe") && name != "lost+found") return taken;
  }
  return {};
}

// What an initialisation makes, and may have left when it was cut short: folders first, which may be there before as
// mount points, and then files.
Result<void> nobody_elses(Disk& disk) {
  static const std::set<std::string> folders{paths::objects, paths::generations, paths::quarantine, "data",
                                             "run",          "lost+found"};
  static const std::set<std::string> files{paths::policy,      paths::journal,     "state.a",
                                           "state.b",          paths::private_key, paths::public_key,
                                           "policy.json.next", "state.a.next",     "state.b.next",
                                           "node.pub.next",    "node.json.next"};
  const auto names = TRY(disk.list(""));
  const bool begun = std::find(names.begin(), names.end(), paths::objects) != names.end();
  for (const auto& name : names) {
    if (name == paths::lock || folders.contains(name) || (begun && files.contains(name))) continue;
    return Error(Code::file_exists, name, "an empty folder, or one that begins to be a node",
                 "something that belongs to others");
  }
  return {};
}

// node.json is written last: without it, with nothing in the journal but a first record, and without anything that a
// node makes later, there was no node here yet.
Result<void> nothing_here(Disk& disk) {
  const Error taken(Code::node_already_initialised, "the node's root", "a folder without a node", "a node");
  if (TRY(disk.find(paths::identity))) return taken;
  TRY(never_ran(disk, taken));
  if (!TRY(disk.find(paths::journal))) return nobody_elses(disk);
  const auto bytes = TRY(disk.read_small(paths::journal, install::journal_size_max));
  const auto journal = install::parse_journal(bytes);
  if (!journal.ok() || journal.value().records.size() > 1) return taken;
  return nobody_elses(disk);
}

Result<void> without_journal(Disk& disk) {
  if (!TRY(disk.find(paths::journal))) return {};
  return disk.remove(paths::journal);
}

Result<void> make_folders(Disk& disk) {
  for (const auto* folder : {paths::objects, paths::generations, paths::quarantine, "data", "run"}) {
    TRY(disk.ensure_folder(folder));
  }
  constexpr std::array<char, 17> digits{"0123456789abcdef"};
  for (std::size_t high = 0; high < 16; ++high) {
    for (std::size_t low = 0; low < 16; ++low) {
      TRY(disk.ensure_folder(std::string(paths::objects) + "/" + digits.at(high) + digits.at(low)));
    }
  }
  return {};
}

Error needs_of(const std::string& what) {
  return {Code::not_supported, "the node's root", "a file system with " + what, "one without"};
}

// A file system that cannot do it says EPERM, as if the caller were at fault: but the caller has just made files there.
Result<void> needs(const std::string& what, Result<void> done) {
  const bool lacking = !done.ok() && (done.error().code == Code::permission_missing ||
                                      done.error().code == Code::not_supported);
  if (lacking) return needs_of(what);
  return std::move(done).within("trying " + what);
}

// J08: whatever is later moved by one rename must lie on one file system. The store's folders were made by
// us just now or refuse to be entered (store_path_diverted), so a rename between them shows it.
Result<void> can_be_moved(Disk& disk) {
  const std::string from = std::string(paths::quarantine) + "/probe";
  const std::string linked = std::string(paths::objects) + "/probe";
  const std::string to = std::string(paths::generations) + "/probe";
  for (const auto& path : {from, linked, to}) TRY(disk.remove_tree(path));
  TRY(disk.create_file(from));
  TRY(needs("hard links", disk.link(from, linked)));
  TRY(disk.rename(from, to).within("trying a rename"));
  TRY(disk.remove(linked));
  return disk.remove(to);
}

// J09: where modes do not last or links cannot be made, nothing could be installed that verifies later.
Result<void> keeps_what_it_is_given(Disk& disk) {
  const std::string file = std::string(paths::generations) + "/probe";
  const std::string link = std::string(paths::generations) + "/probe-link";
  for (const auto& path : {file, link}) TRY(disk.remove_tree(path));
  const auto writer = TRY(disk.create_file(file));
  const auto owner = TRY(disk.find(file));
  if (!owner) return Error(Code::io_failed, file);
  TRY(needs("file modes", writer->seal({04710, owner->uid, owner->gid, {}})));
  const auto sealed = TRY(disk.find(file));
  if (!sealed || sealed->mode != 04710) return needs_of("file modes that last");
  TRY(needs("symbolic links", disk.make_link("probe", link)));
  if (TRY(disk.read_link(link)) != "probe") return needs_of("symbolic links that last");
  TRY(disk.remove(link));
  return disk.remove(file);
}

Result<void> write_books(Disk& disk, const InitRequest& request, const install::Initialised& identity,
                         Instant now) {
  TRY(disk.replace_file(paths::policy, request.policy, 0600));
  const auto line = install::print_record({now, identity}, 1, install::first_link());
  TRY(disk.append(paths::journal, as_bytes(line.text)));
  const install::State state{identity, {}, 0, {}, 1, line.link};
  const auto copy = install::print_checkpoint(install::checkpoint_of(state, install::Floors{}));
  for (const auto* name : {"state.a", "state.b"}) TRY(disk.replace_file(name, as_bytes(copy), 0600));
  TRY(disk.sync_all());
  return disk.replace_file(paths::identity, as_bytes(print_identity(identity)), 0600);
}

Result<KeyId> make(Disk& disk, const InitRequest& request, const Sha256Digest& policy, Instant now,
                   const MakeKey& make_key) {
  TRY(without_journal(disk));
  TRY(make_folders(disk));
  TRY(can_be_moved(disk));
  TRY(keeps_what_it_is_given(disk));
  const auto key = TRY(make_key());
  TRY(write_books(disk, request, {request.node, request.pool, policy, key}, now));
  return key;
}

}  // namespace

Result<void> check(const InitRequest& request) {
  return named_by(TRY(parse_policy(request.policy)), request);
}

Result<void> check_folder(Disk& disk) {
  return nothing_here(disk);
}

Result<InitReport> init(Disk& disk, const InitRequest& request, Instant now, const MakeKey& make_key) {
  const auto policy = TRY(parse_policy(request.policy));
  TRY(named_by(policy, request));
  TRY(nothing_here(disk));  // before there is a lock in a folder of others
  const auto lock = TRY(disk.lock(paths::lock));
  TRY(nothing_here(disk));
  auto made = make(disk, request, policy.digest, now, make_key);
  if (!made.ok()) {
    auto error = made.take_error();
    error.effect = "no node yet: the folder holds the beginning of one, and the same command begins anew";
    return error;
  }
  return InitReport{request.node, request.pool, policy.name, policy.version, policy.digest, made.value()};
}

}  // namespace sallyport::node
