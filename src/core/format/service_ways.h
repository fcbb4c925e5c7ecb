// SPDX-License-Identifier: Apache-2.0
// The known ways around the confinement of a service, tried from inside of it (adapters/confine/attempts.h), and the
// exception by which a release opens each. A policy may want them closed. docs/spec/gate.md, *Holes*.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/format/tree.h"

namespace sallyport {

struct ServiceWay {
  std::string_view name;                      // stable
  std::optional<ServiceException> opened_by;  // absent: no release can open it
};

// In the order in which they are tried.
inline constexpr std::array<ServiceWay, 25> service_ways{{
    {"service-memory-file-exec", {}},
    {"service-memory-file-mapped", ServiceException::memory_files},
    {"service-temporary-exec", {}},
    {"service-shared-memory-exec", {}},
    {"service-unnamed-file-exec", {}},
    {"service-data-mapped", {}},
    {"service-memory-to-code", ServiceException::jit},
    {"service-new-code", ServiceException::jit},
    {"service-segment-code", ServiceException::jit},
    {"service-filled-code", ServiceException::jit},
    {"service-executable-data", ServiceException::jit},
    {"service-writable-code", ServiceException::jit},
    {"service-own-memory-file", {}},
    {"service-namespaces", ServiceException::namespaces},
    {"service-mounts", {}},
    {"service-trace", ServiceException::ptrace},
    {"service-write-process", ServiceException::ptrace},
    {"service-io-uring", ServiceException::io_uring},
    {"service-file-handle", {}},
    {"service-loader", {}},
    {"service-script-file", ServiceException::interpreters},
    {"service-script-text", ServiceException::interpreters},
    {"service-script-input", ServiceException::interpreters},
    {"service-other-architecture", {}},
    {"service-kernel", {}},
}};

const ServiceWay* find_service_way(std::string_view name);  // null: there is none of that name

// Of these ways, those that the service opens, by what it declares or by being an interpreter itself: each with the
// exception, "service-new-code (jit)". A service that begins with "#!" is known only with its files at hand.
std::vector<std::string> ways_opened(const Service& service, const Tree& tree,
                                     const std::vector<std::string>& ways);

}  // namespace sallyport
