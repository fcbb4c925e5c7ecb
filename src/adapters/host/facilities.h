// SPDX-License-Identifier: Apache-2.0
// What this machine's kernel offers of what Sallyport builds on: asked of the kernel itself, by harmless tries that
// leave nothing behind. A version number says little: containers take things away, distributions bring them back.
//
// For people who prepare a machine. Nothing is decided by it: whoever needs a facility asks for it again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport {

enum class Wanted : std::uint8_t { required, useful };  // by a node: without it nothing installs or starts

struct Facility {
  std::string_view name;
  Wanted wanted;
  std::string_view purpose;
  std::string missing;  // the system's words for why it is not there; empty: it is there
};

// In a fixed order, the required ones first. Starts one process that ends before this returns.
std::vector<Facility> host_facilities();

std::string kernel_release();  // as `uname -r`

}  // namespace sallyport
