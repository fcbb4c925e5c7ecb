#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs the tests part by part and closes on one line, "N passed, N failed". Each part is a program whose own last
# line says the same; its whole output stands in build/test-logs/ and is shown only when something failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tools/packages.sh

fast='' stories='' platform='' all='' guest='' preset=dev
for option; do
  case $option in
    --fast) fast=yes ;;
    --all) all=yes preset=release ;;  # what users run, so that the demo finds it built
    --stories) stories=yes ;;
    --asan | --tsan) preset=${option#--} fast=yes ;;
    --vm) guest=yes ;;
    --debian12) platform=bookworm ;;
    --debian13) platform=trixie ;;
    *) echo "test: unknown option $option; see ./run help" >&2; exit 2 ;;
  esac
done

logs=build/test-logs
passed=0 failed=0 skipped=0 which=''

closing_line() {
  printf '%s passed, %s failed' "$1" "$2"
  if [ "$3" -gt 0 ]; then printf ', %s skipped' "$3"; fi
  echo
}

# Which they were, a line each: whoever sees the end of a long output alone knows where to look.
failures() {
  { grep '^failed: ' "$2" || grep -E '^FAILED |\*\*\*(Failed|Timeout|Exception)|error:' "$2" || tail -n 3 "$2"; } |
    sed "s#^\(failed: \)\{0,1\}#failed: $1| #" | cut -c 1-200 | sed -n 1,20p
}

# part NAME COMMAND...
part() {
  local name=$1 log="$logs/${1//\//-}.log" begin=$SECONDS status=0 p=0 f=0 s=0
  shift
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [[ $(tail -n 1 "$log") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed(,\ ([0-9]+)\ skipped)?$ ]]; then
    p=${BASH_REMATCH[1]} f=${BASH_REMATCH[2]} s=${BASH_REMATCH[4]:-0}
  else
    status=1
  fi
  # A part that tested nothing, or that ended badly without counting a failure, has failed.
  if [ "$f" -eq 0 ] && { [ "$status" -ne 0 ] || [ $((p + s)) -eq 0 ]; }; then f=1; fi
  if [ "$f" -gt 0 ]; then
    sed "s,^,$name| ," "$log"
    which+=$(failures "$name" "$log")$'\n'
  fi
  printf '%-24s %s  (%d s)\n' "$name" "$(closing_line "$p" "$f" "$s")" $((SECONDS - begin))
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
}

build_dev() {
  need build test check || return 1
  cmake --preset "$preset" -DSALLYPORT_TESTS=ON || return 1
  if [ -n "$stories" ]; then
    ninja -C "build/$preset" sallyport sallyportd sallyport-noded sallyport-tuf-client answers probe core_crypto_test core_trust_test || return 1
  else
    ninja -C "build/$preset" || return 1
  fi
  echo "1 passed, 0 failed"
}

unit() {
  local report="$PWD/$logs/unit.xml" status=0
  rm -f "$report"
  ctest --test-dir "build/$preset" -j "$(nproc)" --output-on-failure --no-tests=error --output-junit "$report" |
    tail -n 300 || status=$?
  python3 - "$report" <<'PYTHON'
import sys, xml.etree.ElementTree as tree
suite = tree.parse(sys.argv[1]).getroot()
total, failed, skipped = (int(suite.get(name)) for name in ("tests", "failures", "skipped"))
tail = f", {skipped} skipped" if skipped else ""
print(f"{total - failed - skipped} passed, {failed} failed{tail}")
PYTHON
  return $status
}

# What differs most from one Debian to the next is its cryptographic library.
crypto() {
  "build/$preset/bin/core_crypto_test" --gtest_brief=1 && "build/$preset/bin/core_trust_test" --gtest_brief=1 &&
    echo "2 passed, 0 failed"
}

demo() { tools/demo.sh && echo "1 passed, 0 failed"; }

# One guest after the other: each has a processor of this machine for itself.
in_guest() {
  if ! need vm folder test; then
    echo "no guest here: QEMU is missing and cannot be installed"
    echo "0 passed, 0 failed, 1 skipped"
    return
  fi
  tests/stories/run.py --programs "build/$preset/bin" --jobs 1 tests/vm
}

# Debian 12 is where everything must work from nothing; Debian 13 is where the same sources must build and pass.
in_folder() {
  case $1 in
    bookworm) tools/debian_folder.sh "$1" ./run test ;;
    *) tools/debian_folder.sh "$1" ./run test --fast ${stories:+--stories} ;;
  esac
}

here() {
  local test bin="build/$preset/bin"
  part build build_dev
  if [ "$failed" -gt 0 ]; then return; fi
  if [ -n "$stories" ]; then
    part crypto crypto
  else
    part unit unit
  fi
  # The checks look at the sources, which are the same everywhere, with the tools of Debian 12.
  if [ "$(debian_release)" = 12 ] && [ -z "$stories" ] && [[ $preset != ?san ]]; then part checks tools/lint.sh; fi
  part tuf tests/tuf/run.py --client "$bin/sallyport-tuf-client"
  part stories tests/stories/run.py --programs "$bin" tests/stories
  if [ -d tests/requirements ]; then part requirements tests/stories/run.py --programs "$bin" tests/requirements; fi
  if [ -n "$fast" ]; then return; fi
  for test in tests/crash/*; do
    if [ -f "$test" ] && [ -x "$test" ]; then part "crash/$(basename "$test")" "$test" --binary "$PWD/$bin/sallyport"; fi
  done
}

mkdir -p "$logs"
if [ -n "$platform" ]; then
  need folder
  part "$platform" in_folder "$platform"
elif [ -n "$guest" ]; then
  part build build_dev
  if [ "$failed" -eq 0 ]; then part vm in_guest; fi
else
  here
fi
if [ -n "$all" ]; then
  need folder
  part demo demo
  part clang tools/lint.sh --only-clang
  part clang-tidy tools/lint.sh --only-tidy recent
  stories=yes
  part trixie in_folder trixie
fi
printf '%s' "$which"
closing_line "$passed" "$failed" "$skipped"
[ "$failed" -eq 0 ]
