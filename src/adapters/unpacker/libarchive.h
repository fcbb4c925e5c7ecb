// SPDX-License-Identifier: Apache-2.0
// Archives opened by libarchive: zip, tar, 7z, cpio, rpm, ar (and so .deb), iso, cab, rar; gzip, bzip2,
// xz, zstd, lz4, lzip, compress around any of them, or around a single file. Runs where an exploit of it gets
// nothing (adapters/worker).
//
// Bytes that no member has are handed over as members of their own: behind the end of a compression, of tar, cpio,
// 7z, cab and ISO 9660, and of ZIP all that its directory does not name (zip_gaps.h). What is a ZIP archive by its end
// is opened as that, too (zip_inside.h).
//
// The name does not matter, only the bytes. Links and devices without bytes are passed over. A list of
// files that names files outside of it (mtree) is no archive.
#pragma once

#include "adapters/unpacker/port.h"

namespace sallyport {

class LibarchiveUnpacker final : public Unpacker {
 public:
  std::string version() const override;
  Result<OpenedArchive> open(const ByteSource& content, MemberSink& sink) override;
};

}  // namespace sallyport
