# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The Debian packages that the build needs. Says what is missing before it installs anything.

BUILD_PACKAGES="g++ xz-utils cmake ninja-build pkg-config python3 clang-format gnuplot-nox libopenblas-dev liblapacke-dev
    libcjson-dev libyaml-dev libzip-dev libnlopt-dev liblbfgs-dev libmuparser-dev libcmocka-dev libopenmpi-dev openmpi-bin"
KOKKOS_PACKAGES="libkokkos-dev libkokkos5.2"
# Kokkos 5.2 of Debian sid is linked against the C libraries of Debian 13.
KOKKOS_BASE_PACKAGES="libc6-dev libstdc++6 libgomp1"

missing_packages() {
    local name
    for name in "$@"; do
        dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed || printf '%s ' "$name"
    done
}

# The suite this machine lives on is read from its package sources, not from /etc/os-release: moving the C libraries
# to trixie takes the file that names the release with it.
require_debian() {
    DEBIAN_SUITE=""
    for DEBIAN_SUITE in bookworm trixie none; do
        [ -z "$(debian_archive "$DEBIAN_SUITE")" ] || break
    done
    [ "$DEBIAN_SUITE" != none ] || die "the automatic set-up knows Debian 12 and 13, and this machine's package sources" \
        "name neither; install the packages and give the two CMake variables that README lists under \"Other systems\""
}

install_build_packages() {
    local missing
    missing=$(missing_packages $BUILD_PACKAGES)
    [ -n "$missing" ] || return 0
    require_debian
    say "installing these Debian packages with apt-get: $missing"
    private_apt_update
    apt_install $missing
}

install_kokkos_packages() {
    local missing name
    missing=$(missing_packages $KOKKOS_PACKAGES)
    if [ -n "$missing" ]; then
        require_debian
        private_apt_update
        if [ "$DEBIAN_SUITE" = bookworm ]; then
            say "moving libc6, libstdc++6, libgomp1 and what belongs to them to Debian 13's versions (Kokkos 5.2 needs them)"
            apt_install -t trixie $KOKKOS_BASE_PACKAGES
        fi
        say "installing from Debian sid: $missing"
        apt_install $(for name in $missing; do printf '%s/sid ' "$name"; done)
    fi
}

kokkos_version() { dpkg-query -W -f '${Version}' libkokkos-dev 2>/dev/null | sed 's/-.*//'; }
