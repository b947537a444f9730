#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds what Optiflash needs of libraries for 64-bit Windows, with mingw-w64, from Debian's sources, and
# installs it as DIR. What Debian has ready for Windows (zlib, libgcrypt) is unpacked. Does nothing when
# DIR is there already. Needs no root. Where a source can't be had, it says which, and ends with 77.
# usage: get-libraries.sh DIR
set -eu

here=$(cd "$(dirname "$0")" && pwd)
dir=$1
stamp=1
[ "$(cat "$dir/.built" 2>/dev/null)" = $stamp ] && exit 0
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
host=x86_64-w64-mingw32
jobs=${OFL_JOBS:-$(nproc)}

# Work that was begun is gone on with: a library that is built is not built again.
work=$dir.work
mkdir -p "$work/lists/partial" "$work/newer/partial" "$work/src" "$work/done"
cd "$work/src"

missing() {
  echo "$1 can't be had: $(grep -h '^E:' "$work/fetch.log" | head -n 1)" >&2
  exit 77
}

# Where this machine has its packages from, beside apt's own lists
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -e $keyring ] && signed="[signed-by=$keyring]" || signed=
# shellcheck disable=SC2016
apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' \
  'Created-By: Packages' 'Origin: Debian' | sort -u | sed "s|^|deb-src $signed |" >"$work/sources.list"
# json-glib's alone come from the next Debian: bookworm's could not be had from every mirror
sed -n "s|^\(deb-src .*/debian/\?\) bookworm main|\1 sid main|p" "$work/sources.list" >"$work/newer.list"
apt=(apt-get -qq -o Dir::Etc::sourceparts=- -o APT::Sandbox::User=root
  -o APT::Update::Post-Invoke::= -o APT::Update::Post-Invoke-Success::=)
bookworm=("${apt[@]}" -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::State::lists="$work/lists")
newer=("${apt[@]}" -o Dir::Etc::sourcelist="$work/newer.list" -o Dir::State::lists="$work/newer")

# source NAME: the tarball, with Debian's own changes where these can be had, as ./NAME
source_of() {
  local name=$1 tar
  [ -e "$name" ] && return
  rm -rf "fetch-$name" && mkdir "fetch-$name" && cd "fetch-$name"
  if "${bookworm[@]}" source "$name" >"$work/fetch.log" 2>&1; then
    mv "$(find . -mindepth 1 -maxdepth 1 -type d | head -n 1)" "../$name"
  else
    # the upstream tarball alone
    "${bookworm[@]}" source --tar-only "$name" >"$work/fetch.log" 2>&1 \
      || "${newer[@]}" source --tar-only "$name" >"$work/fetch.log" 2>&1 || missing "$name"
    tar=$(find . -name '*.orig.tar.*' ! -name '*.asc' | head -n 1)
    mkdir "../$name.part" && tar -xf "$tar" --strip-components 1 -C "../$name.part"
    mv "../$name.part" "../$name"
  fi
  cd ..
}

if [ ! -e "$work/done/lists" ]; then
  "${bookworm[@]}" update >"$work/fetch.log" 2>&1 || missing "Debian's list of sources"
  "${newer[@]}" update >>"$work/fetch.log" 2>&1 || missing "Debian's list of sources"
  touch "$work/done/lists"
fi

# step NAME COMMAND...: once; its output in NAME.log
step() {
  local name=$1
  shift
  [ -e "$work/done/$name" ] && return
  echo "== $name"
  "$@" >"$work/$name.log" 2>&1 || { tail -n 30 "$work/$name.log" >&2; exit 1; }
  touch "$work/done/$name"
}

export PKG_CONFIG_LIBDIR=$dir/lib/pkgconfig PKG_CONFIG_PATH=

configured() { # FOLDER OPTIONS...: a library of autoconf's
  local folder=$1
  shift
  # Debian's changes are to be compiled, not to make configure anew
  find "$folder" -exec touch -r "$folder" {} +
  rm -rf "$folder/build-windows" && mkdir -p "$folder/build-windows"
  (cd "$folder/build-windows" \
    && CC=$host-gcc-win32 CPPFLAGS="-I$dir/include" LDFLAGS="-L$dir/lib" CFLAGS="-O2 -g" \
      ../configure --host=$host --prefix="$dir" --enable-shared --disable-static --disable-dependency-tracking "$@" \
    && make -j"$jobs" V=1 && make install)
}

with_meson() { # FOLDER OPTIONS...
  local folder=$1
  shift
  rm -rf "$folder/build-windows"
  meson setup "$folder/build-windows" "$folder" --cross-file "$here/cross.ini" --prefix "$dir" --libdir lib \
    -Dbuildtype=debugoptimized -Dc_args="-I$dir/include" -Dc_link_args="-L$dir/lib" "$@" \
    && ninja -C "$folder/build-windows" -j"$jobs" && meson install -C "$folder/build-windows"
}

# What Debian has built for Windows itself
ready() {
  local package
  rm -rf "$work/debs" && mkdir "$work/debs"
  (cd "$work/debs" \
    && apt-get -o APT::Sandbox::User=root download libz-mingw-w64 libz-mingw-w64-dev \
      libgpg-error-mingw-w64-dev libgcrypt-mingw-w64-dev \
    && { for package in *.deb; do dpkg -x "$package" . || exit 1; done; } \
    && mkdir -p "$dir/bin" && cp -r usr/$host/. "$dir/" && cp usr/$host/lib/zlib1.dll "$dir/bin/" \
    && sed -i "s|/usr/$host|$dir|g" "$dir"/lib/pkgconfig/*.pc && rm -f "$dir"/lib/*.la "$dir"/bin/*.exe)
}

bzip2_static() {
  make -C bzip2 -j"$jobs" CC=$host-gcc-win32 AR=$host-ar RANLIB=$host-ranlib libbz2.a \
    && cp bzip2/libbz2.a "$dir/lib/" && cp bzip2/bzlib.h "$dir/include/"
}

# as a static library: its shared one does not link on Windows
archive() {
  configured libarchive --disable-shared --enable-static --disable-bsdtar --disable-bsdcpio --disable-bsdcat \
    --without-xml2 --without-expat --without-openssl --with-nettle --without-iconv --without-lz4 --without-zstd \
    --without-libb2 --without-cng \
    && sed -i 's/^Libs: .*/& -llzma -lbz2 -lnettle -lz/; s/^Cflags: .*/& -DLIBARCHIVE_STATIC/' "$dir/lib/pkgconfig/libarchive.pc"
}

# of gettext only what a program needs to speak its user's language
intl() {
  configured gettext/gettext-runtime --disable-java --disable-csharp --disable-libasprintf --disable-openmp \
    --enable-threads=windows --without-emacs
}

mkdir -p "$dir/lib" "$dir/include"
if [ ! -e "$work/done/ready" ]; then
  ready >"$work/fetch.log" 2>&1 || missing "what Debian has ready for Windows"
  touch "$work/done/ready"
fi
for name in libffi pcre2 xz-utils nettle ucl bzip2 gettext libarchive glib2.0 json-glib; do source_of $name; done
step libffi configured libffi --disable-docs
step pcre2 configured pcre2 --disable-pcre2-16 --disable-pcre2-32 --disable-jit
# its library for Windows is static only
step ucl configured ucl --disable-shared --enable-static
step xz configured xz-utils --disable-nls --disable-xz --disable-xzdec --disable-lzmadec --disable-lzmainfo \
  --disable-lzma-links --disable-scripts --disable-doc --enable-threads=vista
step bzip2 bzip2_static
step nettle configured nettle --disable-public-key --disable-documentation --disable-openssl --disable-assembler
step gettext intl
step glib with_meson glib2.0 -Dtests=false -Dnls=disabled -Dglib_assert=true
step libarchive archive
# it asks for a newer meson than bookworm's, and needs none
sed -i "s/meson_version : *'>= 1.2.0'/meson_version: '>= 1.0.0'/; s/meson_version: '>= 1.2.0'/meson_version: '>= 1.0.0'/" \
  json-glib/meson.build
step json-glib with_meson json-glib -Dintrospection=disabled -Ddocumentation=disabled -Dgtk_doc=disabled \
  -Dnls=disabled -Dtests=false -Dconformance=false -Dinstalled_tests=false
echo $stamp >"$dir/.built"
cd / && rm -rf "$work"
