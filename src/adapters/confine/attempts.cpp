// SPDX-License-Identifier: Apache-2.0
#include "adapters/confine/attempts.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "adapters/confine/attempt_calls.h"
#include "adapters/confine/messages.h"
#include "core/format/service_exceptions.h"
#include "core/format/service_ways.h"

namespace sallyport::confine {
namespace {

constexpr unsigned seconds_max = 20;  // for one attempt

struct Way {
  const char* name;
  const char* closed_by;
  std::function<int()> attempt;
};

// In a process of its own: what it changes, and what kills it, is its own affair.
int attempt_in_child(const std::function<int()>& attempt) {
  const pid_t child = ::fork();
  if (child < 0) return stopped_by(errno);
  if (child == 0) {
    ::alarm(seconds_max);
    ::_exit(attempt());
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : ETIMEDOUT;
}

bool is_refusal(int number) {
  return number == EPERM || number == EACCES || number == ENOSYS || number == EROFS;
}

Attempt attempt(const Way& way, const Service& service) {
  const int came = attempt_in_child(way.attempt);
  if (came == not_to_be_tried) return {way.name, AttemptEnd::not_tried, "there is no such way here"};
  const auto reason = std::generic_category().message(came);
  if (is_refusal(came)) return {way.name, AttemptEnd::refused, std::string(way.closed_by) + ": " + reason};
  const auto* known = find_service_way(way.name);
  CHECK(known != nullptr);
  if (known->opened_by && has_exception(service, *known->opened_by)) {
    return {way.name, AttemptEnd::declared,
            "the release declares it: " + std::string(name(*known->opened_by))};
  }
  // Whatever else stopped it may not stop the next one.
  return {way.name, AttemptEnd::passed,
          came == went_through ? "the attempt went through" : "the attempt ended otherwise: " + reason};
}

std::vector<Way> ways_of(const Confinement& confinement) {
  const auto& program = confinement.service.argv.front();
  const auto script = [&](Script kind) {
    return [&, kind] { return run_script(confinement.interpreters, kind); };
  };
  return {
      {"service-memory-file-exec", "seccomp, vm.memfd_noexec", execute_memory_file},
      {"service-memory-file-mapped", "seccomp", map_memory_file},
      {"service-temporary-exec", "noexec", [] { return execute_file("/tmp/attempt"); }},
      {"service-shared-memory-exec", "noexec", [] { return execute_file("/dev/shm/attempt"); }},
      {"service-unnamed-file-exec", "noexec, seccomp", execute_unnamed_file},
      {"service-data-mapped", "noexec", map_data_file},
      {"service-memory-to-code", "PR_SET_MDWE, seccomp", make_memory_code},
      {"service-new-code", "seccomp", map_new_code},
      {"service-segment-code", "seccomp", attach_segment_as_code},
      {"service-filled-code", "seccomp", fill_code_on_fault},
      {"service-executable-data", "seccomp", make_data_executable},
      {"service-writable-code", "such programs are noexec",
       [&] { return execute_writable_code(confinement.writable_code); }},
      {"service-own-memory-file", "/proc is read-only", open_own_memory},
      {"service-namespaces", "seccomp", make_namespace},
      {"service-mounts", "seccomp, Landlock", make_mount},
      {"service-trace", "seccomp", trace_sibling},
      {"service-write-process", "seccomp", write_to_sibling},
      {"service-io-uring", "seccomp", make_ring},
      {"service-file-handle", "seccomp, no capability for it", open_by_handle},
      {"service-loader", "noexec", [&] { return load_copy(program); }},
      {"service-script-file", "interpreters are noexec", script(Script::file)},
      {"service-script-text", "interpreters are noexec", script(Script::text)},
      {"service-script-input", "interpreters are noexec", script(Script::input)},
      {"service-other-architecture", "seccomp, or no such entry", call_as_another_architecture},
      {"service-kernel", "seccomp, no capability for it", reach_into_kernel},
  };
}

}  // namespace

void try_ways_out(const Confinement& confinement, int messages) {
  // Of another user than the process was before: without this nobody could trace it anyway, which would prove nothing.
  ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
  for (const auto& way : ways_of(confinement)) tell_attempt(messages, attempt(way, confinement.service));
}

}  // namespace sallyport::confine
