// SPDX-License-Identifier: Apache-2.0
// How much memory a program keeps that it has given back.
#pragma once

namespace sallyport {

// Called once, before there are threads. By default glibc gives every thread an arena of its own, and each of them
// keeps what it once held: with many cores that is several times what is in use at any time.
void share_arenas();

}  // namespace sallyport
