// SPDX-License-Identifier: Apache-2.0
#include "adapters/disk/file_source.h"
#include "adapters/http/curl.h"
#include "apps/sallyport/log_files.h"
#include "apps/sallyport/output.h"
#include "core/base/text.h"
#include "roles/log/audit.h"

namespace sallyport::cli {
namespace {

bool is_url(const std::string& text) {
  return text.starts_with("http://") || text.starts_with("https://");
}

// The folder or the address that holds the published files.
keeper::ReadPublished reader_of(const std::string& place, Fetcher& fetcher) {
  const auto base = place.ends_with('/') ? place : place + "/";
  if (is_url(place)) {
    return [base, &fetcher](const std::string& path, std::uint64_t size_max) {
      return fetcher.fetch_small(base + path, size_max);
    };
  }
  return [base](const std::string& path, std::uint64_t size_max) {
    return read_whole_file(base + path, size_max);
  };
}

// A digest, or the file whose digest it is.
Result<Sha256Digest> digest_of(const std::string& text) {
  auto digest = Sha256Digest::parse(text);
  if (digest.ok()) return digest;
  return TRY(entry_of_file(text)).digest;
}

Result<std::optional<keeper::EntryFilter>> filter_of(const Arguments& arguments) {
  if (!arguments.has("about") && !arguments.has("kind") && !arguments.has("entries"))
    return std::optional<keeper::EntryFilter>();
  keeper::EntryFilter filter;
  if (arguments.has("about")) filter.about = TRY(digest_of(arguments.text("about")));
  if (arguments.has("kind")) {
    filter.kind = tlog::entry_kind(arguments.text("kind"));
    if (!filter.kind) {
      return Error(Code::usage_error, "--kind",
                   "package, verdict, order, policy, stop, break-glass or revocations",
                   printable(arguments.text("kind")));
    }
  }
  return std::optional(filter);
}

Result<keeper::AuditReport> audit(const Arguments& arguments) {
  const auto now = TRY(arguments.time_or_now("at"));
  const auto policy = TRY(load_log_policy(arguments.text("policy")));
  keeper::AuditRequest request{{}, TRY(filter_of(arguments))};
  if (arguments.has("since")) {
    const auto earlier = TRY(read_whole_file(arguments.text("since"), tlog::note_size_max));
    request.earlier = std::string(as_text(earlier));
  }
  CurlSettings settings;
  settings.anchors = arguments.text_or("ca", "");
  CurlFetcher fetcher(settings);
  return keeper::audit(reader_of(arguments.text("LOG"), fetcher), policy, request, now);
}

Result<void> run_audit(const Arguments& arguments, Output& output) {
  const auto report = TRY(audit(arguments));
  const auto& [origin, head] = report.checkpoint.checkpoint;
  output.line("PASS  Every entry is in the tree that the log signed.");
  if (arguments.has("since")) output.line("PASS  The log begins with what it was then.");
  output.field("log", origin);
  output.field("size", std::to_string(head.size));
  output.field("root", head.root.text());
  output.json().text("origin", origin).number("size", head.size).text("root", head.root.text());
  for (const auto& witness : report.checkpoint.cosigners)
    output.field("witness", witness.name + " at " + witness.time.print());
  output.json().key("counts").begin_object();
  for (const auto& [kind, count] : report.counts) {
    output.field(std::string(tlog::word(kind)), std::to_string(count));
    output.json().number(tlog::word(kind), count);
  }
  output.json().end_object().key("entries").begin_array();
  for (const auto& [index, entry] : report.entries) {
    output.field("entry " + std::to_string(index),
                 std::string(tlog::word(entry.kind)) + " " + entry.digest.text());
    output.json()
        .begin_object()
        .number("index", index)
        .key("entry")
        .raw(tlog::print_entry(entry))
        .end_object();
  }
  output.json().end_array();
  return {};
}

}  // namespace

Command log_audit_command() {
  return {
      "log audit",
      "Check a whole copy of a log, and find entries in it",
      "Reads every file that a log publishes, from a folder or from its address, and believes nothing but "
      "the "
      "signatures that the policy\nnames: the entries and all tiles must add up to the cosigned hash. With "
      "an "
      "earlier checkpoint it shows that nothing was changed since.",
      {"sallyport log audit https://log.example/packages --policy policy.json --since checkpoint.kept",
       "sallyport log audit /srv/log/public --policy policy.json --about mme-1.0.csar"},
      {{"LOG", "", "A folder or an http(s) address with the log's published files", Need::required}},
      {{"policy", "POLICY", "Whom to believe", Need::required},
       {"since", "CHECKPOINT", "A checkpoint of this log that was kept"},
       {"about", "FILE", "List what is about this file, or about this digest: itself, and what rests on it"},
       {"kind", "KIND",
        "List entries of this kind: package, verdict, order, policy, stop, break-glass or revocations"},
       {"entries", "", "List all entries", Need::optional, Takes::nothing},
       {"ca", "FILE", "Certificates of the authorities that may vouch for servers (default: the system's)"},
       {"at", "TIME", "As of this time, instead of now"}},
      run_audit};
}

}  // namespace sallyport::cli
