# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Gets LAMMPS: the user's own when given, else Debian's source archive, built once into the cache.

# Only these folders of the archive are needed.
LAMMPS_FOLDERS="src cmake lib potentials examples/plugins examples/PACKAGES/pace"

# lammps_archive SUITE YEAR: prints "VERSION ADDRESS SHA256" of the newest upstream archive of that year (apt-cache lists
# the sources of all suites together).
lammps_archive() {
    local suite=$1 year=$2 file checksum address
    read -r checksum file < <(apt-cache "${APT_OPTIONS[@]}" showsrc lammps | awk -v year="$year" '
        /^Version:/ { newer = (index($2, year) == 1 && $2 >= best); if (newer) best = $2 }
        /^Checksums-Sha256:/ { inside = 1; next }
        /^[^ ]/ { inside = 0 }
        inside && newer && $3 ~ /orig\.tar/ { line = $1 " " $3 }
        END { print line }') || true
    [ -n "${file:-}" ] || die "Debian suite $suite has no source package lammps of $year"
    address=$(sed -n 's/^URIs: //p' "$APT_DIR/sources/xpot-$suite.sources")/pool/main/l/lammps/$file
    file=${file#lammps_}
    printf '%s %s %s\n' "${file%.orig*}" "$address" "$checksum"
}

# unpack_lammps FOLDER ARCHIVE: some archives have one top folder, others none.
unpack_lammps() {
    local target=$1 archive=$2 folder top members=()
    top=$(tar -tf "$archive" 2>/dev/null | sed -n '1{s#^\(lammps[^/]*/\).*#\1#p;q}' || true)
    for folder in $LAMMPS_FOLDERS; do members+=("$top$folder"); done
    rm -rf "$target.part"
    mkdir -p "$target.part"
    run_logged lammps-unpack tar -xf "$archive" -C "$target.part" ${top:+--strip-components=1} "${members[@]}"
    mv "$target.part" "$target"
}

# fetch_lammps_source SUITE YEAR: prints the folder of the newest source of that year, from the cache or from Debian.
fetch_lammps_source() {
    local suite=$1 year=$2 version address checksum archive found
    found=$(find "$XPOT_CACHE/lammps" -mindepth 2 -maxdepth 2 -path "*/$year*/source" 2>/dev/null | sort | tail -n 1 || true)
    if [ -z "$found" ]; then
        require_debian
        private_apt_update >&2
        read -r version address checksum < <(lammps_archive "$suite" "$year")
        archive=$XPOT_CACHE/archives/$(basename "$address")
        mkdir -p "$XPOT_CACHE/archives"
        if [ ! -e "$archive" ]; then
            say "fetching the source of LAMMPS $version (kept in $XPOT_CACHE/archives)" >&2
            run_logged lammps-fetch /usr/lib/apt/apt-helper "${APT_OPTIONS[@]}" download-file \
                "$address" "$archive.part" "SHA256:$checksum"
            mv "$archive.part" "$archive"
        fi
        found=$XPOT_CACHE/lammps/$version/source
        mkdir -p "$(dirname "$found")"
        unpack_lammps "$found" "$archive"
    fi
    printf '%s\n' "$found"
}

fetch_lammps() { LAMMPS_SOURCE_DIR=$(fetch_lammps_source sid 2026); }

# Debian 13's LAMMPS, 4 Feb 2025: the oldest that the plain style supports.
fetch_oldest_lammps() { OLDEST_LAMMPS_SOURCE_DIR=$(fetch_lammps_source trixie 2025); }

# The build folder is named by what it depends on, so another compiler or Kokkos makes another one.
build_lammps() {
    local kokkos=nokokkos options=()
    if [ "$WITH_KOKKOS" = yes ]; then
        kokkos=kokkos$(kokkos_version)
        options=(-DPKG_KOKKOS=ON -DEXTERNAL_KOKKOS=ON -DKokkos_ENABLE_OPENMP=ON -DKokkos_DIR="$(kokkos_package)")
    fi
    LAMMPS_BUILD_DIR=$(dirname "$LAMMPS_SOURCE_DIR")/build-$kokkos-gcc$(g++ -dumpversion)
    [ ! -e "$LAMMPS_BUILD_DIR/xpot-complete" ] || return 0
    say "building LAMMPS into $LAMMPS_BUILD_DIR (12 to 25 minutes on 2 cores, once)"
    run_logged lammps-configure cmake -S "$LAMMPS_SOURCE_DIR/cmake" -B "$LAMMPS_BUILD_DIR" -G Ninja \
        -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=ON -DBUILD_MPI=ON -DBUILD_OMP=ON -DBUILD_TOOLS=OFF \
        -DPKG_ML-SNAP=ON -DPKG_PLUGIN=ON -DCMAKE_CXX_STANDARD=20 "${options[@]}"
    run_logged lammps-build cmake --build "$LAMMPS_BUILD_DIR" -j "$XPOT_JOBS"
    touch "$LAMMPS_BUILD_DIR/xpot-complete"
}

# Debian's KokkosTargets.cmake names two archives that its package does not hold (both libraries are header-only).
# A copy of the CMake files in the cache points at two empty archives instead; nothing of the system is written.
kokkos_package() {
    local copy=$XPOT_CACHE/kokkos-$(kokkos_version) original
    original=$(dirname "$(dpkg -L libkokkos-dev | grep '/KokkosConfig.cmake$')")
    if [ ! -e "$copy/complete" ]; then
        rm -rf "$copy" && mkdir -p "$copy"
        cp "$original"/*.cmake "$copy"
        ar rcs "$copy/libkokkosalgorithms.a"
        ar rcs "$copy/libkokkossimd.a"
        sed -i -e 's#${_IMPORT_PREFIX}/#/usr/#g' \
            -e "s#\"[^\"]*/\(libkokkosalgorithms.a\|libkokkossimd.a\)\"#\"$copy/\1\"#g" "$copy"/KokkosTargets*.cmake
        touch "$copy/complete"
    fi
    printf '%s\n' "$copy"
}
