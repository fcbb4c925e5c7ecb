#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# usage: fetch.sh FOLDER
#
# Puts into FOLDER what `sallyport package build` makes the demo's release from:
#   debs/*.deb   Debian's own packages of the NextEPC MME and of every library that it loads, down to libc
#   overlay/     our configuration, and the folders that the MME writes to
# The packages are Debian's (the MME is AGPL-3): fetched when needed, never part of this repository. apt has
# checked them against Debian's signed index. What is there already is not fetched again.
#
# The Diameter certificate and key in the MME's package are Debian's samples, good for a lab and nothing else.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=${1:?usage: fetch.sh FOLDER}

packages=(
  nextepc-mme nextepc-core
  libbson-1.0-0 libc6 libffi8 libgcc-s1 libgmp10 libgnutls30 libhogweed6 libicu72 libidn12 libidn2-0
  libmongoc-1.0-0 libmongocrypt0 libnettle8 libp11-kit0 libsasl2-2 libsctp1 libsnappy1v5 libssl3 libstdc++6
  libtasn1-6 libunistring2 libyaml-0-2 libzstd1 zlib1g
)

download() {
  (cd "$1" && apt-get -qq -o APT::Sandbox::User=root download "${packages[@]}")
}

# The list above is right when the loader finds each library inside of the packages.
check_libraries() {
  local tree lacking program deb
  tree=$(mktemp -d)
  for deb in "$1"/*.deb; do dpkg-deb -x "$deb" "$tree"; done
  for program in /usr/bin/nextepc-mmed $(cd "$tree" && find usr/lib/nextepc -name '*.so*' -type f -printf '/%p '); do
    if lacking=$(chroot "$tree" /lib64/ld-linux-x86-64.so.2 --list "$program" | grep 'not found'); then
      echo "fetch: $program needs more than the list of packages: $lacking" >&2
      rm -rf "$tree"
      return 1
    fi
  done
  rm -rf "$tree"
}

fetch_packages() {
  local partial="$folder/debs.partial"
  rm -rf "$partial"
  mkdir -p "$partial"
  download "$partial" || { apt-get -qq update && download "$partial"; }
  check_libraries "$partial"
  mv "$partial" "$folder/debs"
}

make_overlay() {
  rm -rf "$folder/overlay"
  mkdir -p "$folder/overlay/etc/nextepc" "$folder/overlay/var/run/nextepc-mmed"
  cp "$here/lab.conf" "$folder/overlay/etc/nextepc/lab.conf"
  find "$folder/overlay" -type d -exec chmod 0755 {} +
  chmod 0644 "$folder/overlay/etc/nextepc/lab.conf"
}

mkdir -p "$folder"
[ -d "$folder/debs" ] || fetch_packages
make_overlay
