// SPDX-License-Identifier: Apache-2.0
#include "adapters/scanner/clamd_database.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

#include "core/crypto/digest.h"

namespace sallyport {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t database_size_max = 1ULL << 30U;
constexpr std::size_t files_max = 1000;

Error unknown(std::string found) {
  return {Code::scanner_failed, "clamd", "a signature database of known version and time", std::move(found)};
}

std::vector<std::string> arguments_of(int process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/cmdline", std::ios::binary);
  std::vector<std::string> arguments;
  for (std::string argument; std::getline(file, argument, '\0');) arguments.push_back(argument);
  return arguments;
}

std::string configuration_of(const std::vector<std::string>& arguments) {
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const auto& argument = arguments[i];
    if ((argument == "-c" || argument == "--config-file") && i + 1 < arguments.size())
      return arguments[i + 1];
    if (argument.starts_with("--config-file=")) return argument.substr(argument.find('=') + 1);
    if (argument.starts_with("-c")) return argument.substr(2);
  }
  return "/etc/clamav/clamd.conf";
}

Result<std::vector<fs::path>> files_of(const std::string& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_regular_file(ignored)) files.push_back(entry->path());
    if (files.size() > files_max) return unknown("too many files in " + folder);
  }
  if (error) return unknown(folder + ": " + error.message());
  if (files.empty()) return unknown("no file in " + folder);
  std::sort(files.begin(), files.end());
  return files;
}

Result<Sha256Digest> digest_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  Hasher hasher(Sha2::sha256);
  std::vector<char> part(1U << 16U);
  while (file.read(part.data(), static_cast<std::streamsize>(part.size())) || file.gcount() > 0)
    hasher.update(as_bytes({part.data(), static_cast<std::size_t>(file.gcount())}));
  if (file.bad() || !file.eof()) return unknown("cannot read " + path.string());
  return hasher.finish_sha256();
}

}  // namespace

Result<std::string> database_folder_of(const std::string& configuration_file) {
  std::ifstream file(configuration_file);
  if (!file) return unknown("cannot read " + configuration_file);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string option, value;
    if (words >> option >> value && option == "DatabaseDirectory") return value;
  }
  return std::string("/var/lib/clamav");
}

Result<ClamdDatabase> read_clamd_database(const std::string& folder) {
  Hasher all(Sha2::sha256);
  std::int64_t newest = 0;
  std::uintmax_t size = 0;
  const auto files = TRY(files_of(folder));
  for (const auto& path : files) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return unknown("cannot read " + path.string());
    size += static_cast<std::uintmax_t>(status.st_size);
    if (size > database_size_max) return unknown("more than 1 GiB in " + folder);
    newest = std::max<std::int64_t>(newest, status.st_mtime);
    all.update(as_bytes(path.filename().string() + "\n"));
    const auto digest = TRY(digest_of(path));
    all.update(digest.bytes());
  }
  const auto time = TRY(Instant::from_seconds(newest));
  return ClamdDatabase{"own:" + all.finish_sha256().text(), time};
}

Result<ClamdDatabase> find_clamd_database(int process) {
  const auto arguments = arguments_of(process);
  if (process <= 0 || arguments.empty()) return unknown("the process that listens cannot be seen");
  fs::path configuration = configuration_of(arguments);
  if (configuration.is_relative())
    configuration = fs::path("/proc") / std::to_string(process) / "cwd" / configuration;
  const auto folder = TRY(database_folder_of(configuration.string()));
  return read_clamd_database(folder);
}

}  // namespace sallyport
