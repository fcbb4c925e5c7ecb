// SPDX-License-Identifier: Apache-2.0
// Genuine packages for tests: small, signed, made in memory in a few milliseconds.
//
//   const Policy policy = make_policy(acme().anchor_pem());
//   const Bytes package = make_package();                               // product "mme", counter 1
//   const Bytes upgrade = make_package(next_release());                 // counter 2, one file changed
//
//   PackageParts parts;
//   parts.files["usr/bin/mme"] = {"#!/bin/sh\n", 04755};                // any part, before it is made
//   parts.edit_manifest = [](std::string& octets) { … };                // a lie that the vendor signs
//   parts.edit_signed = [](Members& members) { … };                     // tampering: nothing is signed again
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/format/tree.h"
#include "testkit/code_signer.h"

namespace sallyport::testkit {

struct PackageFile {
  std::string content;
  std::uint32_t mode = 0755;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::vector<std::string> capabilities = {};
};

struct Member {
  std::string name;
  Bytes content;
};
using Members = std::vector<Member>;

struct PackageParts {
  PackageParts();

  std::string name = "mme";
  std::string product = "mme";
  std::string version = "1.0";
  std::string architecture = "any";
  std::string provider = "Acme";
  std::string released = "2026-11-01T00:00:00Z";
  std::uint64_t counter = 1;
  std::map<std::string, PackageFile> files;      // path → file; parents are added
  std::map<std::string, std::string> links;      // path → target
  std::map<std::string, std::uint32_t> folders;  // path → mode; for those that no file needs, or another mode
  std::vector<Service> services;                 // one, "mme"
  std::vector<ConfigFile> config;
  std::size_t frame_size = 1024;                       // of content: small, so that small files have several
  std::vector<const CodeSigner*> signers = {&acme()};  // none: unsigned

  // Each is called when what it is given has been made, and may change it; what follows is made from that.
  std::function<void(Tree&)> edit_tree;  // printed unchecked, right or wrong
  std::function<void(std::string&)> edit_tree_json;
  std::function<void(Members&)> edit_members;  // all but the manifest: hashed and signed as they are then
  std::function<void(std::string&)> edit_manifest;  // the octets that are going to be signed
  std::function<void(Members&)> edit_signed;        // as they will stand in the ZIP
};

Bytes make_package(const PackageParts& parts = {});
PackageParts next_release();  // version 1.1, counter 2: another usr/bin/mme, one file more and one less

Member& member(Members& members, const std::string& name);  // aborts when there is none

// A service that runs /usr/bin/mme and is healthy as long as it lives.
Service make_service(const std::string& name = "mme");

// The ZIP file of these members, as they are.
Bytes make_zip(const Members& members);
// Its members again, for tests that take a package apart.
Members take_apart(BytesView package);

}  // namespace sallyport::testkit
