// SPDX-License-Identifier: Apache-2.0
// One target on its way here: continued where it broke off, verified as a whole, and only then named.
#pragma once

#include "adapters/disk/port.h"
#include "adapters/http/port.h"
#include "core/trust/tuf/metadata.h"

namespace sallyport::node {

// Whether the file is there and has the right length and hashes.
bool is_there(Disk& disk, const std::string& name, const tuf::TargetFile& file);

class TargetTransfer {
 public:
  TargetTransfer(Fetcher& fetcher, std::string url, tuf::TargetFile file, std::string path)
      : fetcher_(fetcher), url_(std::move(url)), file_(std::move(file)), path_(std::move(path)) {}

  // The file's bytes lie under `name`+part until all of them were verified. A transfer that breaks off goes on from
  // where it was, as long as each attempt brings something; bytes put together from several attempts that do not
  // verify, or a server that cannot continue, mean one more attempt from the beginning.
  Result<void> run(Disk& disk, const std::string& name);

 private:
  enum class From : std::uint8_t { where_it_was, the_beginning };
  Result<void> attempt(Disk& disk, const std::string& part, From from);

  Fetcher& fetcher_;
  std::string url_;
  tuf::TargetFile file_;
  std::string path_;
  bool pieced_together_ = false;  // the last attempt did not begin with nothing, or was continued
};

}  // namespace sallyport::node
