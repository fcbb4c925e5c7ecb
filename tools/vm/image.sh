#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes /var/cache/sallyport/guest.{img,kernel,initrd}, what every guest begins with, unless they are there: a Debian 12
# folder (tools/debian_folder.sh), furnished, as a file system.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

readonly cache=/var/cache/sallyport folder=/var/cache/sallyport/guest
stamp=$(sha256sum tools/vm/furnish.sh tools/vm/image.sh | sha256sum)

make_image() {
  local kernel
  if [ "$(cat "$cache/guest.furnished" 2>/dev/null)" != "$stamp" ]; then
    DEBIAN_FOLDER=guest tools/debian_folder.sh bookworm tools/vm/furnish.sh >"$cache/guest.furnish.log" 2>&1 ||
      { tail -n 20 "$cache/guest.furnish.log" >&2; return 1; }
    echo "$stamp" >"$cache/guest.furnished"
  fi
  kernel=$(find "$folder/boot" -name 'vmlinuz-*' | sort -V | tail -n 1)
  cp "$kernel" "$cache/guest.kernel"
  cp "${kernel/vmlinuz/initrd.img}" "$cache/guest.initrd"
  rm -f "$cache/guest.img.new"
  mke2fs -q -F -t ext4 -L root -m 0 -d "$folder" "$cache/guest.img.new" 3G
  mv "$cache/guest.img.new" "$cache/guest.img"
  echo "$stamp" >"$cache/guest.stamp"
}

mkdir -p "$cache"
exec 9>"$cache/guest.img.lock"
flock 9
if [ "$(cat "$cache/guest.stamp" 2>/dev/null)" = "$stamp" ]; then exit 0; fi
echo "image: making the guest's file system (once, some minutes)"
make_image
