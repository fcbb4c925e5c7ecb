# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the project needs from Debian, and how it gets there. Sourced by the scripts beside it.
#
# need GROUP... installs what is missing of the groups and nothing else; when nothing is missing it only asks dpkg.
# No service is started: a package that brings one is a tool here, and tests start their own copies.

debian_release() { (. /etc/os-release && echo "${VERSION_ID:-0}"); }

packages() {
  local llvm=14 boost=libboost-json1.81-dev pkcs11=libengine-pkcs11-openssl
  if [ "$(debian_release)" -ge 13 ]; then
    llvm=19 boost=libboost-json-dev pkcs11=pkcs11-provider
  fi
  case $1 in
    build) echo g++ cmake ninja-build ccache mold pkg-config libssl-dev libzip-dev libarchive-dev libzstd-dev zlib1g-dev "$boost" \
      libcurl4-openssl-dev libexpected-dev libfmt-dev libcli11-dev libutf8proc-dev libkainjow-mustache-dev libseccomp-dev \
      libsoci-dev libyara-dev prometheus-cpp-dev libgtest-dev libgmock-dev librapidcheck-dev ;;
    clang) echo clang clang-tidy "libclang-rt-$llvm-dev" ;;
    check) echo clang-format python3 shellcheck ;;
    test) echo "$pkcs11" softhsm2 opensc openssl gpg gpg-agent gpgv rpm clamav-daemon fsverity strace unzip zip python3 python3-cryptography python3-jsonschema python3-prometheus-client \
      faketime nginx-light libnginx-mod-stream curl postgresql rsyslog rsyslog-gnutls iproute2 util-linux groff-base ca-certificates ;;
    bench) echo libbenchmark-dev rauc squashfs-tools rpm openssl python3 python3-cryptography curl \
      e2fsprogs fapolicyd wrk ;;
    vm) echo qemu-system-x86 qemu-utils ovmf swtpm e2fsprogs binutils python3 ;;
    folder) echo debootstrap debian-archive-keyring gpgv util-linux ;;
    *) echo "packages: no group '$1'" >&2; return 1 ;;
  esac
}

missing() {
  local group package
  for group; do
    for package in $(packages "$group"); do
      [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
    done
  done | sort -u
}

need() {
  local wanted
  mapfile -t wanted < <(missing "$@")
  [ ${#wanted[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ]; then
    echo "run: these Debian packages are missing, and only root can install them: ${wanted[*]}" >&2
    return 1
  fi
  echo "run: installing ${wanted[*]}" >&2
  install_quietly "${wanted[@]}"
}

# Runs in a subshell, so that its traps end with it. policy-rc.d is how Debian is told not to start services;
# where the machine has none of its own, one stands there for the time of the installation only.
install_quietly() (
  local log policy=/usr/sbin/policy-rc.d
  log=$(mktemp)
  trap 'rm -f "$log"' EXIT
  if [ ! -e "$policy" ]; then
    trap 'rm -f "$log" "$policy"' EXIT
    trap 'exit 130' INT TERM HUP
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  fi
  export DEBIAN_FRONTEND=noninteractive
  local apt=(apt-get -qq -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=600)
  if ! { "${apt[@]}" update && "${apt[@]}" --no-install-recommends install "$@"; } </dev/null >"$log" 2>&1; then
    cat "$log" >&2
    return 1
  fi
  leave_services_off "$@"
)

# A machine with systemd would start these at its next boot, though nobody asked for that.
leave_services_off() {
  local unit units=()
  command -v systemctl >/dev/null || return 0
  case " $* " in *" clamav-daemon "*) units+=(clamav-daemon.service clamav-daemon.socket clamav-freshclam.service) ;; esac
  case " $* " in *" postgresql "*) units+=(postgresql.service) ;; esac
  case " $* " in *" rsyslog "*) units+=(rsyslog.service syslog.socket) ;; esac
  case " $* " in *" fapolicyd "*) units+=(fapolicyd.service) ;; esac
  for unit in "${units[@]}"; do
    systemctl disable "$unit" >/dev/null 2>&1 || true
  done
}
