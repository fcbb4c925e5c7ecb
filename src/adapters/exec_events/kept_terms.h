// SPDX-License-Identifier: Apache-2.0
// The terms of a gate in a file in memory, which a service manager can hold: the gate that is started after all
// processes of this one have ended answers by them, for it cannot read a file of a file system whose questions nobody
// answers.
#pragma once

#include <memory>

#include "adapters/exec_events/port.h"

namespace sallyport {

class KeptTerms {
 public:
  static Result<std::unique_ptr<KeptTerms>> create();
  // Of the gate before; the descriptor is its own from then on. not_supported: it has another form.
  static Result<std::unique_ptr<KeptTerms>> of(int descriptor);
  ~KeptTerms();
  KeptTerms(const KeptTerms&) = delete;
  KeptTerms& operator=(const KeptTerms&) = delete;

  int descriptor() const { return descriptor_; }
  // One process writes, a child of the one that made it or that one itself; its descriptors may be closed. Who ends
  // meanwhile leaves no terms.
  void write(const GateTerms& terms);
  // Views into it. No terms: enforce, and nothing is listed, until the books are read.
  GateTerms read() const;

 private:
  struct Layout;
  KeptTerms(int descriptor, Layout* layout) : descriptor_(descriptor), layout_(layout) {}
  static Result<std::unique_ptr<KeptTerms>> mapped(int descriptor);
  int descriptor_;
  Layout* layout_;
};

}  // namespace sallyport
