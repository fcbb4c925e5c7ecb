// SPDX-License-Identifier: Apache-2.0
// The words of the document of the API, as they stand in api/*.json; the build makes them part of the program.
#pragma once

#include <string_view>

namespace sallyport::server {

struct OpenapiParts {
  std::string_view about;  // what stands at the top of the document
  std::string_view schemas, parameters, headers, bodies, answers, callbacks, security;  // of its components
};
const OpenapiParts& openapi_parts();

}  // namespace sallyport::server
