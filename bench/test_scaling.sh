#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# bench/scaling at a tiny size: rows, efficiencies, launcher, plot, and what is refused. MPIRUN: empty without MPI.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*" >&2 && exit 1; }
ranks=1${MPIRUN:+,2}
# The launcher says with what it was called, and hides it from LAMMPS.
cat >"$work/launch" <<'SCRIPT'
#!/usr/bin/env bash
echo "$1 $2" >>"${0%/*}/launched"
if [ "$1" = 1 ]; then exec "${@:3}"; else exec "$MPIRUN" -np "$1" "${@:3}"; fi
SCRIPT
chmod +x "$work/launch"

"$here/scaling" --launch "$work/launch {ranks} {threads}" --ranks "$ranks" --threads 1,2 --weak 64 --strong 216 --steps 2 -n 2 --out "$work/out" \
    xpotace "nonsense 1" >"$work/said" 2>&1 || fail "$(cat "$work/said")"
cases=$([ "$ranks" = 1 ] && echo 4 || echo 8)
# Atoms a core are the same in weak scaling, and all atoms in strong scaling; the fewest cores are their own measure.
awk -F, -v cases="$cases" 'NR == 1 { next }
    { rows++; if ($7 != "xpotace" || $10 != $8 * $9 || $12 != 2 || !($13 > 0 && $14 <= $13 && $13 <= $15) || $16 != 2) bad = 1 }
    $6 == "weak" && $11 != 64 * $10 || $6 == "strong" && $11 != 216 || $10 == 1 && $17 != 100 || !($18 >= 0 && $19 > 0 && $20 > 0) { bad = 1 }
    END { exit bad || rows != cases }' "$work/out/scaling.csv" || fail "rows: $(cat "$work/out/scaling.csv")"
[ "$(grep -c "^\(weak\|strong\) *nonsense 1 .*not measured: Unrecognized pair style 'nonsense'" "$work/said")" = "$cases" ] ||
    fail "$(cat "$work/said")"
[ "$(sort -u "$work/launched" | paste -sd,)" = "$([ "$ranks" = 1 ] && echo '1 1,1 2' || echo '1 1,1 2,2 1,2 2')" ] || fail "$(cat "$work/launched")"
command -v gnuplot >/dev/null && [ ! -s "$work/out/scaling.png" ] && fail "no plot: $(cat "$work/said")"

refuses() {
    local text=$1
    shift
    if "$here/scaling" "$@" >"$work/said" 2>&1; then fail "expected '$text', found no error"; fi
    grep -q -- "$text" "$work/said" || fail "expected '$text', found $(cat "$work/said")"
}
refuses '--launch needs {ranks}' --launch "srun lmp"
refuses 'not both 0' --weak 0 --strong 0
refuses 'absent.yace was not found' --files absent.yace
refuses 'no case can run: Unrecognized pair style' --weak 64 --strong 0 --ranks 1 nonsense
echo passed
