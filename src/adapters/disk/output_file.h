// SPDX-License-Identifier: Apache-2.0
// What a command writes for its user: without a name in the folder of the final one, synced, and only then named.
// Whatever happens, the final name holds what it held before or the complete new file, and a command that is killed
// leaves nothing (but where the file system gives every file a name, and in the moment in which one replaces another).
#pragma once

#include <memory>
#include <string>

#include "core/base/sink.h"

namespace sallyport {

enum class Readers : std::uint8_t { by_umask, owner_only };  // 0666 less the umask, or 0600 for secrets

class OutputFile final : public ByteSink {
 public:
  // file_exists when `path` is taken already: better now than after the work.
  static Result<std::unique_ptr<OutputFile>> create(const std::string& path, Readers readers);
  // For a path that may be taken: commit_replacing() will put the new file there.
  static Result<std::unique_ptr<OutputFile>> create_replacement(const std::string& path, Readers readers);
  // Whether create() and create_replacement() would succeed, as far as can be told without making anything.
  static Result<void> try_create(const std::string& path);
  static Result<void> try_replacement(const std::string& path);
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile() override;  // removes what was not committed

  Result<void> write(BytesView bytes) override;  // at the end
  Result<void> write_at(std::uint64_t offset, BytesView bytes);

  Result<void> commit();            // file_exists when somebody took the name meanwhile
  Result<void> commit_replacing();  // takes the name from whatever holds it

 private:
  OutputFile(std::string path, std::string temporary, int fd);
  Result<void> sync();
  Result<void> sync_folder() const;
  Result<void> give_name(const std::string& name);
  std::string path_;
  std::string temporary_;  // empty: it has no name
  int fd_;
  std::uint64_t size_ = 0;
};

// A small file in one call.
Result<void> write_new_file(const std::string& path, BytesView content, Readers readers);
Result<void> replace_whole_file(const std::string& path, BytesView content, Readers readers);

}  // namespace sallyport
