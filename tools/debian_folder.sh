#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# debian_folder.sh SUITE COMMAND...: runs the command on the sources in a folder that holds a Debian of that suite and
# nothing else of this machine. The folder is made once, in /var/cache/sallyport, with the mirror and the network
# settings that apt uses here. The sources appear there as /src, and /src/build is build/SUITE out here.
#
# All mounts live in a mount namespace of their own and end with it, so nothing that is removed outside can reach
# through them; all processes live in a process namespace and end with the command.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

suite=$1
shift
root=/var/cache/sallyport/${DEBIAN_FOLDER:-$suite}

codename() { (. /etc/os-release && echo "$VERSION_CODENAME"); }

# Where apt gets this machine's own suite from: another suite of Debian stands beside it.
mirror() {
  # shellcheck disable=SC2016  # apt's own format string
  apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
    awk -v suite="$(codename)" '$1 == suite && $2 == "main" { print $3; exit }'
}

make_root() {
  local uri proxy=''
  uri=$(mirror)
  [ -n "$uri" ] || { echo "debian_folder: apt has no source for $(codename) main here" >&2; return 1; }
  eval "$(apt-config shell proxy Acquire::http::Proxy)"
  [ -z "$proxy" ] || export http_proxy=$proxy
  rm -rf "$root" "$root.new"
  mkdir -p "$root.new"
  debootstrap --variant=minbase "$suite" "$root.new" "$uri" >"$root.log" 2>&1 ||
    { tail -n 20 "$root.log" >&2; return 1; }
  {
    echo "deb $uri $suite main"
    echo "deb $uri $suite-updates main"
  } >"$root.new/etc/apt/sources.list"
  apt-config dump | grep '^Acquire::' >"$root.new/etc/apt/apt.conf.d/99from-outside" || true
  mkdir -p "$root.new/src"
  mv "$root.new" "$root"
}

enter() {
  mount --bind "$root" "$root"
  mount --bind "$PWD" "$root/src"
  mount --bind "build/$suite" "$root/src/build"
  mount --rbind /dev "$root/dev"
  mount -t proc proc "$root/proc"
  mount -t sysfs sysfs "$root/sys"
  mount --rbind /sys/fs/cgroup "$root/sys/fs/cgroup"
  mount -t tmpfs tmpfs "$root/run"
  mount --bind "$temporary" "$root/tmp"
  cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
  cd "$root"
  mkdir -p .outside
  pivot_root . .outside
  umount -l /.outside
  cd /src
  exec env -i HOME=/root TERM="${TERM:-dumb}" LANG=C.UTF-8 PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    ${CI:+CI="$CI"} ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} "$@"
}

if [ "${DEBIAN_FOLDER_INSIDE:-}" = yes ]; then
  enter "$@"
fi

mkdir -p "$(dirname "$root")" "build/$suite"
(
  flock 9
  if [ ! -d "$root" ]; then make_root; fi
) 9>"$root.lock"

temporary=$(mktemp -d)
chmod 1777 "$temporary"
trap 'rm -rf "$temporary"' EXIT
export temporary DEBIAN_FOLDER_INSIDE=yes
unshare --mount --pid --fork --kill-child "$PWD/tools/debian_folder.sh" "$suite" "$@"
