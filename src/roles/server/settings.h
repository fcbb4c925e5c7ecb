// SPDX-License-Identifier: Apache-2.0
// The configuration of the server: JSON, read as strictly as a policy (unknown and duplicate members are refused with
// json_malformed). docs/spec/server.md has an example.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/callbacks/port.h"
#include "core/format/syslog.h"
#include "core/format/tolerance.h"
#include "roles/server/account.h"
#include "roles/server/retention.h"

namespace sallyport::server {

// What uploads leave of the disk, so that what happens can still be recorded.
constexpr std::uint64_t disk_left_for_records = std::uint64_t{256} << 20U;

struct Settings {
  std::string listen;       // ADDRESS:PORT
  std::string certificate;  // files of PEM
  std::string key;
  std::string client_authorities;
  std::string database;              // sqlite:PATH or postgresql:SETTINGS
  std::string data;                  // folder of the content; shared by all servers on one database
  std::string audit;                 // file of security events
  std::string policy;                // file
  std::string log;                   // folder of the transparency log; empty: none is served
  std::string intake_key;            // URI of the key that verdicts are signed with
  std::string clamd;                 // socket
  std::vector<std::string> engines;  // sockets of further engines
  std::vector<std::string> yara;     // files of rules
  bool secrets = false;              // look for private keys and passwords as well
  std::string worker;                // program that reads packages; empty: `sallyport` beside this one
  std::string scratch;  // folder for contents that are too large for memory; empty: TMPDIR or /var/tmp
  std::string cache;  // folder of this server's own for what was scanned before; empty: nothing is remembered
  NamedHosts callbacks;                       // who may be called about packages
  std::optional<NamedHosts> upload_from_uri;  // where packages may be fetched from; absent: nowhere
  Tolerances tolerate;                        // deviations of packages of other tools
  // Where security events are forwarded to (adapters/syslog/tls.h); no server: nowhere.
  std::string syslog_server;
  std::string syslog_authorities;
  std::string syslog_certificate;
  std::string syslog_key;
  unsigned syslog_facility = 10;
  std::uint64_t syslog_enterprise = syslog_enterprise_example;
  std::uint64_t package_size_max = std::uint64_t{16} << 30U;
  std::uint64_t disk_left_min = disk_left_for_records;
  Quota quota;                                 // of each account that has none of its own
  std::uint32_t requests_a_minute_max = 6000;  // of one account
  std::uint32_t workers = 1;                   // intakes side by side; 0: this server takes none
  Retention retention;
  Accounts accounts;  // at least one
  bool operator==(const Settings&) const = default;
};

Result<Settings> parse_settings(BytesView json);

}  // namespace sallyport::server
