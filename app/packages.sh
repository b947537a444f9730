# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# For app/run and tests/run: what a bare Debian 12 lacks, installed with apt, as root or with sudo.

# shellcheck disable=SC2034
build_packages=(
  gcc libc6-dev meson ninja-build pkg-config gettext
  libglib2.0-dev libgtk-4-dev libadwaita-1-dev libudev-dev libcdio-dev libarchive-dev
  libjson-glib-dev nettle-dev libgcrypt20-dev zlib1g-dev libucl-dev libxml2-utils
)
# shellcheck disable=SC2034
run_packages=(adwaita-icon-theme fonts-cantarell kmod)

say() { echo "== $*"; }

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "This needs root or sudo: $*" >&2
    return 1
  fi
}

# install_missing PACKAGE...
install_missing() {
  local package missing=()
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed \
      || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if ! command -v apt-get >/dev/null; then
    echo "Missing: ${missing[*]}. This script installs them on Debian only." >&2
    return 1
  fi
  say "Installing with apt, which takes some minutes: ${missing[*]}"
  as_root apt-get -q update >/dev/null
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -q -y install --no-install-recommends "${missing[@]}" >/dev/null
}

# build_in DIR MESON_OPTIONS...: set up once, then built; only the target $build_only where it is set
build_in() {
  local dir=$1
  shift
  if [ -e "$dir/build.ninja" ]; then
    meson configure "$dir" "$@"
  else
    meson setup "$dir" "$@"
  fi >"$dir.log" 2>&1 && ninja -C "$dir" ${build_only:+"$build_only"} >>"$dir.log" 2>&1 && return 0
  tail -n 40 "$dir.log" >&2
  echo "The build in $dir failed; the whole output is in $dir.log." >&2
  return 1
}
