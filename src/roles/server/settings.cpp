// SPDX-License-Identifier: Apache-2.0
#include "roles/server/settings.h"

#include "core/crypto/key.h"
#include "core/format/fields.h"
#include "core/format/json.h"

namespace sallyport::server {
namespace {

constexpr std::uint64_t settings_size_max = 4U << 20U;
constexpr std::size_t text_size_max = 4096;
constexpr std::size_t accounts_max = 10000;
constexpr std::size_t certificates_max = 16;
constexpr std::size_t paths_max = 64;
constexpr std::uint64_t days_max = 36500;
constexpr std::uint64_t packages_most = 1000000000;
constexpr std::uint64_t bytes_most = fields::number_max;

Result<void> read_roles(JsonObject& from, Account& account) {
  const auto roles = TRY(from.array("roles", all_roles().size()));
  for (std::size_t i = 0; i < roles.size(); ++i) {
    const auto text = TRY(roles.text(i, 64));
    const auto role = find_role(text);
    if (!role) return from.malformed("roles", "roles of docs/spec/server.md", text);
    account.roles.add(*role);
  }
  if (account.roles.is_empty()) return from.malformed("roles", "at least one role");
  return {};
}

Result<void> read_quota(JsonObject& from, Quota& quota) {
  if (from.has("packages_max"))
    quota.packages_max = TRY(fields::positive(from, "packages_max", packages_most));
  if (from.has("bytes_max")) quota.bytes_max = TRY(fields::positive(from, "bytes_max", bytes_most));
  return {};
}

// Who changes what is decided by, and who reads what was done, are not the ones who do it.
Result<void> check_duties(const JsonObject& from, const Account& account) {
  const bool watches = account.roles.has(Role::auditor);
  const bool acts =
      account.roles.shares({Role::submitter, Role::approver, Role::deployer, Role::officer, Role::node});
  if (watches && acts) return from.malformed("roles", "an auditor without other roles but monitor");
  if (account.roles.shares({Role::approver, Role::deployer}) && !account.person)
    return from.malformed("person", "a person of the policy for an approver or deployer", "none");
  if (account.roles.has(Role::node) && !account.node)
    return from.malformed("node", "a node of the policy for the role node", "none");
  if (!account.node_key.empty() && !account.node)
    return from.malformed("node_key", "no key of a node without `node`", "one");
  if (account.quota != Quota() && !account.roles.has(Role::submitter))
    return from.malformed("limits", "limits of a submitter; nobody else has packages", "of another role");
  return {};
}

Result<void> read_account(JsonObject from, Accounts& accounts) {
  Account account;
  account.name = TRY(from.text("name", 64));
  TRY(check_identifier(account.name, "account").within(from.where()));
  for (const auto& [digest, other] : accounts)
    if (other.name == account.name)
      return from.malformed("name", "a name that no other account has", account.name);
  TRY(read_roles(from, account));
  if (from.has("person")) account.person = TRY(PersonId::parse(TRY(from.text("person", 64))));
  if (from.has("node")) account.node = TRY(NodeId::parse(TRY(from.text("node", 64))));
  if (from.has("node_key")) {
    account.node_key = TRY(from.lines("node_key", 8192));
    const auto key = PublicKey::from_pem(account.node_key);
    if (!key.ok()) return from.malformed("node_key", "a public key (PEM)", key.error().found);
  }
  if (from.has("limits")) {
    auto limits = TRY(from.object("limits"));
    TRY(read_quota(limits, account.quota));
    TRY(limits.finish());
  }
  TRY(check_duties(from, account));
  const auto certificates = TRY(from.array("certificates", certificates_max));
  if (certificates.size() == 0)
    return from.malformed("certificates", "at least one SHA-256 of a certificate");
  for (std::size_t i = 0; i < certificates.size(); ++i) {
    const auto digest = TRY(Sha256Digest::parse(TRY(certificates.text(i, 64))).within(from.where()));
    if (!accounts.emplace(digest, account).second)
      return from.malformed("certificates", "certificates of one account each", digest.text());
  }
  return from.finish();
}

Result<std::vector<std::string>> read_list(JsonObject& from, std::string_view name) {
  std::vector<std::string> paths;
  if (!from.has(name)) return paths;
  const auto list = TRY(from.array(name, paths_max));
  for (std::size_t i = 0; i < list.size(); ++i) paths.push_back(TRY(list.text(i, text_size_max)));
  return paths;
}

// Who looks at packages, and where.
Result<void> read_intake(JsonObject& top, Settings& settings) {
  settings.engines = TRY(read_list(top, "engines"));
  settings.yara = TRY(read_list(top, "yara"));
  if (top.has("secrets")) {
    const auto word = TRY(top.text("secrets", 8));
    if (word != "look" && word != "off") return top.malformed("secrets", "look or off", word);
    settings.secrets = word == "look";
  }
  for (const auto& name : TRY(read_list(top, "tolerate")))
    if (!settings.tolerate.insert(TRY(find_tolerance(name))).second)
      return top.malformed("tolerate", "each once", name);
  if (top.has("worker")) settings.worker = TRY(top.text("worker", text_size_max));
  if (top.has("scratch")) settings.scratch = TRY(top.text("scratch", text_size_max));
  if (top.has("cache")) settings.cache = TRY(top.text("cache", text_size_max));
  if (top.has("workers")) settings.workers = static_cast<std::uint32_t>(TRY(top.number("workers", 64)));
  return {};
}

Result<NamedHosts> read_hosts(JsonObject from) {
  NamedHosts named;
  named.hosts = TRY(read_list(from, "hosts"));
  named.private_addresses = TRY(read_list(from, "private_addresses"));
  for (const auto& [name, to] : {std::pair{"authorities", &named.authorities},
                                 {"certificate", &named.certificate},
                                 {"key", &named.key}})
    if (from.has(name)) *to = TRY(from.text(name, text_size_max));
  if (named.certificate.empty() != named.key.empty())
    return from.malformed("certificate", "both certificate and key, or neither");
  TRY(from.finish());
  return named;
}

Result<void> read_syslog(JsonObject from, Settings& settings) {
  settings.syslog_server = TRY(from.text("server", text_size_max));
  settings.syslog_authorities = TRY(from.text("authorities", text_size_max));
  if (from.has("certificate")) settings.syslog_certificate = TRY(from.text("certificate", text_size_max));
  if (from.has("key")) settings.syslog_key = TRY(from.text("key", text_size_max));
  if (settings.syslog_certificate.empty() != settings.syslog_key.empty())
    return from.malformed("certificate", "both certificate and key, or neither");
  if (from.has("facility")) {
    const auto word = TRY(from.text("facility", 16));
    const auto facility = syslog_facility(word);
    if (!facility) return from.malformed("facility", "a facility of docs/spec/server.md", word);
    settings.syslog_facility = *facility;
  }
  if (from.has("enterprise"))
    settings.syslog_enterprise = TRY(fields::positive(from, "enterprise", syslog_enterprise_max));
  return from.finish();
}

Result<void> read_limits(JsonObject from, Settings& settings) {
  if (from.has("package_size_max"))
    settings.package_size_max = TRY(from.number("package_size_max", std::uint64_t{1} << 44U));
  if (from.has("disk_left_min"))
    settings.disk_left_min = TRY(from.number("disk_left_min", std::uint64_t{1} << 44U));
  TRY(read_quota(from, settings.quota));
  if (from.has("requests_a_minute_max"))
    settings.requests_a_minute_max =
        static_cast<std::uint32_t>(TRY(from.number("requests_a_minute_max", 1000000)));
  if (settings.package_size_max == 0) return from.malformed("package_size_max", "1 or more", "0");
  if (settings.requests_a_minute_max == 0) return from.malformed("requests_a_minute_max", "1 or more", "0");
  return from.finish();
}

Result<void> read_retention(JsonObject from, Settings& settings) {
  auto& retention = settings.retention;
  for (const auto& [name, to] : {std::pair{"audit_days", &retention.audit_days},
                                 {"failed_packages_days", &retention.failed_packages_days},
                                 {"reports_days", &retention.reports_days}})
    if (from.has(name)) *to = static_cast<std::uint32_t>(TRY(fields::positive(from, name, days_max)));
  return from.finish();
}

}  // namespace

Result<Settings> parse_settings(BytesView json) {
  const auto document = TRY(JsonDocument::parse(json, settings_size_max, Code::json_malformed));
  auto top = TRY(document.object());
  Settings settings;
  for (const auto& [name, to] : {std::pair{"listen", &settings.listen},
                                 {"certificate", &settings.certificate},
                                 {"key", &settings.key},
                                 {"client_authorities", &settings.client_authorities},
                                 {"database", &settings.database},
                                 {"data", &settings.data},
                                 {"audit", &settings.audit},
                                 {"policy", &settings.policy},
                                 {"intake_key", &settings.intake_key},
                                 {"clamd", &settings.clamd}})
    *to = TRY(top.text(name, text_size_max));
  if (top.has("log")) settings.log = TRY(top.text("log", text_size_max));
  TRY(read_intake(top, settings));
  if (top.has("callbacks")) settings.callbacks = TRY(read_hosts(TRY(top.object("callbacks"))));
  if (top.has("upload_from_uri"))
    settings.upload_from_uri = TRY(read_hosts(TRY(top.object("upload_from_uri"))));
  if (top.has("syslog")) TRY(read_syslog(TRY(top.object("syslog")), settings));
  if (top.has("limits")) TRY(read_limits(TRY(top.object("limits")), settings));
  if (top.has("retention")) TRY(read_retention(TRY(top.object("retention")), settings));
  const auto accounts = TRY(top.array("accounts", accounts_max));
  for (std::size_t i = 0; i < accounts.size(); ++i)
    TRY(read_account(TRY(accounts.object(i)), settings.accounts));
  if (settings.accounts.empty()) return top.malformed("accounts", "at least one account");
  TRY(top.finish());
  return settings;
}

}  // namespace sallyport::server
