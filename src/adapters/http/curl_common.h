// SPDX-License-Identifier: Apache-2.0
// What every transfer over libcurl has in common.
#pragma once

#include <curl/curl.h>

#include "adapters/http/curl.h"

namespace sallyport::curl {

// Once in a program, whoever comes first.
void begin();

// Only http and https, nothing is followed, the limits on time and rate.
void prepare(CURL* handle, const CurlSettings& settings, const std::string& url);

// How a transfer ended that broke off in no other way.
Result<void> check(CURLcode code, const std::string& url);

}  // namespace sallyport::curl
