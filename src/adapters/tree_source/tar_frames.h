// SPDX-License-Identifier: Apache-2.0
// Follows a tar archive header by header beside the library that reads it, and refuses (input_refused) what two readers
// may read in two ways. For deb_file.cpp.
//
// What passes is what dpkg-deb writes and deb(5) allows: ustar and GNU headers of plain files, folders, links and
// devices, with the long names of GNU in front of them. The size in the header itself, and nothing else, says where the
// next header begins. Nothing is kept but one header: a name that claims to be long is refused by its number. Extended
// headers (pax) pass where the caller takes them, and then only those of tar_pax.h, which are kept to be looked at.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "adapters/tree_source/tar_pax.h"
#include "core/base/bytes.h"

namespace sallyport {

enum class Pax : std::uint8_t { refused, known };

class TarFrames {
 public:
  explicit TarFrames(Pax pax = Pax::refused) : pax_(pax) {}
  Result<void> feed(BytesView next);  // the next bytes of the archive
  // Refuses an archive without end marker, and one that ends inside of a file.
  Result<void> finish() const;

 private:
  static constexpr std::size_t block_size = 512;
  enum class State : std::uint8_t { headers, ended };
  Result<void> header();
  Result<void> extended_header(std::uint8_t type, std::uint64_t size);
  Result<void> skip(BytesView part);

  std::array<std::uint8_t, block_size> block_{};
  std::size_t filled_ = 0;   // of block_
  std::uint64_t skip_ = 0;   // bytes of content still to come, with padding
  unsigned long_names_ = 0;  // that wait for their entry: 1 a path, 2 a link's target
  State state_ = State::headers;
  Pax pax_;
  std::optional<PaxScope> extended_;  // of the header whose content comes next
  std::size_t records_size_ = 0;
  std::string records_;
  bool described_ = false;  // an entry has to come: it has an extended header
};

}  // namespace sallyport
