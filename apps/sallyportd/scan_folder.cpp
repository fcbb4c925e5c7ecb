// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyportd/scan_folder.h"

#include <filesystem>
#include <system_error>

#include "adapters/disk/file_source.h"
#include "adapters/disk/output_file.h"

namespace sallyport::sallyportd {

Result<intake::ScanFolder> open_scan_folder(const std::string& path) {
  std::error_code none_of_it;
  if (!std::filesystem::is_directory(path, none_of_it))
    return Error(Code::file_missing, path, "a folder of intake's own: mkdir -m 700", "none");
  return intake::ScanFolder{[path](const std::string& name, std::uint64_t size_max) {
                              return read_whole_file(path + "/" + name, size_max);
                            },
                            [path](const std::string& name, BytesView content) {
                              return replace_whole_file(path + "/" + name, content, Readers::owner_only);
                            }};
}

}  // namespace sallyport::sallyportd
