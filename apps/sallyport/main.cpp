// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <string_view>
#include <system_error>

#include "adapters/host/allocator.h"
#include "adapters/host/streams.h"
#include "adapters/worker/process.h"
#include "apps/sallyport/cli.h"
#include "apps/sallyport/intake_worker.h"
#include "core/base/library_fault.h"

namespace {

using sallyport::Code;
using sallyport::Error;
using sallyport::Exit;

int complain_of_output(int failed) {
  Error error(Code::io_failed, "standard output", "a result that can be written",
              std::generic_category().message(failed));
  error.effect = "The command did what it had to do; only its result could not be written.";
  std::fputs(sallyport::cli::render_error(error).c_str(), stderr);
  return static_cast<int>(Exit::fault);
}

int print_help(sallyport::cli::Form form, std::string about, const std::string& text) {
  sallyport::cli::Output output(form, std::move(about));
  output.text(text);
  output.json().text("help", text);
  const int failed = output.finish(nullptr);
  return failed == 0 || failed == EPIPE ? 0 : complain_of_output(failed);
}

int run(int argc, const char* const* argv) {
  const auto form = sallyport::cli::wanted_form(argc, argv);
  auto invocation = sallyport::cli::parse(argc, argv);
  if (!invocation.ok()) {
    sallyport::cli::Output(form, sallyport::cli::named_command(argc, argv)).finish(&invocation.error());
    return static_cast<int>(sallyport::exit_of(invocation.error().code));
  }
  const auto& found = invocation.value();
  if (found.command == nullptr) {
    return print_help(form, sallyport::cli::named_command(argc, argv), found.text);
  }
  sallyport::cli::Output output(form, std::string(found.command->path));
  if (found.arguments->rehearses()) output.rehearse();
  const auto result = sallyport::attempt([&] { return found.command->run(*found.arguments, output); });
  const int failed = output.finish(result.ok() ? nullptr : &result.error());
  if (!result.ok()) return static_cast<int>(sallyport::exit_of(result.error().code));
  // Who closes a pipe has read enough.
  return failed == 0 || failed == EPIPE ? 0 : complain_of_output(failed);
}

}  // namespace

int main(int argc, char** argv) {
  sallyport::open_standard_streams();
  sallyport::share_arenas();
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may grow no more is an error of the write, not our end
  try {
    if (argc == 2 && std::string_view(argv[1]) == sallyport::worker_word)
      return sallyport::cli::run_intake_worker();
    return run(argc, argv);
  } catch (const std::exception& unexpected) {
    // The last catch of the program: nothing of ours throws, so this is a library's word that no adapter
    // expected.
    const Error error(Code::internal_error, "", "", unexpected.what());
    sallyport::cli::Output(sallyport::cli::wanted_form(argc, argv), sallyport::cli::named_command(argc, argv))
        .finish(&error);
    return static_cast<int>(Exit::fault);
  }
}
