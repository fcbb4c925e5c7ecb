#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# image.sh SUITE: makes /var/cache/sallyport/guest-SUITE.{img,kernel,initrd}, what every guest of that suite begins with, unless they
# are there: a folder with that Debian (tools/debian_folder.sh), furnished, as a file system.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly cache=/var/cache/sallyport suite=$1 name=guest-$1
readonly folder=$cache/$name
stamp=$(sha256sum tools/vm/furnish.sh tools/vm/image.sh | sha256sum)

make_image() {
  local kernel
  if [ "$(cat "$cache/$name.furnished" 2>/dev/null)" != "$stamp" ]; then
    DEBIAN_FOLDER=$name tools/debian_folder.sh "$suite" tools/vm/furnish.sh >"$cache/$name.furnish.log" 2>&1 ||
      { tail -n 20 "$cache/$name.furnish.log" >&2; return 1; }
    echo "$stamp" >"$cache/$name.furnished"
  fi
  kernel=$(find "$folder/boot" -name 'vmlinuz-*' | sort -V | tail -n 1)
  cp "$kernel" "$cache/$name.kernel"
  cp "${kernel/vmlinuz/initrd.img}" "$cache/$name.initrd"
  rm -f "$cache/$name.img.new"
  mke2fs -q -F -t ext4 -L root -m 0 -d "$folder" "$cache/$name.img.new" 3G
  mv "$cache/$name.img.new" "$cache/$name.img"
  echo "$stamp" >"$cache/$name.stamp"
}

mkdir -p "$cache"
exec 9>"$cache/$name.img.lock"
flock 9
if [ "$(cat "$cache/$name.stamp" 2>/dev/null)" = "$stamp" ]; then exit 0; fi
echo "image: making the file system of a guest ($suite) (once, some minutes)"
make_image
