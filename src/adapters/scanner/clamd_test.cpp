// SPDX-License-Identifier: Apache-2.0
#include "adapters/scanner/clamd.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "adapters/scanner/clamd_database.h"
#include "adapters/scanner/clamd_reply.h"
#include "core/base/eicar.h"
#include "testkit/clamd.h"

namespace sallyport {
namespace {

using testing::HasSubstr;
using namespace std::string_literals;

class Folder {
 public:
  Folder() {
    path_ = (std::filesystem::temp_directory_path() / "sallyport-XXXXXX").string();
    CHECK(::mkdtemp(path_.data()) != nullptr);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Takes connections and treats each as a clamd that has gone wrong would.
class BrokenServer {
 public:
  explicit BrokenServer(std::function<void(int)> serve) : serve_(std::move(serve)) {
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, socket().data(), socket().size());
    CHECK(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    CHECK(::listen(listener_, 8) == 0);
    thread_ = std::thread([this] {
      for (int fd = ::accept(listener_, nullptr, nullptr); fd >= 0;
           fd = ::accept(listener_, nullptr, nullptr)) {
        serve_(fd);
        ::close(fd);
      }
    });
  }
  ~BrokenServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  std::string socket() const { return folder_ / "socket"; }

 private:
  Folder folder_;
  int listener_ = -1;
  std::function<void(int)> serve_;
  std::thread thread_;
};

void drain(int fd, std::size_t size) {
  std::vector<char> buffer(size);
  [[maybe_unused]] const auto count = ::recv(fd, buffer.data(), size, MSG_WAITALL);
}

void say(int fd, std::string_view text) {
  [[maybe_unused]] const auto count = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
}

// What comes with the command; -1: nothing.
int receive_descriptor(int fd) {
  std::array<char, 9> command{};
  iovec part{command.data(), command.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> room{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = room.data();
  message.msg_controllen = room.size();
  if (::recvmsg(fd, &message, 0) < 0) return -1;
  const auto* const header = CMSG_FIRSTHDR(&message);
  int content = -1;
  if (header != nullptr) std::memcpy(&content, CMSG_DATA(header), sizeof content);
  return content;
}

// How clamd is asked about "hello", and how it begins an answer.
struct Way {
  std::uint64_t passed_size_max;
  std::size_t question_size;
  std::string answer;
};
const Way streamed{0, 10 + 4 + 5 + 4, "stream: "};  // zINSTREAM, size, "hello", end
const Way passed{1024, 11 + 9, "1: fd[7]: "};       // zIDSESSION, zFILDES and a byte

using Serve = std::function<void(int fd, const Way& way)>;

Result<ScanAnswer> scan_hello(const Way& way, const Serve& serve) {
  BrokenServer server([&](int fd) { serve(fd, way); });
  Clamd clamd({server.socket(), std::chrono::milliseconds(200), way.passed_size_max});
  return scan_content(clamd, as_bytes("hello"));
}

// In both ways.
Code code_of(const Serve& serve) {
  std::vector<Code> codes;
  for (const auto* way : {&streamed, &passed}) {
    const auto answer = scan_hello(*way, serve);
    EXPECT_FALSE(answer.ok()) << way->answer;
    codes.push_back(answer.ok() ? Code::internal_error : answer.error().code);
  }
  EXPECT_EQ(codes[0], codes[1]);
  return codes[0];
}

void say_with_end(int fd, const std::string& text) {
  say(fd, std::string_view(text.c_str(), text.size() + 1));
}

TEST(Clamd, BrokenServerIsWellUnderstoodWhenItIsNotBroken) {
  for (const auto* way : {&streamed, &passed}) {
    const auto answer = scan_hello(*way, [](int fd, const Way& its) {
      drain(fd, its.question_size);
      say_with_end(fd, its.answer + "OK");
    });
    ASSERT_TRUE(answer.ok()) << answer.error().found;
    EXPECT_EQ(answer.value().result, ScanResult::clean);
  }
}

TEST(ScannerAttack, H03_ScannerHangsUp) {
  EXPECT_EQ(code_of([](int, const Way&) {}), Code::scanner_failed);
  EXPECT_EQ(code_of([](int fd, const Way& way) { drain(fd, way.question_size); }), Code::scanner_failed);
}

// A byte now and then: nobody waits for that as often as there are bytes.
TEST(ScannerAttack, H03_AnAnswerThatDripsIsNotWaitedFor) {
  EXPECT_EQ(code_of([](int fd, const Way& way) {
              drain(fd, way.question_size);
              for (const char c : way.answer + "OK" + '\0') {
                say(fd, std::string_view(&c, 1));
                std::this_thread::sleep_for(std::chrono::milliseconds(60));
              }
            }),
            Code::scanner_failed);
}

TEST(ScannerAttack, H03_SocketClosesInMidReply) {
  EXPECT_EQ(code_of([](int fd, const Way& way) {
              drain(fd, way.question_size);
              say(fd, way.answer + "O");
            }),
            Code::scanner_failed);
  // All the words, but not the end of the answer.
  EXPECT_EQ(code_of([](int fd, const Way& way) {
              drain(fd, way.question_size);
              say(fd, way.answer + "OK");
            }),
            Code::scanner_failed);
}

TEST(ScannerAttack, H03_ScannerAnswersGarbage) {
  for (const auto& garbage : {"\0"s, "OK\0"s, "#OK\0x"s, "#OK\0#OK\0"s, "#ok\0"s, "2: fd[7]: OK\0"s,
                              "1: stream: OK\0"s, "fd[7]: OK\0"s, "1: fd[x]: OK\0"s, "1: fd[7] OK\0"s}) {
    EXPECT_EQ(code_of([&](int fd, const Way& way) {
                drain(fd, way.question_size);
                auto text = garbage;
                for (auto at = text.find('#'); at != std::string::npos; at = text.find('#'))
                  text.replace(at, 1, way.answer);
                say(fd, text);
              }),
              Code::scanner_failed)
        << hex(as_bytes(garbage));
  }
  EXPECT_EQ(code_of([](int fd, const Way& way) {
              drain(fd, way.question_size);
              say(fd, std::string(1U << 20U, 'x'));
            }),
            Code::scanner_failed);
}

TEST(ScannerAttack, H03_ScannerTimesOut) {
  EXPECT_EQ(code_of([](int fd, const Way& way) {
              drain(fd, way.question_size);
              std::this_thread::sleep_for(std::chrono::milliseconds(400));
              say_with_end(fd, way.answer + "OK");
            }),
            Code::scanner_failed);
}

// Before it has the content, in a way in which it cannot know that none comes.
TEST(ScannerAttack, H03_CleanBeforeTheContentIsNoAnswer) {
  BrokenServer server([](int fd) {
    say_with_end(fd, passed.answer + "OK");
    drain(fd, passed.question_size);
  });
  Clamd clamd({server.socket(), std::chrono::milliseconds(500)});
  const auto scan = clamd.begin();
  ASSERT_TRUE(scan.ok());
  ASSERT_TRUE(scan.value()->feed(as_bytes("hello")).ok());
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const auto answer = scan.value()->finish();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, Code::scanner_failed);
}

// What clamd gets is not clamd's to change: it could be streamed afterwards.
TEST(ScannerAttack, H03_WhatIsPassedCannotBeChanged) {
  std::vector<int> failures;
  BrokenServer server([&](int fd) {
    std::string command(passed.question_size - 9, '\0');
    if (::recv(fd, command.data(), command.size(), MSG_WAITALL) != static_cast<ssize_t>(command.size()))
      return;
    const int content = receive_descriptor(fd);
    if (content < 0) return;
    failures = {::pwrite(content, "x", 1, 0) < 0 ? errno : 0, ::ftruncate(content, 0) < 0 ? errno : 0,
                ::ftruncate(content, 100) < 0 ? errno : 0};
    ::close(content);
    say_with_end(fd, passed.answer + "OK");
  });
  Clamd clamd({server.socket(), std::chrono::milliseconds(500)});
  ASSERT_TRUE(scan_content(clamd, as_bytes("hello")).ok());
  EXPECT_EQ(failures, (std::vector<int>{EPERM, EPERM, EPERM}));
}

// As under AppArmor: what it cannot read by a descriptor is streamed, and what comes then as well, at once.
TEST(Clamd, WhatCannotBePassedIsStreamed) {
  std::vector<std::string> asked;
  BrokenServer server([&](int fd) {
    std::string command(10, '\0');
    if (::recv(fd, command.data(), command.size(), MSG_WAITALL) != 10) return;
    asked.push_back(command);
    if (command == "zINSTREAM\0"s) {
      drain(fd, 4 + 5 + 4);
      return say_with_end(fd, "stream: Test FOUND");
    }
    drain(fd, passed.question_size - 10);
    say_with_end(fd, "1: fd[7]: Access denied. ERROR");
  });
  Clamd clamd({server.socket(), std::chrono::milliseconds(500)});
  for (int i = 0; i < 2; ++i) {
    const auto answer = scan_content(clamd, as_bytes("hello"));
    ASSERT_TRUE(answer.ok()) << answer.error().found;
    EXPECT_EQ(answer.value().result, ScanResult::found);
  }
  EXPECT_THAT(asked, testing::ElementsAre("zIDSESSION", "zINSTREAM\0"s, "zINSTREAM\0"s));
}

TEST(ScannerAttack, H03_CleanBeforeTheLastByteIsNoAnswer) {
  BrokenServer server([](int fd) {
    drain(fd, 10);
    say_with_end(fd, "stream: OK");
  });
  Clamd clamd({server.socket(), std::chrono::milliseconds(500), 0});
  const auto scan = clamd.begin();
  ASSERT_TRUE(scan.ok());
  const std::vector<std::uint8_t> part(1U << 20U);
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(scan.value()->feed(part).ok());
  const auto answer = scan.value()->finish();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().code, Code::scanner_failed);
}

TEST(ScannerAttack, H03_ScannerIsNotThere) {
  Clamd clamd({"/nonexistent/socket"});
  EXPECT_EQ(clamd.info().error().code, Code::scanner_unreachable);
  EXPECT_EQ(clamd.begin().error().code, Code::scanner_unreachable);
  EXPECT_EQ(Clamd({std::string(200, 'x')}).begin().error().code, Code::scanner_unreachable);
}

TEST(ScannerAttack, H03_ScannerIsKilledInTheMiddle) {
  testkit::ClamdServer server;
  Clamd clamd({server.socket()});
  const auto scan = clamd.begin();
  ASSERT_TRUE(scan.ok());
  const std::vector<std::uint8_t> part(1U << 20U);
  ASSERT_TRUE(scan.value()->feed(part).ok());
  server.kill();
  ASSERT_TRUE(scan.value()->feed(part).ok());
  EXPECT_EQ(scan.value()->finish().error().code, Code::scanner_failed);
  EXPECT_EQ(clamd.begin().error().code, Code::scanner_unreachable);
}

TEST(Clamd, H01_LargerThanTheFileLimitIsNotClean) {
  const testkit::ClamdSettings small{.options = {{"MaxFileSize", "1M"}}};
  testkit::ClamdServer server(small);
  Clamd clamd({server.socket()});
  const std::vector<std::uint8_t> large(2U << 20U);
  const auto answer = scan_content(clamd, large);
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer.value().result, ScanResult::not_scanned);
  EXPECT_THAT(answer.value().detail, HasSubstr("MaxFileSize"));
}

TEST(Clamd, NamesItsOwnDatabase) {
  testkit::ClamdServer server;
  const auto info = Clamd({server.socket()}).info();
  ASSERT_TRUE(info.ok()) << info.error().found;
  EXPECT_EQ(info.value().engine, "clamd");
  EXPECT_THAT(info.value().version, HasSubstr("ClamAV "));
  EXPECT_THAT(info.value().database, testing::StartsWith("own:"));
  const auto same = read_clamd_database(server.folder() + "/database");
  ASSERT_TRUE(same.ok());
  EXPECT_EQ(info.value().database, same.value().version);
}

TEST(ClamdDatabase, IdentityFollowsTheBytesAndTimeTheNewestFile) {
  const Folder folder;
  EXPECT_EQ(read_clamd_database(folder.path()).error().code, Code::scanner_failed);
  std::ofstream(folder / "a.ndb") << "one";
  const auto one = read_clamd_database(folder.path());
  ASSERT_TRUE(one.ok());
  EXPECT_GT(one.value().time.seconds(), 1700000000);
  std::ofstream(folder / "a.ndb") << "two";
  const auto two = read_clamd_database(folder.path());
  ASSERT_TRUE(two.ok());
  EXPECT_NE(one.value().version, two.value().version);
  EXPECT_EQ(read_clamd_database(folder / "missing").error().code, Code::scanner_failed);
  EXPECT_EQ(find_clamd_database(0).error().code, Code::scanner_failed);
}

TEST(ClamdReply, OnlyOneSentenceIsClean) {
  EXPECT_EQ(parse_scan_reply("stream: OK").value().result, ScanResult::clean);
  EXPECT_EQ(parse_scan_reply("stream: Win.Test FOUND").value().result, ScanResult::found);
  for (const auto* unscanned :
       {"stream: Heuristics.Limits.Exceeded.MaxRecursion FOUND", "stream: Heuristics.Limits.Exceeded FOUND",
        "stream: Heuristics.Encrypted.Zip FOUND", "stream: Time limit reached ERROR",
        "INSTREAM size limit exceeded. ERROR"}) {
    EXPECT_EQ(parse_scan_reply(unscanned).value().result, ScanResult::not_scanned) << unscanned;
  }
  for (const auto* garbage :
       {"", "OK", "stream: OK ", " stream: OK", "stream: ", "stream:  FOUND", "stream: a b FOUND",
        "stream: x ERROR", "stream: Can't allocate memory ERROR", "UNKNOWN COMMAND"}) {
    ASSERT_FALSE(parse_scan_reply(garbage).ok()) << garbage;
    EXPECT_EQ(parse_scan_reply(garbage).error().code, Code::scanner_failed);
  }
}

TEST(ClamdReply, VersionsWithAndWithoutADatabase) {
  const auto official = parse_version_reply("ClamAV 1.4.6/27000/Thu Nov  5 09:12:44 2026");
  ASSERT_TRUE(official.ok());
  EXPECT_EQ(official.value().engine, "ClamAV 1.4.6");
  EXPECT_EQ(official.value().database, "27000");
  EXPECT_EQ(official.value().database_time->print(), "2026-11-05T09:12:44Z");
  EXPECT_EQ(parse_version_reply("ClamAV 1.4.6/1/Sat Nov 21 22:12:44 2026").value().database_time->print(),
            "2026-11-21T22:12:44Z");
  EXPECT_FALSE(parse_version_reply("ClamAV 1.4.6").value().database_time.has_value());
  for (const auto* garbage :
       {"", "ClamAV 1/2", "ClamAV 1/x/Thu Nov  5 09:12:44 2026", "ClamAV 1/2/yesterday", "UNKNOWN COMMAND",
        "ClamAV 1/2/Thu Nov 35 09:12:44 2026", "ClamAV 1/-2/Thu Nov  5 09:12:44 2026"}) {
    EXPECT_FALSE(parse_version_reply(garbage).ok()) << garbage;
  }
}

}  // namespace
}  // namespace sallyport
