#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# bench/gpu, all that needs neither GPU nor network: archives with a wrong checksum are refused, and the rehearsal leaves rows.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../scripts/setup/all.sh"
. "$here/lib/gpu_build.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
XPOT_CACHE=$work/cache
fail() { echo "FAILED: $*" >&2 && exit 1; }

mkdir -p "$work/lammps-4Jul2026/lib/kokkos/bin"
touch "$work/lammps-4Jul2026/lib/kokkos/bin/nvcc_wrapper"
tar -czf "$work/lammps.tar.gz" -C "$work" lammps-4Jul2026
read -r good _ < <(sha256sum "$work/lammps.tar.gz")
(fetch_lammps_archive "$work/lammps.tar.gz" "${good//[0-8]/9}" "$work/fetched") >"$work/out" 2>&1 && fail "a wrong checksum passed"
grep -q "expected the SHA-256" "$work/out" || fail "$(cat "$work/out")"
[ ! -e "$work/fetched" ] || fail "an archive with a wrong checksum was kept"
fetch_lammps_archive "$work/lammps.tar.gz" "$good" "$work/fetched" >"$work/out" || fail "$(cat "$work/out")"
unpack_release "$work/fetched" "$work/source"
[ -e "$work/source/lib/kokkos/bin/nvcc_wrapper" ] || fail "the archive was not unpacked"

printf '{"assets": [{"name": "other"}, {"name": "a.tar.gz", "digest": "sha256:12ab", "browser_download_url": "https://x/a.tar.gz"}]}' \
    >"$work/release.json"
[ "$(release_asset "$work/release.json" a.tar.gz)" = "https://x/a.tar.gz 12ab" ] || fail "the asset of a release was not found"

"$here/gpu" --rehearse -d qsnap,copper --results "$work/rows.csv" >"$work/out" 2>&1 || fail "$(cat "$work/out")"
awk -F, 'NR > 1 && $5 == "qsnap" && $6 ~ /^(snap|xpotace)\/kk/ { rows++; if ($8 != 2 || !($9 > 0 && $10 <= $9 && $9 <= $11) || $12 != 2) bad = 1 }
    END { exit bad || rows != 6 }' "$work/rows.csv" || fail "rows: $(cat "$work/rows.csv")"
# The base is its own measure, and a rival that this LAMMPS does not have is listed.
awk '$1 == "snap/kk" && $2 == 216 { found = $7 == "1.00" } END { exit !found }' "$work/out" || fail "$(cat "$work/out")"
grep -q "^pace/kk product .*\(failed: \|[0-9]\.[0-9]\)" "$work/out" || fail "$(cat "$work/out")"
echo passed
