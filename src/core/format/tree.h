// SPDX-License-Identifier: Apache-2.0
// tree.json: what a release consists of. docs/spec/tree.md has the bytes, an example and the refusal rules.
//
// It is printed in one form only (members in the order below, entries sorted by path, no white space but one
// line end), and parse_tree refuses every other spelling: tree_malformed.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/id.h"
#include "core/base/path.h"
#include "core/crypto/digest.h"

namespace sallyport {

enum class EntryType : std::uint8_t { file, directory, link };

struct TreeEntry {
  RelativePath path;
  EntryType type;
  std::uint32_t mode;  // permission bits 0-07777; 0777 for links
  std::uint32_t uid;
  std::uint32_t gid;
  std::uint64_t size = 0;            // file: bytes
  std::optional<FileDigest> digest;  // file: always present, absent otherwise
  std::string link_target;           // link: stays inside of the tree when resolved
  std::vector<std::string>
      capabilities;  // file: Linux file capabilities, e.g. "cap_net_bind_service", sorted
};

// One independent zstd frame of content.pack: at most 4 MiB of content.
struct Frame {
  std::uint64_t offset;  // in content.pack
  std::uint32_t stored_size;
  std::uint32_t size;
};

struct ContentObject {
  FileDigest digest;
  std::uint64_t size;
  std::vector<Frame> frames;  // in order of the content; none for the empty content
};

enum class Protocol : std::uint8_t { tcp, udp, sctp };
enum class Network : std::uint8_t { own, host };  // a network namespace of its own, or the host's
enum class HealthKind : std::uint8_t { process, listen };

struct Port {
  Protocol protocol;
  std::uint16_t number;
};

struct HealthCheck {
  HealthKind kind;           // process: it is alive; listen: a socket of it is bound to the port
  std::optional<Port> port;  // for listen
};

// A setting of the kernel for the service's own namespaces. format/sysctl.h says which there are.
struct Sysctl {
  std::string name;  // "net.core.somaxconn"
  std::string value;
};

// What a service is not kept from, though every other one is. In the order of their names in tree.json.
enum class ServiceException : std::uint8_t {
  interpreters,  // to execute the interpreters of the release
  io_uring,
  jit,           // to make code at run time
  memory_files,  // memfd_create: code can be mapped from one
  namespaces,    // to make and enter namespaces
  ptrace,        // to trace its own processes, and to read and write their memory
};

struct Service {
  ServiceId name;
  std::vector<std::string> argv;  // argv[0] is an absolute path of a file of the tree
  std::uint32_t uid;
  std::uint32_t gid;
  std::vector<std::string> capabilities;  // kept by the process, e.g. "cap_net_admin"; sorted
  Network network;
  std::vector<Port> ports;  // that it listens on, for the reviewer
  std::vector<RelativePath>
      state_folders;  // writable (and noexec) folders inside of the tree's root, e.g. var/log/nextepc
  std::vector<HealthCheck> health;
  std::uint32_t start_seconds_max;                // how long until it must be healthy; 1 to 600
  std::vector<Sysctl> sysctls = {};               // sorted by name
  std::vector<ServiceException> exceptions = {};  // sorted
};

// What becomes of the operator's own copy of a configuration file when the release brings another default.
enum class MergeRule : std::uint8_t {
  keep,       // a copy that was changed stays as it is
  replace,    // the new default takes its place
  three_way,  // both changes, line by line; where they touch each other the release is not activated
};

// A file of the tree that is the default of one that the operator may change.
struct ConfigFile {
  RelativePath path;
  MergeRule merge;
};

// Names for numbers, inside of the services' root alone (format/accounts.h). Nobody logs in as one of them.
struct User {
  std::string name;
  std::uint32_t uid;
  std::uint32_t gid;
};
struct Group {
  std::string name;
  std::uint32_t gid;
};

struct Tree {
  ProductId product;
  std::string name;                // of the release, for people: "nextepc-mme"
  std::string version;             // for people; never compared
  std::string architecture;        // as uname -m, or "any"
  std::uint64_t counter;           // monotonic release counter, from 1
  std::vector<TreeEntry> entries;  // sorted by path; parents before children, every parent present
  std::vector<ContentObject>
      objects;                    // sorted by offset: each distinct content once, content.pack without gaps
  std::vector<Service> services;  // sorted by name
  std::vector<ConfigFile> config = {};  // sorted by path
  std::vector<User> users = {};         // sorted by name
  std::vector<Group> groups = {};       // sorted by name
};

struct TreeLimits {
  std::uint64_t json_size_max = 256ULL << 20U;
  std::uint64_t entries_max = 1000000;
  std::uint64_t content_size_max = 1ULL << 40U;
};
constexpr std::size_t config_files_max = 256;
constexpr std::uint64_t config_size_max = 1U << 20U;  // of one file

constexpr std::uint32_t frame_content_size_max = 4U << 20U;

// The release's identity is sha256 of these bytes.
Result<Tree> parse_tree(BytesView json, const TreeLimits& limits = {});
Result<std::string> print_tree(const Tree& tree);  // refuses a tree that parse_tree would refuse

// The fit between tree and pack that needs no content: frames tile exactly `pack_size` bytes and objects
// exactly the distinct contents of the files. Part of parse_tree but for the size: tree_inconsistent.
Result<void> check_pack_size(const Tree& tree, std::uint64_t pack_size);

}  // namespace sallyport
