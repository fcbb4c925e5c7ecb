// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/verdict_file.h"

#include "adapters/disk/file_source.h"
#include "core/format/dsse.h"
#include "roles/auditor/file_kind.h"

namespace sallyport::cli {

Result<Bytes> read_verdict(const std::string& path) {
  auto file = TRY(read_whole_file(path, envelope_size_max));
  TRY(auditor::expect_verdict(MemorySource(file)));
  return file;
}

}  // namespace sallyport::cli
