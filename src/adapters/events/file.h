// SPDX-License-Identifier: Apache-2.0
// A file of JSON lines, mode 0600, opened for appending only. Each event is one write and one fsync, so that
// lines of several processes never mix and none is acknowledged before it is durable. A torn last line (power
// cut) is closed with a line end by the next event, so that it cannot swallow one.
#pragma once

#include <string>

#include "adapters/events/port.h"

namespace sallyport {

class FileEventLog final : public EventLog {
 public:
  static Result<FileEventLog> open(const std::string& path);
  FileEventLog(FileEventLog&& other) noexcept;
  FileEventLog& operator=(FileEventLog&&) = delete;
  ~FileEventLog() override;
  Result<void> record(const Event& event) override;

 private:
  Result<void> reserve();
  FileEventLog(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}
  int fd_;
  std::string path_;
};

}  // namespace sallyport
