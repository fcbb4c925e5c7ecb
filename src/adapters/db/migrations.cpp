// SPDX-License-Identifier: Apache-2.0
#include "adapters/db/migrations.h"

#include <array>

namespace sallyport {
namespace {

constexpr std::array<std::string_view, 5> all = {
    // 1: packages, orders, reports, audit
    R"(CREATE TABLE packages (
  number $NUMBER,
  id TEXT NOT NULL UNIQUE,
  owner TEXT NOT NULL,
  state TEXT NOT NULL,
  operational TEXT NOT NULL,
  user_data TEXT NOT NULL,
  content TEXT NOT NULL,
  size BIGINT NOT NULL,
  failure TEXT NOT NULL,
  verdict TEXT NOT NULL,
  release TEXT NOT NULL,
  provider TEXT NOT NULL,
  product TEXT NOT NULL,
  version TEXT NOT NULL,
  revision BIGINT NOT NULL,
  holder TEXT NOT NULL,
  held_until BIGINT NOT NULL,
  created BIGINT NOT NULL
);
CREATE INDEX packages_state ON packages (state, number);
CREATE TABLE orders (
  number $NUMBER,
  digest TEXT NOT NULL UNIQUE,
  package TEXT NOT NULL,
  until BIGINT NOT NULL,
  account TEXT NOT NULL,
  envelope TEXT NOT NULL,
  created BIGINT NOT NULL
);
CREATE TABLE signatures (
  order_digest TEXT NOT NULL,
  position BIGINT NOT NULL,
  key_id TEXT NOT NULL,
  signature TEXT NOT NULL,
  account TEXT NOT NULL,
  created BIGINT NOT NULL,
  PRIMARY KEY (order_digest, position)
);
CREATE TABLE reports (
  node TEXT PRIMARY KEY NOT NULL,
  envelope TEXT NOT NULL,
  created BIGINT NOT NULL
);
CREATE TABLE audit (
  number $NUMBER,
  time BIGINT NOT NULL,
  account TEXT NOT NULL,
  source TEXT NOT NULL,
  action TEXT NOT NULL,
  object TEXT NOT NULL,
  outcome TEXT NOT NULL,
  code TEXT NOT NULL,
  detail TEXT NOT NULL
);
)",
    // 2: members of packages, what happened to packages, and who is told
    R"(ALTER TABLE packages ADD COLUMN members TEXT NOT NULL DEFAULT '';
CREATE INDEX packages_release ON packages (release, number);
CREATE TABLE events (
  number $NUMBER,
  what TEXT NOT NULL,
  package TEXT NOT NULL,
  owner TEXT NOT NULL,
  release TEXT NOT NULL,
  provider TEXT NOT NULL,
  product TEXT NOT NULL,
  version TEXT NOT NULL
);
CREATE TABLE subscriptions (
  number $NUMBER,
  id TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL,
  filter TEXT NOT NULL,
  callback TEXT NOT NULL,
  failures BIGINT NOT NULL,
  retry_at BIGINT NOT NULL,
  holder TEXT NOT NULL,
  held_until BIGINT NOT NULL,
  created BIGINT NOT NULL
);
CREATE TABLE notifications (
  number $NUMBER,
  id TEXT NOT NULL,
  subscription TEXT NOT NULL,
  body TEXT NOT NULL,
  created BIGINT NOT NULL
);
CREATE INDEX notifications_subscription ON notifications (subscription, number);
)",
    // 3: where the content of a package is fetched from, and how it is signed
    R"(ALTER TABLE packages ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE packages ADD COLUMN security_option TEXT NOT NULL DEFAULT '';
UPDATE packages SET security_option = 'OPTION_1' WHERE release <> '';
)",
    // 4: what nodes run, recalls, what is told once
    R"(ALTER TABLE reports ADD COLUMN made BIGINT NOT NULL DEFAULT 0;
CREATE TABLE report_packages (
  node TEXT NOT NULL,
  package TEXT NOT NULL,
  PRIMARY KEY (node, package)
);
CREATE TABLE recalls (
  number $NUMBER,
  digest TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL,
  envelope TEXT NOT NULL,
  created BIGINT NOT NULL
);
CREATE TABLE told (
  what TEXT PRIMARY KEY NOT NULL,
  time BIGINT NOT NULL
);
ALTER TABLE packages ADD COLUMN knowledge BIGINT NOT NULL DEFAULT 0;
CREATE TABLE rescans (
  package TEXT PRIMARY KEY NOT NULL,
  holder TEXT NOT NULL,
  held_until BIGINT NOT NULL,
  hit BIGINT NOT NULL,
  finding TEXT NOT NULL,
  verdict TEXT NOT NULL,
  time BIGINT NOT NULL
);
)",
    // 5: exceptions for findings, and which of them a package's verdict has
    R"(CREATE TABLE exceptions (
  number $NUMBER,
  digest TEXT NOT NULL UNIQUE,
  until BIGINT NOT NULL,
  account TEXT NOT NULL,
  envelope TEXT NOT NULL,
  created BIGINT NOT NULL
);
ALTER TABLE packages ADD COLUMN exceptions TEXT NOT NULL DEFAULT '';
)",
};

}  // namespace

std::span<const std::string_view> migrations() {
  return all;
}

}  // namespace sallyport
