// SPDX-License-Identifier: Apache-2.0
// Where the server meets intake: the function of `sallyport intake submit`. A process apart reads the package; this one
// has the key, and parses no byte of it (docs/adr/0018-hostile-bytes-apart.md).
#pragma once

#include <memory>
#include <string>

#include "adapters/disk/file_source.h"
#include "adapters/host/workers.h"
#include "adapters/signer/port.h"
#include "adapters/worker/process.h"
#include "roles/operator/apart_messages.h"
#include "roles/server/process.h"
#include "roles/server/rescan.h"
#include "roles/server/settings.h"

namespace sallyport::sallyportd {

// The program that is the worker: of the settings, or `sallyport` beside this one.
Result<std::string> worker_program(const server::Settings& settings);

// Where they put large contents: of the settings, or what the environment says.
std::string scratch_folder(const server::Settings& settings);

// Whether workers can run here: one builds its walls, and says so. not_supported, or examiner_failed, with what is in
// the way.
Result<void> try_worker(const std::string& program);

class ApartIntake final : public server::Intake, public server::LooksAgain {
 public:
  ApartIntake(const server::Settings& settings, const std::string& program, intake::PolicyFiles policy,
              std::unique_ptr<Signer> signer)
      : settings_(settings), policy_(std::move(policy)), signer_(std::move(signer)), apart_(program) {}
  Result<server::Taken> submit(const server::Content& content, Instant now) override;
  Result<std::uint64_t> knowledge(Instant now) override;
  Result<server::Taken> look_again(const server::Content& content, Instant now) override;
  void stop() { apart_.stop(); }  // from any thread: what is read now is read no further

 private:
  Result<std::string> members_of(const FileSource& file);
  Result<server::Taken> examine(const server::Content& content, const FileSource& file, Instant now);
  Result<std::unique_ptr<FileSource>> open(const server::Content& content) const;
  const server::Settings& settings_;
  intake::PolicyFiles policy_;
  std::unique_ptr<Signer> signer_;
  WorkerProcesses apart_;
  ThreadWorkers workers_;
};

}  // namespace sallyport::sallyportd
