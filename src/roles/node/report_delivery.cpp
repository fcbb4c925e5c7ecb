// SPDX-License-Identifier: Apache-2.0
#include "roles/node/report_delivery.h"

#include "core/base/text.h"

namespace sallyport::node {
namespace {

constexpr std::uint64_t answer_size_max = 65536;
constexpr std::size_t shown_size_max = 300;

std::string address(std::string server, const NodeId& node) {
  while (server.ends_with('/')) server.pop_back();
  return server + "/api/v1/nodes/" + node.text() + "/report";
}

std::string told(const HttpAnswer& answer) {
  auto text = "status " + std::to_string(answer.status);
  if (!answer.body.empty()) text += ": " + printable(answer.body.substr(0, shown_size_max));
  return text;
}

}  // namespace

Result<void> deliver_report(const Poster& poster, const std::string& server, const NodeId& node,
                            const std::string& envelope) {
  const auto url = address(server, node);
  const auto answer = TRY(poster.post({url, envelope, answer_size_max, "application/json", HttpMethod::put}));
  if (answer.status >= 200 && answer.status < 300) return {};
  return Error(Code::server_refused, url, "status 204", told(answer));
}

}  // namespace sallyport::node
