// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/file_digest.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "testkit/source.h"

namespace sallyport {
namespace {

Bytes content(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<std::uint8_t>(i * 167 + i / 256 * 13 + i / 65536);
  }
  return bytes;
}

struct Vector {
  std::size_t size;
  std::string digest;
};

std::vector<Vector> vectors() {
  std::ifstream file(source_file("tests/vectors/file_digest.txt"));
  std::vector<Vector> found;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    Vector vector;
    std::istringstream(line) >> vector.size >> vector.digest;
    found.push_back(vector);
  }
  return found;
}

// What the tool of fsverity-utils says about the content; its complaint if it does not run.
std::string ask_fsverity(const Bytes& bytes) {
  std::string path = testing::TempDir() + "file_digest_XXXXXX";
  const int fd = mkstemp(path.data());
  CHECK(fd >= 0);
  CHECK(::write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  ::close(fd);
  FILE* const pipe = popen(("fsverity digest --compact " + path + " 2>&1").c_str(), "r");
  CHECK(pipe != nullptr);
  std::array<char, 256> line{};
  const char* const got = std::fgets(line.data(), line.size(), pipe);
  pclose(pipe);
  unlink(path.c_str());
  const std::string text(got == nullptr ? "" : got);
  return text.substr(0, text.find('\n'));
}

TEST(FileDigest, AgreesWithStoredVectors) {
  const auto all = vectors();
  ASSERT_GE(all.size(), 8U);
  for (const auto& [size, digest] : all) EXPECT_EQ(file_digest(content(size)).text(), digest) << size;
}

TEST(FileDigest, AgreesWithTheFsverityTool) {
  for (const std::size_t size :
       {0U, 1U, 4096U, 4097U, 8192U, 12288U, 12289U, 16385U, 128U * 4096U, 128U * 4096U + 1U, 300001U}) {
    EXPECT_EQ(file_digest(content(size)).text(), ask_fsverity(content(size))) << size;
  }
}

TEST(FileDigest, DoesNotDependOnHowTheContentIsCut) {
  const Bytes bytes = content(140 * 4096 + 77);
  const auto whole = file_digest(bytes);
  for (const std::size_t step : {1000U, 4095U, 4096U, 4097U, 65536U, 100000U}) {
    FileDigester digester;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
      digester.update(BytesView(bytes).subspan(at, std::min(step, bytes.size() - at)));
      digester.update({});
    }
    EXPECT_EQ(digester.finish(), whole) << step;
  }
}

TEST(FileDigest, OneDigesterServesOneContentAfterTheOther) {
  FileDigester digester;
  for (const std::size_t size : {700000U, 3U, 0U, 4096U * 129, 5000U}) {
    digester.restart();
    digester.update(content(size));
    EXPECT_EQ(digester.finish(), file_digest(content(size))) << size;
    digester.restart();
    digester.update(content(size / 2));  // and breaks off
  }
}

TEST(FileDigest, TellsPaddingFromContent) {
  Bytes bytes = content(5000);
  const auto before = file_digest(bytes);
  bytes.push_back(0);
  EXPECT_NE(file_digest(bytes), before);
  EXPECT_NE(file_digest({}), file_digest(Bytes{0}));
}

TEST(FileDigest, EveryBlockCounts) {
  Bytes bytes = content(130 * 4096);
  const auto before = file_digest(bytes);
  for (std::size_t block = 0; block < 130; ++block) {
    bytes[block * 4096 + 17] ^= 1U;
    EXPECT_NE(file_digest(bytes), before) << block;
    bytes[block * 4096 + 17] ^= 1U;
  }
}

}  // namespace
}  // namespace sallyport
