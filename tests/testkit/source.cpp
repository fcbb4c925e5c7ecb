// SPDX-License-Identifier: Apache-2.0
#include "testkit/source.h"

namespace sallyport {

std::string source_file(const std::string& path) {
  return SALLYPORT_SOURCE_DIR "/" + path;
}

}  // namespace sallyport
