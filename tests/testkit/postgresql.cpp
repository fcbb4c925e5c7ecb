// SPDX-License-Identifier: Apache-2.0
#include "testkit/postgresql.h"

#include <cstdlib>
#include <filesystem>

#include "core/base/result.h"
#include "testkit/command.h"
#include "testkit/source.h"

namespace sallyport::testkit {
namespace {

std::string control(const std::string& words) {
  return source_file("tools/demo/postgresql") + " " + words;
}

}  // namespace

bool Postgresql::is_here() {
  return run(control("here")).status == 0;
}

Postgresql::Postgresql()
    : folder_((std::filesystem::temp_directory_path() / "sallyport-postgresql-XXXXXX").string()) {
  CHECK(::mkdtemp(folder_.data()) != nullptr);
  CHECK(run("chmod 711 " + folder_).status == 0);
  CHECK(run(control("start " + folder_ + "/server")).status == 0);
}

Postgresql::~Postgresql() {
  static_cast<void>(run(control("stop " + folder_ + "/server")));
  std::filesystem::remove_all(folder_);
}

std::string Postgresql::settings() const {
  return "host=" + folder_ + "/server user=sallyport dbname=postgres";
}

}  // namespace sallyport::testkit
