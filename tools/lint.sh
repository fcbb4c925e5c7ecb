#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The checks that need no test run: format, include arrows, house rules, shell scripts; on demand the second compiler
# and clang-tidy. Prints what is wrong and "N passed, N failed".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tools/packages.sh

passed=0 failed=0

# check NAME COMMAND...
check() {
  local output
  if output=$("${@:2}" 2>&1 </dev/null); then
    passed=$((passed + 1))
  else
    failed=$((failed + 1))
    printf '%s\n%s: failed\n' "$output" "$1"
  fi
}

sources() { find src apps tests bench -name '*.cpp' -o -name '*.h' 2>/dev/null | sort; }
# grep -m 1 -H with an empty pattern prints each file's first line, after the file's name.
scripts() {
  grep -rIHm 1 '' run .ci tools tests bench 2>/dev/null |
    sed -nE 's/^([^:]+):(#!.*\<(ba)?sh\>|# shellcheck shell).*/\1/p'
}

# Each major version of clang-format has its own opinion; ours is Debian 12's.
format() {
  if [ "$(debian_release)" != 12 ]; then echo "format: not checked, it takes the clang-format of Debian 12"; return; fi
  mapfile -t files < <(sources)
  check format clang-format --dry-run -Werror "${files[@]}"
}

shell() {
  mapfile -t files < <(scripts)
  check shellcheck shellcheck -x "${files[@]}"
}

clang() {
  need build clang
  cmake --preset clang >/dev/null
  check "second compiler" tools/second_compiler build/clang
}

run_clang_tidy() { printf '%s\n' "$@" | xargs -P "$(nproc)" -n 4 clang-tidy -p build/clang --quiet 2>/dev/null; }

# The sources that the last commits changed, the newest first: what a fresh clone can look at in the time of a test.
recent() {
  git log -n 30 --pretty= --name-only --diff-filter=d -- '*.cpp' | grep -v '_test\.cpp$' | awk '!seen[$0]++' |
    while read -r file; do if [ -f "$file" ]; then echo "$file"; fi; done | head -n 24
}

# clang_tidy [FILE...]: without files, those that differ from main; "recent", see above; "all" for all but the tests.
clang_tidy() {
  need build clang
  [ -f build/clang/compile_commands.json ] || cmake --preset clang >/dev/null
  local files=("$@")
  case ${1:-} in
    '') mapfile -t files < <(git diff --name-only --diff-filter=d main -- '*.cpp') ;;
    recent) mapfile -t files < <(recent) ;;
    all) mapfile -t files < <(sources | grep '\.cpp$' | grep -v '_test\.cpp$') ;;
  esac
  if [ ${#files[@]} -eq 0 ]; then echo "clang-tidy: nothing differs from main"; return; fi
  check clang-tidy run_clang_tidy "${files[@]}"
}

house() {
  need check
  format
  check "layers, self-test" tools/layers --self-test
  check layers tools/layers
  check "tidy, self-test" tools/tidy --self-test
  check tidy tools/tidy
  check "attacks, self-test" tools/attacks --self-test
  check attacks tools/attacks
  check "story runner, self-test" tests/stories/run.py --self-test
  shell
}

case ${1:-} in
  '') house ;;
  --only-clang) clang ;;
  --only-tidy) shift; clang_tidy "$@" ;;
  --clang) house; clang ;;
  --tidy) shift; house; clang_tidy "$@" ;;
  *) echo "lint: unknown option $1; see ./run help" >&2; exit 2 ;;
esac
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
