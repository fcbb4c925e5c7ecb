// SPDX-License-Identifier: Apache-2.0
// Whether a host can be under the gate without locking out everybody. Pure: the programs were measured elsewhere.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/gate/decide.h"

namespace sallyport::gate {

// Without these nobody gets into a host any more, and nothing is mended there; as far as they are there at all.
constexpr std::array<std::string_view, 22> indispensable{"/sbin/init",
                                                         "/lib/systemd/systemd",
                                                         "/lib/systemd/systemd-executor",
                                                         "/lib/systemd/systemd-shutdown",
                                                         "/bin/systemctl",
                                                         "/bin/sh",
                                                         "/bin/bash",
                                                         "/bin/mount",
                                                         "/bin/umount",
                                                         "/bin/login",
                                                         "/sbin/agetty",
                                                         "/sbin/sulogin",
                                                         "/bin/su",
                                                         "/usr/bin/sudo",
                                                         "/usr/sbin/sshd",
                                                         "/usr/lib/openssh/sshd-session",
                                                         "/usr/lib/openssh/sftp-server",
                                                         "/sbin/modprobe",
                                                         "/lib64/ld-linux-x86-64.so.2",
                                                         "/lib/ld-linux-aarch64.so.1",
                                                         "/usr/bin/env",
                                                         "/usr/bin/dpkg"};

// A program as it was measured.
struct MeasuredProgram {
  std::string path;
  std::uint64_t size;
  std::optional<FileDigest>
      digest;  // absent: it could not be measured, or is not believed; so it is not listed
};

// Nothing, or baseline_incomplete: the programs that are not listed, by their paths, each once.
std::optional<Error> not_covered(std::span<const MeasuredProgram> programs, const ListedFiles& files);

}  // namespace sallyport::gate
