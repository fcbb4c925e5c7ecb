// SPDX-License-Identifier: Apache-2.0
// A real clamd for one test: own folder, own database (an hour older than test_time()) with EICAR and nothing else, own
// socket. It never
// touches a clamd of the system, and it ends with this object or with this process.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace sallyport::testkit {

struct ClamdSettings {
  // Lines of clamd.conf that come on top of, or in the place of, those that every test clamd has.
  std::vector<std::pair<std::string, std::string>> options;
  std::string database = "eicar";  // or "empty": a signature that nothing matches
};

class ClamdServer {
 public:
  // Aborts when clamd is not installed or does not start: such a test cannot be skipped.
  explicit ClamdServer(const ClamdSettings& settings = {});
  ClamdServer(const ClamdServer&) = delete;
  ClamdServer& operator=(const ClamdServer&) = delete;
  ~ClamdServer();

  const std::string& socket() const { return socket_; }
  const std::string& folder() const { return folder_; }
  void kill();  // as a crash would

 private:
  std::string folder_;
  std::string socket_;
  int process_ = 0;
};

}  // namespace sallyport::testkit
