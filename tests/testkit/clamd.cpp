// SPDX-License-Identifier: Apache-2.0
#include "testkit/clamd.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include "core/base/bytes.h"
#include "core/base/eicar.h"
#include "testkit/statements.h"

namespace sallyport::testkit {
namespace {

std::string new_folder() {
  std::string folder = (std::filesystem::temp_directory_path() / "sallyport-clamd-XXXXXX").string();
  CHECK(::mkdtemp(folder.data()) != nullptr);
  return folder;
}

void write_configuration(const std::string& folder, const ClamdSettings& settings) {
  std::filesystem::create_directory(folder + "/database");
  const auto pattern = settings.database == "eicar" ? eicar_test_file() : "matched by nothing at all";
  const auto database = folder + "/database/own.ndb";
  std::ofstream(database) << "Test.Eicar:0:0:" << hex(as_bytes(pattern)) << "\n";
  const timespec made[2] = {{test_time().seconds() - 3600, 0}, {test_time().seconds() - 3600, 0}};
  CHECK(::utimensat(AT_FDCWD, database.c_str(), made, 0) == 0);
  std::map<std::string, std::string> options = {
      {"DatabaseDirectory", folder + "/database"},
      {"LocalSocket", folder + "/socket"},
      {"LocalSocketMode", "600"},
      {"TemporaryDirectory", folder},
      {"LogFile", folder + "/log"},
      {"Foreground", "yes"},
      {"AlertExceedsMax", "yes"},
      {"AlertEncrypted", "yes"},
      {"StreamMaxLength", "64M"},
      {"MaxFileSize", "32M"},
      {"MaxThreads", "4"},
  };
  for (const auto& [name, value] : settings.options) options[name] = value;
  std::ofstream file(folder + "/clamd.conf");
  for (const auto& [name, value] : options) file << name << " " << value << "\n";
}

bool answers(const std::string& socket) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket.data(), socket.size());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool connected = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  char reply[5] = {};
  const bool pong = connected && ::send(fd, "zPING", 6, MSG_NOSIGNAL) == 6 &&
                    ::recv(fd, reply, sizeof reply, MSG_WAITALL) == 5 && std::strcmp(reply, "PONG") == 0;
  ::close(fd);
  return pong;
}

int start(const std::string& folder) {
  const std::string configuration = folder + "/clamd.conf";
  const std::string output = folder + "/output";
  const int process = ::fork();
  CHECK(process >= 0);
  if (process > 0) return process;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int fd = ::open(output.c_str(), O_WRONLY | O_CREAT, 0600);
  ::dup2(fd, STDOUT_FILENO);
  ::dup2(fd, STDERR_FILENO);
  ::execlp("clamd", "clamd", "-c", configuration.c_str(), nullptr);
  ::execl("/usr/sbin/clamd", "clamd", "-c", configuration.c_str(), nullptr);
  ::_exit(127);
}

}  // namespace

ClamdServer::ClamdServer(const ClamdSettings& settings)
    : folder_(new_folder()), socket_(folder_ + "/socket") {
  write_configuration(folder_, settings);
  process_ = start(folder_);
  for (int i = 0; i < 1500 && !answers(socket_); ++i) {
    CHECK(::waitpid(process_, nullptr, WNOHANG) ==
          0);  // clamd is not there, or did not like its configuration
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  CHECK(answers(socket_));
}

void ClamdServer::kill() {
  if (process_ == 0) return;
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
  process_ = 0;
}

ClamdServer::~ClamdServer() {
  kill();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

}  // namespace sallyport::testkit
