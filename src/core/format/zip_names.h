// SPDX-License-Identifier: Apache-2.0
// Which names can stand side by side: on no file system may two members of an archive become one.
#pragma once

#include <set>
#include <string>

#include "core/base/path.h"

namespace sallyport::zip {

class NameSet {
 public:
  // Refuses (zip_name_duplicate) a name that equals one before after NFC, case folding and the loss of dots
  // and spaces at the end of a component, and a name that is a folder of another or has another as a folder.
  Result<void> add(const RelativePath& name);

 private:
  std::set<std::string> names_;
  std::set<std::string> folders_;
};

}  // namespace sallyport::zip
