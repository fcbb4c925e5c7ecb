// SPDX-License-Identifier: Apache-2.0
// A collector of syslog messages, outside of this machine.
#pragma once

#include <string_view>

#include "core/base/result.h"

namespace sallyport {

class SyslogCollector {
 public:
  virtual ~SyslogCollector() = default;
  // Frames of RFC 5425, whole ones. Ok: whoever listens there has read them to the end, and ended the connection in
  // order. Anything else is an error, and then some, all or none of them may have been read:
  //   server_unreachable, server_too_slow    nobody is there, or is silent; or the connection broke
  //   server_untrusted                       its certificate is not by a listed authority, or for another name
  virtual Result<void> deliver(std::string_view frames) = 0;
};

}  // namespace sallyport
