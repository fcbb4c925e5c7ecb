#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# vm.sh [--suite trixie] [COMMAND]: runs the command in a guest, with its exit code; without one, each line of the input is a command. The
# programs are those of build/release, or of build/dev where there are no others.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tools/packages.sh
need vm folder

guest=$PWD/tools/vm/guest programs=$PWD/build/release/bin
[ -x "$programs/sallyport" ] || programs=$PWD/build/dev/bin
[ -x "$programs/sallyport" ] || { echo "vm: no programs yet; see ./run build" >&2; exit 1; }

suite=bookworm
if [ "${1:-}" = --suite ]; then
  [ $# -ge 2 ] || { echo "vm: --suite bookworm, or --suite trixie" >&2; exit 2; }
  suite=$2
  shift 2
fi

world=$(mktemp -d)
trap '"$guest" cut >/dev/null 2>&1 || true; rm -rf "$world"' EXIT
cd "$world"
"$guest" start --suite "$suite" --programs "$programs"
status=0
if [ $# -gt 0 ]; then
  "$guest" run "$*" || status=$?
else
  while IFS= read -rep 'guest# ' line; do "$guest" run "$line" </dev/null || status=$?; done
fi
exit "$status"
