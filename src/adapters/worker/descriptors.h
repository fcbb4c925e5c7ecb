// SPDX-License-Identifier: Apache-2.0
// What parent and worker agree on: which descriptor is what, and what is said over the control socket. Both
// are the same program, so that this is no format between versions.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace sallyport::worker {

constexpr int file_number = 3;     // the file to read
constexpr int order_number = 4;    // the order, a file in memory
constexpr int control_number = 5;  // a socket of packets
constexpr int answer_number = 6;   // a pipe

// From the worker: this kind and a number, nine bytes. Only `connect` has an answer: the byte 0, and with
// it a socket.
enum class Ask : std::uint8_t { connect = 1, verifying = 2, scanning = 3, done = 4 };
using Packet = std::array<std::uint8_t, 9>;

constexpr Packet packet_of(Ask ask, std::uint64_t number) {
  Packet packet{static_cast<std::uint8_t>(ask)};
  for (std::size_t i = 0; i < 8; ++i) packet[1 + i] = static_cast<std::uint8_t>(number >> (8 * i));
  return packet;
}

constexpr std::uint64_t number_of(const Packet& packet) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 8; ++i) number |= std::uint64_t{packet[1 + i]} << (8 * i);
  return number;
}

}  // namespace sallyport::worker
