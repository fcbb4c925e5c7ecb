// SPDX-License-Identifier: Apache-2.0
// The list of what a kernel has measured, as IMA hands it out (binary_runtime_measurements): an entry is a PCR (32
// bits), 20 bytes of SHA-1, the template's name and its data, both with 32 bits of length before them, in the byte
// order of the machine. The data of the templates ima-ng, ima-ngv2 and ima-sig begin with two fields with their
// lengths: a digest and a name. Linux, Documentation/security/IMA-templates.rst. Only lists of little-endian machines
// are read, and not the old template `ima`.
//
// The text that the kernel makes of it is not read: a name with a line end in it makes lines of its own there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/crypto/digest.h"

namespace sallyport {

constexpr std::uint64_t measurements_size_max = 256ULL << 20;

struct Measurement {
  std::uint32_t pcr;
  std::string form;                  // the template's name
  std::optional<FileDigest> digest;  // of fs-verity, SHA-256; absent: measured in another way, or not at all
  std::string name;                  // the path when it was opened, cut at 255 bytes: a hint
  Sha256Digest extended_with;        // what the PCR's bank of SHA-256 was extended with
};

// truncated; not_supported: it cannot be read here, so nothing was found out.
Result<std::vector<Measurement>> parse_measurements(BytesView list);

// What the PCR's bank of SHA-256 has after these, in a machine that has booted once since it was zero.
Sha256Digest replay(const std::vector<Measurement>& list, std::uint32_t pcr);

}  // namespace sallyport
