# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# For tests/run and tests/fuzz/run, after app/packages.sh: the libFuzzer targets in build-fuzz/.

# shellcheck disable=SC2034
fuzz_packages=(clang libclang-rt-14-dev llvm)

# Only the targets and what they are made of.
build_fuzzers() {
  say "Building in build-fuzz/ (clang, libFuzzer)"
  # shellcheck disable=SC2154
  install_missing "${build_packages[@]}" "${fuzz_packages[@]}" || return 1
  CC=clang build_only=libfuzzers build_in build-fuzz --werror -Dui=disabled -Dlibfuzzer=true \
    -Db_sanitize=address,undefined -Db_lundef=false -Ddebug=false -Doptimization=1 \
    -Dc_args="-g1 -fsanitize=fuzzer-no-link" \
    -Dc_link_args=-fsanitize=fuzzer-no-link
}
