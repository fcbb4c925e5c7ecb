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
  // The same for a folder that stands there as a member: once, and never where a file is.
  Result<void> add_folder(const RelativePath& name);

 private:
  std::set<std::string> names_;
  std::set<std::string> folders_;
  std::set<std::string> own_folders_;  // that are members
};

}  // namespace sallyport::zip
