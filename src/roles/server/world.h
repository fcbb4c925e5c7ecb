// SPDX-License-Identifier: Apache-2.0
// What the server works with, and one question on its way through it.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "adapters/callbacks/port.h"
#include "adapters/db/port.h"
#include "adapters/disk/port.h"
#include "adapters/host/port.h"
#include "adapters/https/port.h"
#include "core/format/policy.h"
#include "roles/server/account.h"
#include "roles/server/live.h"
#include "roles/server/target.h"

namespace sallyport::server {

struct World {
  Database& db;
  Disk& data;   // the content of packages
  Disk& audit;  // security events
  Disk* log;    // the transparency log's files; null: none are served
  const Clock& clock;
  const Policy& policy;
  std::string policy_file;  // its bytes, for those who ask
  std::function<Result<std::string>()> new_id;
  std::uint64_t package_size_max;
  const AccountBook& accounts;
  Callbacks& callbacks;  // who may be told of packages
  Live& live;
  const Fetcher* fetcher = nullptr;  // where packages may be fetched from; null: nowhere
  std::uint64_t disk_left_min = 0;   // of `data`; what comes in leaves so much of it
  Quota quota = {};                  // of each account that has none of its own
};

struct Call {
  WebQuestion question;
  Account account;
  Target target;
  std::map<std::string, std::string, std::less<>> names;  // what stands for the {names} of the route
  Instant now;

  const std::string& name(std::string_view of) const { return names.find(of)->second; }
};

// What handlers return: errors of the database and of disks become problems, refusals in words of the API are answers.
using Handled = Result<WebBegun>;
using Handler = Handled (*)(World&, const Call&);

WebAnswer answer_json(unsigned status, std::string body, WebHeaders headers = {});
WebAnswer answer_empty(unsigned status, WebHeaders headers = {});

// A body that is small enough to be held, of one of these media types (without parameters). Answers 415 for others.
using SmallBody = std::function<Result<WebAnswer>(BytesView body)>;
WebBegun take_small_body(const Call& call, std::uint64_t size_max,
                         const std::vector<std::string_view>& media_types, SmallBody then);

// Nobody here undoes an encoding: what comes in one is of another type.
bool has_media_type(const WebQuestion& question, const std::vector<std::string_view>& media_types);
WebAnswer media_type_refused(const WebQuestion& question, const std::vector<std::string_view>& media_types);
std::string percent_encoded(std::string_view text);

}  // namespace sallyport::server
