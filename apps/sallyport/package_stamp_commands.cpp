// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/file_source.h"
#include "adapters/disk/output_file.h"
#include "adapters/host/workers.h"
#include "adapters/http/curl.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/inputs.h"
#include "apps/sallyport/output.h"
#include "apps/sallyport/progress_bar.h"
#include "core/base/text.h"
#include "core/crypto/ocsp.h"
#include "roles/vendor/timestamp.h"

namespace sallyport::cli {
namespace {

// A file that takes the place of the package, or stands elsewhere with -o, or nowhere with --dry-run.
class NewPackage {
 public:
  static Result<NewPackage> begin(const Arguments& arguments) {
    const bool elsewhere = arguments.has("o");
    const auto& path = arguments.text(elsewhere ? "o" : "FILE");
    auto file = elsewhere ? TRY(new_output(arguments, path)) : TRY(replacing_output(arguments, path));
    return NewPackage(path, std::move(file), arguments.has("dry-run"), elsewhere);
  }
  ByteSink& sink() { return dry_ ? static_cast<ByteSink&>(nowhere_) : *file_; }
  Result<void> commit() {
    if (dry_) return {};
    return elsewhere_ ? file_->commit() : file_->commit_replacing();
  }
  std::string told(const std::string& done, const std::string& would) const {
    return (dry_ ? would : done) + " " + printable(path_);
  }

 private:
  NewPackage(std::string path, std::unique_ptr<OutputFile> file, bool dry, bool elsewhere)
      : path_(std::move(path)), file_(std::move(file)), dry_(dry), elsewhere_(elsewhere) {}
  std::string path_;
  std::unique_ptr<OutputFile> file_;
  NoSink nowhere_;
  bool dry_;
  bool elsewhere_;
};

// All of them or none: each gets its name only when the last one is written.
Result<void> write_files(const std::vector<std::string>& paths, const std::vector<Bytes>& contents) {
  std::vector<std::unique_ptr<OutputFile>> files;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    files.push_back(TRY(OutputFile::create(paths[i], Readers::by_umask)));
    TRY(files.back()->write(contents[i]));
  }
  for (const auto& file : files) TRY(file->commit());
  return {};
}

Result<void> write_queries(const Arguments& arguments, const ByteSource& package, Output& output) {
  const auto& paths = arguments.list("query-out");
  ThreadWorkers workers;
  const auto queries = TRY(vendor::time_stamp_queries(package, workers));
  if (paths.size() != queries.size()) {
    return Error(Code::usage_error, "--query-out",
                 std::to_string(queries.size()) + " file(s): one for each signature of the package",
                 std::to_string(paths.size()));
  }
  if (arguments.has("dry-run")) {
    TRY(rehearse(paths, output));
  } else {
    TRY(write_files(paths, queries));
  }
  output.json().key("files").begin_array();
  for (const auto& path : paths) output.json().text(path);
  output.json().end_array();
  std::string replies;
  for (std::size_t i = 0; i < paths.size(); ++i)
    replies += " --reply REPLY" + (paths.size() == 1 ? "" : std::to_string(i + 1)) + ".tsr";
  output.next("carry " + std::string(paths.size() == 1 ? "it" : "each") +
              " to the authority (openssl ts -reply -queryfile " + paths.front() +
              " …), then: sallyport package timestamp " + arguments.text("FILE") + replies);
  return {};
}

void show_stamps(const std::vector<TimeStamp>& stamps, Output& output) {
  output.json().key("stamps").begin_array();
  for (const auto& stamp : stamps) {
    const auto& authority = stamp.chain.front();
    output.field("time", stamp.time.print() + ", serial " + stamp.serial);
    output.field("authority", authority.subject() + ", until " + authority.not_after().print());
    output.json().begin_object().text("time", stamp.time.print()).text("authority", authority.subject());
    output.json().text("serial", stamp.serial).end_object();
  }
  output.json().end_array();
}

Result<void> stamp(const Arguments& arguments, const ByteSource& package, const std::vector<Bytes>& replies,
                   Output& output) {
  auto file = TRY(NewPackage::begin(arguments));
  ThreadWorkers workers;
  ProgressBar progress;
  const auto report = TRY(vendor::add_time_stamps(package, replies, file.sink(), workers, progress));
  TRY(file.commit());
  output.line(file.told("Stamped", "Would stamp and write"));
  show_stamps(report.stamps, output);
  output.field("package", "sha256 " + report.package.text());
  output.json().text("package", report.package.text());
  return {};
}

Result<std::vector<Bytes>> ask(const Arguments& arguments, const ByteSource& package) {
  const auto& url = arguments.text("tsa");
  TRY(check_url(url));
  ThreadWorkers workers;
  CurlSettings settings;
  settings.anchors = arguments.text_or("ca", "");
  const CurlPoster poster(settings);
  std::vector<Bytes> replies;
  for (const auto& query : TRY(vendor::time_stamp_queries(package, workers))) {
    const auto answer = TRY(
        poster.post({url, std::string(as_text(query)), time_stamp_size_max, "application/timestamp-query"}));
    if (answer.status != 200)
      return Error(Code::server_refused, url, "a time stamp", "status " + std::to_string(answer.status));
    replies.push_back(copy(as_bytes(answer.body)));
  }
  return replies;
}

Result<std::vector<Bytes>> read_replies(const Arguments& arguments) {
  std::vector<Bytes> replies;
  for (const auto& path : arguments.list("reply"))
    replies.push_back(TRY(read_whole_file(path, time_stamp_size_max)));
  return replies;
}

Result<void> run_timestamp(const Arguments& arguments, Output& output) {
  int ways = 0;
  for (const auto* const way : {"tsa", "query-out", "reply"}) ways += arguments.has(way) ? 1 : 0;
  if (ways != 1)
    return Error(Code::usage_error, "package timestamp", "one of --tsa, --query-out and --reply",
                 ways == 0 ? "none" : "several");
  const auto package = TRY(FileSource::open(arguments.text("FILE")));
  if (arguments.has("query-out")) return write_queries(arguments, *package, output);
  const auto replies = arguments.has("tsa") ? TRY(ask(arguments, *package)) : TRY(read_replies(arguments));
  return stamp(arguments, *package, replies, output);
}

Result<void> run_staple(const Arguments& arguments, Output& output) {
  const auto package = TRY(FileSource::open(arguments.text("FILE")));
  const auto response = TRY(read_whole_file(arguments.text("ocsp"), ocsp_response_size_max));
  auto file = TRY(NewPackage::begin(arguments));
  ThreadWorkers workers;
  ProgressBar progress;
  const auto report = TRY(vendor::add_ocsp_response(*package, response, file.sink(), workers, progress));
  TRY(file.commit());
  output.line(file.told("Stapled to", "Would staple to and write"));
  output.field("responder", report.responder);
  output.field("package", "sha256 " + report.package.text());
  output.json().text("responder", report.responder).text("package", report.package.text());
  return {};
}

}  // namespace

std::vector<Command> package_stamp_commands() {
  const Option file{"FILE", "", "The signed package", Need::required};
  return {
      {"package timestamp",
       "Add RFC 3161 time stamps to a package's signatures",
       "Proves that the package was signed while its certificate was valid: it can then be installed after "
       "the certificate "
       "has expired,\nwhere the policy names the authority. Every signature of the package gets a stamp, or "
       "none does. In two "
       "steps, for authorities\nthat cannot be reached from here: --query-out writes the question, --reply "
       "takes the answer; both once "
       "for each signature, first\nthe classical one. The package's digest changes, so stamp it before "
       "intake.",
       {"sallyport package timestamp mme.csar --tsa http://tsa.example/",
        "sallyport package timestamp mme.csar --query-out mme.tsq",
        "sallyport package timestamp mme.csar --reply mme.tsr",
        "sallyport package timestamp mme.csar --reply mme.tsr --reply mme-post-quantum.tsr"},
       {file},
       {{"tsa", "URL", "Ask this authority"},
        {"ca", "FILE", "Authorities for the server's certificate (PEM), instead of the system's"},
        {"query-out", "FILE", "Write the query for the authority here", Need::optional, Takes::values},
        {"reply", "FILE", "The authority's reply to that query", Need::optional, Takes::values},
        {"o", "FILE.csar", "Write the stamped package here instead"},
        dry_option},
       run_timestamp},
      {"package staple",
       "Add an OCSP response to a package's signature",
       "Puts the word of the certificate's authority, that it is not revoked, beside the signature (RFC "
       "5940), for nodes "
       "that can ask\nnobody. Whether it is the right authority's is found out by `verify`. The package's "
       "digest changes.",
       {"sallyport package staple mme.csar --ocsp release.ocsp"},
       {file},
       {{"ocsp", "FILE", "The response (DER), as `openssl ocsp -respout` writes it", Need::required},
        {"o", "FILE.csar", "Write the package here instead"},
        dry_option},
       run_staple},
  };
}

}  // namespace sallyport::cli
