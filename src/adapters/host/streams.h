// SPDX-License-Identifier: Apache-2.0
// The first thing that a program does: makes sure that the three standard streams are open.
#pragma once

namespace sallyport {

// A stream that the caller closed leads to /dev/null from now on. Otherwise a file that is opened later would get
// its number, and what is said would be written into that file. Ends the program when that is not possible.
void open_standard_streams();

}  // namespace sallyport
