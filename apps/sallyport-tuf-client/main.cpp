// SPDX-License-Identifier: Apache-2.0
// A TUF client on the command line, as conformance suites drive it:
//
//   sallyport-tuf-client --metadata-dir D init ROOT
//   sallyport-tuf-client --metadata-dir D --metadata-url U refresh
//   sallyport-tuf-client --metadata-dir D --metadata-url U --target-name T [--target-name T2 …] --target-base-url B
//                        --target-dir O download
//
//   sallyport-tuf-client --help
//
// Exit 0 or 1. The decisions are those of the node: this program only names its folders.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <map>
#include <string_view>

#include "adapters/disk/file_source.h"
#include "adapters/disk/posix.h"
#include "adapters/host/clock.h"
#include "adapters/http/curl.h"
#include "core/base/text.h"
#include "roles/node/tuf_client.h"

namespace {

using namespace sallyport;
using Options = std::map<std::string, std::vector<std::string>, std::less<>>;

struct Line {
  Options options;
  std::vector<std::string> words;  // the command and its operands
};

Result<Line> parse(int argc, const char* const* argv) {
  Line line;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (!word.starts_with("--")) {
      line.words.push_back(word);
    } else if (i + 1 < argc) {
      line.options[word.substr(2)].emplace_back(argv[++i]);
    } else {
      return Error(Code::usage_error, word, "a value", "none");
    }
  }
  return line;
}

Result<std::string> option(const Line& line, std::string_view name) {
  const auto found = line.options.find(name);
  if (found == line.options.end())
    return Error(Code::usage_error, "--" + std::string(name), "a value", "none");
  return found->second.back();
}

Result<void> init(const Line& line) {
  if (line.words.size() != 2) return Error(Code::usage_error, "init", "one ROOT file", "");
  const auto disk = TRY(PosixDisk::shared_at(TRY(option(line, "metadata-dir"))));
  return node::TufClient::pin(*disk, "", TRY(read_whole_file(line.words[1], tuf::root_size_max)));
}

Result<node::TufClient> refresh(const Line& line, Disk& disk, Fetcher& fetcher,
                                const std::string& targets_url) {
  const auto url = TRY(option(line, "metadata-url"));
  return node::TufClient::refresh({disk, "", fetcher, url, targets_url}, SystemClock().now());
}

Result<void> download(const Line& line) {
  const auto metadata = TRY(PosixDisk::shared_at(TRY(option(line, "metadata-dir"))));
  const auto targets = TRY(PosixDisk::shared_at(TRY(option(line, "target-dir"))));
  TRY(option(line, "target-name"));
  const auto url = TRY(option(line, "target-base-url"));
  CurlFetcher fetcher;
  auto client = TRY(refresh(line, *metadata, fetcher, url));
  for (const auto& path : line.options.find("target-name")->second) {
    const auto file = TRY(client.find(path));
    TRY(client.download(path, file, *targets, node::file_name_for(path)));
  }
  return {};
}

Result<void> run(int argc, const char* const* argv) {
  const auto line = TRY(parse(argc, argv));
  const std::string command = line.words.empty() ? "" : line.words.front();
  if (command == "init") return init(line);
  if (command == "download") return download(line);
  if (command != "refresh") return Error(Code::usage_error, command, "init, refresh or download", "");
  const auto disk = TRY(PosixDisk::shared_at(TRY(option(line, "metadata-dir"))));
  CurlFetcher fetcher;
  TRY(refresh(line, *disk, fetcher, ""));
  return {};
}

void complain(const Error& error) {
  std::string steps;
  for (const auto& step : error.steps) steps += printable(step) + ": ";
  std::fputs(fmt::format("sallyport-tuf-client: {}: {}{} (expected {}, found {}) {}\n", name(error.code),
                         steps, printable(error.where), printable(error.expected), printable(error.found),
                         info(error.code).meaning)
                 .c_str(),
             stderr);
}

constexpr std::string_view help =
    R"(sallyport-tuf-client: a TUF client, as conformance suites drive it

Usage:
  sallyport-tuf-client --metadata-dir D init ROOT
  sallyport-tuf-client --metadata-dir D --metadata-url U refresh
  sallyport-tuf-client --metadata-dir D --metadata-url U --target-name T [--target-name T2 …]
      --target-base-url B --target-dir O download

Exit 0 or 1. The decisions are those of the node.
)";

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc == 2 && std::string_view(argv[1]) == "--help")
      return std::fputs(help.data(), stdout) < 0 ? 1 : 0;
    const auto done = run(argc, argv);
    if (done.ok()) return 0;
    complain(done.error());
  } catch (const std::exception& unexpected) {
    complain(Error(Code::internal_error, "", "", unexpected.what()));
  }
  return 1;
}
