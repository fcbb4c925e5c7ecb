// SPDX-License-Identifier: Apache-2.0
// Files of a test of the gate, and what is tried with them.
#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "adapters/confine/groups.h"
#include "core/crypto/file_digest.h"
#include "core/format/gate.h"

namespace sallyport::node {

inline std::string read_text(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

inline void write_text(const std::string& path, const std::string& text, mode_t mode = 0755) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
  ::chmod(path.c_str(), mode);
}

inline ListedFile listed(const std::string& content) {
  ListedFile file{content.size(), {}};
  std::ranges::copy(file_digest(as_bytes(content)).bytes(), file.digest.begin());
  return file;
}

// The errno of the attempt, 0 when it went well; in a process of its own, which a service's group may hold.
inline int attempt_in_child(const std::string& group, const std::function<int()>& what) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (!group.empty() && confine::join_group(group).force != Force::in_force) ::_exit(250);
    ::_exit(what());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

inline int execute(const std::vector<std::string>& words) {
  std::vector<char*> argv;
  std::vector<std::string> kept = words;
  for (auto& word : kept) argv.push_back(word.data());
  argv.push_back(nullptr);
  const int silence = ::open("/dev/null", O_WRONLY);
  ::dup2(silence, 1);
  ::dup2(silence, 2);
  ::execv(argv[0], argv.data());
  return errno;
}

// What no ignore mark notices.
inline void store_through_mapping(const std::string& path, const std::string& content) {
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  void* memory = ::mmap(nullptr, content.size(), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  std::copy(content.begin(), content.end(), static_cast<char*>(memory));
  ::munmap(memory, content.size());
}

}  // namespace sallyport::node
