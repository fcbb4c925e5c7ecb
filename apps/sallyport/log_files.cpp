// SPDX-License-Identifier: Apache-2.0
#include "apps/sallyport/log_files.h"

#include <algorithm>

#include "adapters/disk/file_source.h"
#include "apps/sallyport/inputs.h"
#include "core/crypto/revocation_list.h"
#include "core/format/dsse.h"
#include "core/format/policy.h"

namespace sallyport::cli {
namespace {

constexpr std::string_view zip_begin = "PK\x03\x04";
constexpr std::string_view envelope_begin = "{\"payloadType\"";
constexpr std::string_view list_begin = "-----BEGIN X509 CRL-----";
constexpr std::string_view der_begin = "\x30";  // a SEQUENCE, and no character of JSON
constexpr std::uint64_t piece_size = 4ULL << 20U;

Result<Sha256Digest> digest_of(const FileSource& file) {
  Hasher hasher(Sha2::sha256);
  for (std::uint64_t at = 0; at < file.size(); at += piece_size) {
    hasher.update(TRY(file.read(at, std::min(piece_size, file.size() - at), piece_size)));
  }
  return hasher.finish_sha256();
}

}  // namespace

Result<tlog::Entry> entry_of_file(const std::string& path) {
  const auto file = TRY(FileSource::open(path));
  const auto begin = TRY(file->read(0, std::min<std::uint64_t>(file->size(), list_begin.size()), piece_size));
  if (as_text(begin).starts_with(zip_begin)) return tlog::package_entry(TRY(digest_of(*file)));
  if (as_text(begin) == list_begin || as_text(begin).starts_with(der_begin)) {
    const auto list = TRY(read_whole_file(path, revocation_list_text_max));
    return tlog::revocations_entry(list).within("reading " + path);
  }
  const auto bytes = TRY(read_whole_file(path, envelope_size_max));
  if (as_text(begin).starts_with(envelope_begin))
    return tlog::statement_entry(bytes).within("reading " + path);
  return tlog::policy_entry(bytes).within("reading " + path);
}

Result<tlog::LogPolicy> load_log_policy(const std::string& path) {
  const auto bytes = TRY(read_whole_file(path, policy_size_max));
  const auto first = as_text(bytes).find_first_not_of(" \t\r\n");
  const bool is_ours = first != std::string_view::npos && bytes[first] == '{';
  if (!is_ours) return tlog::parse_log_policy(as_text(bytes)).within("reading the log policy " + path);
  const auto policy = TRY(parse_policy(bytes).within("reading the policy " + path));
  if (policy.log) return tlog::log_policy_of(*policy.log);
  return Error(Code::log_unknown, path, "a policy that names a log", "none");
}

Result<std::unique_ptr<Disk>> open_log(const Arguments& arguments) {
  return disk_to_change(arguments, arguments.text("log"));
}

}  // namespace sallyport::cli
