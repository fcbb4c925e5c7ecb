// SPDX-License-Identifier: Apache-2.0
// One .deb file (deb(5)): an ar archive (ar.h) of debian-binary, control.tar.* and data.tar.* (tar_stream.h). For
// debs.cpp.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "adapters/tree_source/tar_stream.h"

namespace sallyport {

struct DebControl {
  std::string package;
  std::string version;
  std::string architecture;
  std::vector<std::string> scripts;  // of control.tar: what dpkg would run, and nobody does here
};

// `inner` is "control.tar" or "data.tar".
Result<std::unique_ptr<TarStream>> open_deb(const SourceFileName& file, const std::string& inner);

Result<DebControl> read_deb_control(const SourceFileName& file);

}  // namespace sallyport
