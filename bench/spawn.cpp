// SPDX-License-Identifier: Apache-2.0
// What it takes to fork, execute and wait for a program, at two places by turns: where a gate watches and where none
// does. So whatever else this machine does slows both.
//
// usage: spawn_bench COUNT SPAWNERS PLAIN GUARDED
// prints, for both: nanoseconds at the median and at the 99th percentile
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

using Times = std::vector<std::int64_t>;

std::int64_t spawn(const char* path) {
  const auto begin = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child == 0) {
    ::execl(path, path, nullptr);
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) std::exit(1);
  return (std::chrono::steady_clock::now() - begin).count();
}

// A spawner, in a process of its own; its times come through a pipe.
int begin_spawner(int count, char** paths) {
  int ends[2];
  if (::pipe(ends) != 0) std::exit(1);
  if (::fork() != 0) {
    ::close(ends[1]);
    return ends[0];
  }
  Times times;
  for (int i = 0; i < 2 * count; ++i) times.push_back(spawn(paths[i % 2]));
  const auto* bytes = reinterpret_cast<const char*>(times.data());
  const auto size = times.size() * sizeof(times[0]);
  for (std::size_t at = 0; at < size;) {
    const auto written = ::write(ends[1], bytes + at, size - at);
    if (written < 0) ::_exit(1);
    at += static_cast<std::size_t>(written);
  }
  ::_exit(0);
}

void print(Times& times) {
  std::sort(times.begin(), times.end());
  std::printf("%lld %lld\n", static_cast<long long>(times[times.size() / 2]),
              static_cast<long long>(times[times.size() * 99 / 100]));
}

}  // namespace

int main(int, char** arguments) {
  const int count = static_cast<int>(std::strtol(arguments[1], nullptr, 10));
  const auto spawner_count = std::strtol(arguments[2], nullptr, 10);
  std::vector<int> spawners;
  for (long i = 0; i < spawner_count; ++i) spawners.push_back(begin_spawner(count, arguments + 3));
  Times plain, guarded;
  for (const int spawner : spawners) {
    FILE* const from = ::fdopen(spawner, "r");
    std::int64_t time = 0;
    for (int i = 0; std::fread(&time, sizeof time, 1, from) == 1; ++i)
      (i % 2 == 0 ? plain : guarded).push_back(time);
    std::fclose(from);
  }
  if (plain.size() != static_cast<std::size_t>(count) * spawners.size() || guarded.size() != plain.size())
    return 1;
  print(plain);
  print(guarded);
  return 0;
}
