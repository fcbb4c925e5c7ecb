// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "adapters/disk/kernel_file.h"
#include "apps/sallyport/command.h"
#include "apps/sallyport/node_world.h"
#include "apps/sallyport/output.h"
#include "core/base/text.h"
#include "roles/node/measured.h"

namespace sallyport::cli {
namespace {

constexpr std::string_view kernels_list = "/sys/kernel/security/ima/binary_runtime_measurements";

std::string_view word(node::Standing standing) {
  switch (standing) {
    case node::Standing::may_run:
      return "may-run";
    case node::Standing::ran:
      return "ran";
    case node::Standing::none:
      return "none";
    case node::Standing::other:
      break;
  }
  return "other";
}

std::string describe(const node::Measured& measured) {
  if (!measured.digest) return "not frozen: nothing is known of its content";
  if (measured.generations.empty()) return "digest " + measured.digest->text();
  return fmt::format("generation {}: {}", fmt::join(measured.generations, ", "), measured.paths.front());
}

void show(const node::Measured& measured, Output& output) {
  output.field(word(measured.standing), measured.name + ", " + describe(measured));
  auto& json = output.json().begin_object().text("name", valid_utf8(measured.name));
  json.text("standing", word(measured.standing))
      .text("digest", measured.digest ? measured.digest->text() : "");
  json.key("generations").begin_array();
  for (const auto number : measured.generations) json.number(number);
  json.end_array().key("entries").begin_array();
  for (const auto& path : measured.paths) json.text(path);
  json.end_array().end_object();
}

Result<void> run_measurements(const Arguments& arguments, Output& output) {
  const auto world = TRY(NodeWorld::open_to_look(arguments));
  const auto path = arguments.text_or("list", kernels_list);
  const auto bytes = TRY(read_kernel_file(path, measurements_size_max));
  const auto list = TRY(node::compare_measurements(world->disk(), bytes));
  output.json().key("measured").begin_array();
  for (const auto& measured : list.entries) show(measured, output);
  output.json().end_array().number("others", list.others).text("pcr_10", list.pcr.text());
  output.field("others", std::to_string(list.others) + ", not by this node's policy");
  output.field("PCR 10", "sha256 " + list.pcr.text() + ", if the list is whole");
  const auto is_strange = [](const node::Measured& one) { return one.standing == node::Standing::none; };
  const auto strange = std::ranges::find_if(list.entries, is_strange);
  if (strange == list.entries.end()) return {};
  Error error(Code::gate_measurement_unlisted, valid_utf8(strange->name),
              "only contents of this node's generations", describe(*strange));
  error.effect = "nothing: it was executed or mapped as code already, and the kernel told";
  return error;
}

}  // namespace

Command node_gate_measurements_command() {
  return {
      "node gate measurements",
      "Compare what the kernel has measured with the generations of this node",
      "Reads the kernel's list of what was executed or mapped as code since the boot (IMA, by the policy of "
      "`node gate "
      "export --ima`), and tells of each entry which generation has this content: may-run (now), ran (of an "
      "earlier one), "
      "or none. Each of these generations is proved again from its signed papers.\n"
      "PCR 10 is what the TPM has to hold if the list is whole; whoever does not trust this machine compares "
      "it with "
      "a quote of the TPM. Exit code 3 when an entry is of none.",
      {"sallyport node gate measurements --root /var/lib/sallyport",
       "sallyport node gate measurements --root /var/lib/sallyport --list binary_runtime_measurements "
       "--json"},
      {},
      {{"root", "DIR", "The node's root folder", Need::required},
       {"list", "FILE", "The list, in the kernel's binary form (default: the one of the running kernel)"}},
      run_measurements};
}

}  // namespace sallyport::cli
