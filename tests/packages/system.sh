# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2034
# A bare Debian 12 in a folder, for tests/bare and data/debian/try, which are in namespaces of their own by then.
#   OFL_BARE_DIR=DIR   where the system is unpacked; else a new folder in /var/tmp, which is removed at the end
#   OFL_BARE_MIRROR    another mirror than http://deb.debian.org/debian
# The bare system is kept as a tar file in ~/.cache/optiflash/bare.

say() { echo "${say_mark:-==} $*"; }

mirror=${OFL_BARE_MIRROR:-http://deb.debian.org/debian}
security=http://deb.debian.org/debian-security
cache=${XDG_CACHE_HOME:-$HOME/.cache}/optiflash/bare
base=$cache/bookworm.tar
dir=${OFL_BARE_DIR:-$(mktemp -d /var/tmp/optiflash-bare.XXXXXX)}
root=$dir/root
mkdir -p "$dir"

# the namespace's own mounts first, so that nothing of the machine is removed through them
finish() {
  local at
  # whatever it is, the last first
  while read -r _ at _; do
    case $at in "$root"/*) umount -l "$(printf %b "$at")" ;; esac
  done < <(tac /proc/self/mounts)
  if grep -q " $root/" /proc/self/mounts; then
    echo "Something is still mounted in $root; it is left there." >&2
  elif [ -z "${OFL_BARE_DIR:-}" ]; then
    rm -rf --one-file-system "$dir"
  fi
}
trap finish EXIT
trap 'exit 130' INT TERM HUP

make_base() {
  local new=$dir/new
  [ -e "$base" ] && return 0
  say "debootstrap: Debian 12, once"
  mkdir -p "$cache"
  debootstrap --variant=minbase bookworm "$new" "$mirror" >"$dir/debootstrap.log" 2>&1 \
    || { tail -n 20 "$dir/debootstrap.log" >&2; return 1; }
  cat >"$new/etc/apt/sources.list" <<END
deb $mirror bookworm main
deb $mirror bookworm-updates main
deb $security bookworm-security main
END
  tar -C "$new" --one-file-system -cf "$base.$$" . && mv "$base.$$" "$base" && rm -rf "$new"
}

# make_node NAME MAJOR MINOR
make_node() { mknod -m 666 "$root/dev/$1" c "$2" "$3"; }

# what a container or a chroot is given, and nothing more
mount_system() {
  mount -t proc proc "$root/proc" && mount -t sysfs -o ro sys "$root/sys" \
    && mount -t tmpfs -o mode=755 dev "$root/dev" && mkdir "$root/dev/pts" "$root/dev/shm" \
    && mount -t devpts -o newinstance,ptmxmode=666 pts "$root/dev/pts" \
    && mount -t tmpfs -o mode=1777 shm "$root/dev/shm" || return 1
  make_node null 1 3 && make_node zero 1 5 && make_node full 1 7 && make_node random 1 8 \
    && make_node urandom 1 9 && make_node tty 5 0 || return 1
  ln -s pts/ptmx "$root/dev/ptmx"
  ln -s /proc/self/fd "$root/dev/fd"
  [ ! -e /dev/kvm ] || make_node kvm 10 232
}

# unpack_system: it stands in $root then, with the way to the network that this machine has
unpack_system() {
  make_base || return 1
  say "Unpacking it in $root"
  mkdir -p "$root" && tar -C "$root" -xf "$base" && mount_system || return 1
  # how this machine reaches its mirror, and what it thinks of the clock there
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  apt-config dump 2>/dev/null | grep -E '^Acquire::(Check-|http|https)' \
    >"$root/etc/apt/apt.conf.d/99this-machine"
  return 0
}

# inside FOLDER COMMAND...: in the system, with nothing of this machine's environment but a way to the network
inside() {
  chroot "$root" env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    TERM=dumb ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
    bash -c 'cd "$1" && shift && exec "$@"' bash "$@" </dev/null
}
