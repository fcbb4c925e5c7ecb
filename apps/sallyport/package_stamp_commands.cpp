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
    auto file = elsewhere ? TRY(OutputFile::create(path, Readers::by_umask))
                          : TRY(OutputFile::create_replacement(path, Readers::by_umask));
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

Result<void> write_query(const Arguments& arguments, const ByteSource& package, Output& output) {
  const auto& path = arguments.text("query-out");
  ThreadWorkers workers;
  const auto query = TRY(vendor::time_stamp_query(package, workers, std::nullopt));
  TRY(write_result(arguments, path, query, output));
  output.next("carry it to the authority (openssl ts -reply -queryfile " + path +
              " …), then: sallyport package timestamp " + arguments.text("FILE") + " --reply REPLY.tsr");
  return {};
}

Result<void> stamp(const Arguments& arguments, const ByteSource& package, BytesView reply,
                   const std::optional<Bytes>& nonce, Output& output) {
  auto file = TRY(NewPackage::begin(arguments));
  ThreadWorkers workers;
  ProgressBar progress;
  const auto report = TRY(vendor::add_time_stamp(package, reply, nonce, file.sink(), workers, progress));
  TRY(file.commit());
  output.line(file.told("Stamped", "Would stamp and write"));
  const auto& authority = report.stamp.chain.front();
  output.field("time", report.stamp.time.print() + ", serial " + report.stamp.serial);
  output.field("authority", authority.subject() + ", until " + authority.not_after().print());
  output.field("package", "sha256 " + report.package.text());
  output.json().text("time", report.stamp.time.print()).text("authority", authority.subject());
  output.json().text("serial", report.stamp.serial).text("package", report.package.text());
  return {};
}

Result<Bytes> ask(const Arguments& arguments, const ByteSource& package) {
  const auto& url = arguments.text("tsa");
  TRY(check_url(url));
  ThreadWorkers workers;
  const auto query = TRY(vendor::time_stamp_query(package, workers, std::nullopt));
  CurlSettings settings;
  settings.anchors = arguments.text_or("ca", "");
  const CurlPoster poster(settings);
  const auto answer = TRY(
      poster.post({url, std::string(as_text(query)), time_stamp_size_max, "application/timestamp-query"}));
  if (answer.status == 200) return copy(as_bytes(answer.body));
  return Error(Code::server_refused, url, "a time stamp", "status " + std::to_string(answer.status));
}

Result<void> run_timestamp(const Arguments& arguments, Output& output) {
  int ways = 0;
  for (const auto* const way : {"tsa", "query-out", "reply"}) ways += arguments.has(way) ? 1 : 0;
  if (ways != 1)
    return Error(Code::usage_error, "package timestamp", "one of --tsa, --query-out and --reply",
                 ways == 0 ? "none" : "several");
  const auto package = TRY(FileSource::open(arguments.text("FILE")));
  if (arguments.has("query-out")) return write_query(arguments, *package, output);
  const auto reply = arguments.has("tsa")
                         ? TRY(ask(arguments, *package))
                         : TRY(read_whole_file(arguments.text("reply"), time_stamp_size_max));
  return stamp(arguments, *package, reply, std::nullopt, output);
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
       "Add an RFC 3161 time stamp to a package's signature",
       "Proves that the package was signed while its certificate was valid: it can then be installed after "
       "the certificate "
       "has expired,\nwhere the policy names the authority. In two steps, for authorities that cannot be "
       "reached from here: "
       "--query-out writes the\nquestion, --reply takes the answer. The package's digest changes, so stamp "
       "it before intake.",
       {"sallyport package timestamp mme.csar --tsa http://tsa.example/",
        "sallyport package timestamp mme.csar --query-out mme.tsq",
        "sallyport package timestamp mme.csar --reply mme.tsr"},
       {file},
       {{"tsa", "URL", "Ask this authority"},
        {"ca", "FILE", "Authorities for the server's certificate (PEM), instead of the system's"},
        {"query-out", "FILE", "Write the query for the authority here"},
        {"reply", "FILE", "The authority's reply to that query"},
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
