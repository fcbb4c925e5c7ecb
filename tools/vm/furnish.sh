#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes a guest of the Debian folder that it runs in (tools/debian_folder.sh): a kernel, systemd, an agent that takes
# commands, and what the programs of this project link with. Nothing comes from anywhere but Debian's packages.
set -euo pipefail

export DEBIAN_FRONTEND=noninteractive

# What a guest's kernel needs until its root is there, and no more: every module costs the time of a boot.
mkdir -p /etc/initramfs-tools/conf.d
echo MODULES=list >/etc/initramfs-tools/conf.d/guest
printf '%s\n' virtio_pci virtio_blk ext4 >/etc/initramfs-tools/modules

printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
apt-get -qq -y update
case $(. /etc/os-release && echo "$VERSION_CODENAME") in
  bookworm) libraries=(libarchive13 libboost-json1.81.0 libcurl4 libfmt9 libprometheus-cpp-core1.0 libssl3 libutf8proc2 libyara9) ;;
  trixie) libraries=(libarchive13t64 libboost-json1.83.0 libcurl4t64 libfmt10 libprometheus-cpp-core1.0 libssl3t64 libutf8proc3 libyara10) ;;
esac
apt-get -qq -y -o Dpkg::Use-Pty=0 --no-install-recommends install \
  linux-image-cloud-amd64 initramfs-tools systemd-sysv udev dbus kmod qemu-guest-agent e2fsprogs fsverity iproute2 procps \
  python3-minimal libzstd1 ca-certificates "${libraries[@]}"
rm /usr/sbin/policy-rc.d
update-initramfs -u
apt-get clean
rm -rf /var/lib/apt/lists/*

# Where the disks come from that a guest is booted with: tools/vm/guest.
mkdir -p /opt/given /var/lib/sallyport
cat >/etc/fstab <<'TEXT'
LABEL=root  /                   ext4 rw,noatime        0 1
LABEL=given /opt/given          ext4 ro                0 0
LABEL=node  /var/lib/sallyport  ext4 rw,noatime,nofail 0 2
TEXT
echo /opt/given/lib >/etc/ld.so.conf.d/given.conf
ln -sf /opt/given/bin/sallyport /opt/given/bin/sallyport-noded /usr/bin/
echo guest >/etc/hostname
: >/etc/machine-id

# Nobody logs in, and nothing is fetched: what would only take the time of a boot stays off.
for unit in getty.target getty@tty1.service serial-getty@ttyS0.service systemd-timesyncd.service apt-daily.timer apt-daily-upgrade.timer \
  dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer systemd-random-seed.service \
  systemd-logind.service systemd-binfmt.service modprobe@dm_mod.service modprobe@efi_pstore.service modprobe@loop.service \
  modprobe@configfs.service modprobe@fuse.service modprobe@drm.service systemd-update-utmp.service systemd-update-utmp-runlevel.service \
  systemd-journal-flush.service systemd-pstore.service systemd-fsckd.service systemd-fsckd.socket; do
  ln -sf /dev/null "/etc/systemd/system/$unit"
done
