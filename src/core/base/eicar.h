// SPDX-License-Identifier: Apache-2.0
// The EICAR standard anti-virus test file: harmless, and every scanner must find it.
#pragma once

#include <string>

namespace sallyport {

// The 68 bytes. They are put together at run time, so that neither our sources nor our programs hold them and
// are taken for malware themselves.
std::string eicar_test_file();

// The same as one raw deflate stream (RFC 1951) that has none of the bytes in the clear: what only a scanner
// finds that unpacks archives.
std::string eicar_deflated();

}  // namespace sallyport
