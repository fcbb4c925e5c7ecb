// SPDX-License-Identifier: Apache-2.0
// Debian's PostgreSQL, on a UNIX socket in a folder of its own; gone with the object.
#pragma once

#include <string>

namespace sallyport::testkit {

class Postgresql {
 public:
  static bool is_here();  // the programs, and root to start them as their own user
  Postgresql();
  ~Postgresql();
  Postgresql(const Postgresql&) = delete;
  Postgresql& operator=(const Postgresql&) = delete;

  std::string settings() const;  // for libpq

 private:
  std::string folder_;
};

}  // namespace sallyport::testkit
