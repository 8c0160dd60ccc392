#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Extrapolation grades: the same on any number of threads and ranks and on every kernel; thresholds warn, stop and write
# frames that can be labelled; mistakes are one sentence. MAKE_ACTIVE, XPOT_OPT, LABEL: programs.
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
potential="$XPOT_SOURCE_DIR/tests/fuzz/seeds/tiny.yaml"
"$MAKE_ACTIVE" full tiny.asi "$potential" -- C Si
"$MAKE_ACTIVE" linear silicon.asi "$silicon.snapcoeff" "$silicon.snapparam" -- Si
load="plugin load $PLUGINS/xpotaceplugin.so"
load_kk="plugin load $PLUGINS/xpotacekkplugin.so"

# 96 atoms, warm. From a file: LAMMPS numbers the atoms that it creates rank by rank.
cat >atoms.in <<DECK
units metal
lattice diamond 5.2
region box block 0 3 0 2 0 2
create_box 2 box
create_atoms 1 box
set type 1 type/fraction 2 0.5 4711
mass 1 12.011
mass 2 28.0855
displace_atoms all random 0.3 0.3 0.3 4711 units box
write_data atoms.data
DECK
run_lammps 1 -in atoms.in
[ "$status" -eq 0 ] || fail "cannot make the atoms"

# gamma_deck NAME KEYWORDS [LOAD [LINES]]
gamma_deck() {
    cat >"$1.in" <<DECK
${3:-$load}
units metal
atom_style atomic
read_data atoms.data
pair_style xpotace $2
pair_coeff * * tiny.asi $potential C Si
neighbor 0.5 bin
timestep 1e-5
fix move all nve
thermo 1
${4:-run 0}
DECK
}

# grades NAME RANKS THREADS KEYWORDS LOAD ARGUMENT...: those of all atoms in NAME.txt.
grades() {
    local name=$1 ranks=$2 threads=$3 keywords=$4 plugin=$5
    shift 5
    gamma_deck "$name" "$keywords" "$plugin" "fix g all pair 1 xpotace gamma 1
compute most all pair xpotace
thermo_style custom step pe c_most[1] c_most[2]
dump d all custom 1 $name.dump id type f_g
dump_modify d sort id format float %.17g
run 0
print 'largest \$(c_most[1]:%.17g) above \$(c_most[2]:%.0f)'"
    OMP_NUM_THREADS=$threads run_lammps "$ranks" -in "$name.in" "$@"
    [ "$status" -eq 0 ] || fail "$name: exit status $status: $(grep -m1 ERROR out.txt)"
    sed -n '/^ITEM: ATOMS/,$p' "$name.dump" >"$name.txt"
    grep '^largest' out.txt >>"$name.txt" || fail "$name: no largest grade"
}

grades plain 1 1 "" "$load"
awk 'NF == 3 && $3 + 0 > most { most = $3 } NF == 3 && $3 + 0 > 1 { above++ } /^largest/ { ok = $2 == most && $4 == above } END { exit !ok }' plain.txt ||
    fail "the largest grade is not that of all atoms: $(tail -n 1 plain.txt)"
grades every 1 1 "gamma every 5 threshold 1 warn threshold 1e9 stop" "$load"
grades threads 1 2 "" "$load"
runs=(every threads)
if [ -n "$MPIRUN" ]; then grades ranks 2 1 "" "$load" && runs+=(ranks); fi
if [ "$KOKKOS" = yes ]; then
    grades host 1 2 "" "$load_kk" -k on t 2 -sf kk
    grades device 1 1 "kernel device" "$load_kk" -k on t 1 -sf kk -pk kokkos neigh full newton off
    grades mixed 1 1 "precision mixed kernel device" "$load_kk" -k on t 1 -sf kk
    runs+=(host device mixed)
    if [ -n "$MPIRUN" ]; then
        grades device_ranks 2 1 "kernel device" "$load_kk" -k on t 1 -sf kk -pk kokkos neigh full newton off && runs+=(device_ranks)
    fi
fi
for run in "${runs[@]}"; do cmp -s plain.txt "$run.txt" || fail "grades of $run differ from those of the plain style"; done

# Warnings: one an evaluation, of the highest threshold below the grade.
for ranks in $(ranks_to_try); do
    gamma_deck warn "gamma every 2 threshold 0.01 warn threshold 0.1 warn threshold 1e12 warn" "" "run 4"
    run_lammps "$ranks" -in warn.in
    count=$(grep -c "^WARNING: pair_style xpotace, step [024]: atom ID [0-9]* (\(C\|Si\), type [12], on rank [0-9]*) has extrapolation grade [0-9.e+]*, above 0.1 " out.txt || true)
    [ "$status" -eq 0 ] && [ "$count" -eq 3 ] || fail "$count warnings on $ranks ranks, expected 3"
    grep -q 'active set, full: .* descriptors of C, .* of Si' out.txt || fail "the start does not tell of the active set"
    grep -q '  tiny.asi  SHA-256 ' out.txt || fail "the start does not name the active set's file"
done
gamma_deck stop "gamma every 1 threshold 0.01 dump stopped.xyz threshold 0.1 stop"
expect_error stop "step 0: atom ID [0-9]* (\(C\|Si\), type [12], on rank [0-9]*) has extrapolation grade [0-9.e+]*, above 0.1 " -in stop.in
[ -s stopped.xyz ] || fail "no frames of the step that stopped"

# Frames: the same on two ranks, appended, read and labelled by others.
frames() { grep -c '^Lattice=' "$1" || true; }
for ranks in $(ranks_to_try); do
    gamma_deck "dump$ranks" "gamma every 1 threshold 0.01 dump frames$ranks.xyz"
    run_lammps "$ranks" -in "dump$ranks.in"
    [ "$status" -eq 0 ] || fail "frames on $ranks ranks: $(grep -m1 ERROR out.txt)"
    sed 's/ rank=[01]$//' "frames$ranks.xyz" >"frames$ranks.txt"
done
count=$(frames frames1.xyz)
[ "$count" -ge 2 ] && [ "$count" -le 10 ] || fail "$count frames of a step, expected 2 to 10"
awk '/ gamma=/ { match($0, / gamma=[^ ]*/); g = substr($0, RSTART + 7, RLENGTH - 7) + 0; if (n++ && g > last) bad = 1; last = g }
    END { exit bad }' frames1.xyz || fail "frames are not in the order of their grades"
if [ -e frames2.txt ]; then cmp -s frames1.txt frames2.txt || fail "frames on two ranks differ"; fi
run_lammps 1 -in dump1.in
[ "$(frames frames1.xyz)" -eq $((2 * count)) ] || fail "a second run did not append its frames"
commands="plugin load $PLUGINS/xpotaceplugin.so; pair_style xpotace; pair_coeff * * $potential \${elements}"
"$LABEL" label frames1.xyz --commands "$commands" --out labelled.xyz >out.txt 2>&1 || fail "frames cannot be labelled"
[ "$(frames labelled.xyz)" -eq $((2 * count)) ] || fail "labelled frames are missing"
"$XPOT_OPT" evaluate "$potential" --data labelled.xyz >out.txt 2>&1 || fail "labelled frames cannot be read: $(cat out.txt)"

# Mistakes.
# try NAME TEXT KEYWORDS [COEFF]
try() {
    gamma_deck "$1" "$3"
    sed -i "s#^pair_coeff .*#pair_coeff * * ${4:-tiny.asi $potential C Si}#" "$1.in"
    expect_error "$1" "$2" -in "$1.in"
}
try bare "gamma: expected 'every', found 'nothing'" "gamma"
try zero "gamma every: expected a whole number of steps above 0, found '0'" "gamma every 0"
try half "gamma every: expected a whole number of steps above 0, found '1.5'" "gamma every 1.5"
try threshold "gamma threshold: expected a grade above 0, found 'nothing'" "gamma every 1 threshold"
try negative "gamma threshold: expected a grade above 0, found '-1'" "gamma every 1 threshold -1 warn"
try action "expected 'warn', 'stop' or 'dump FILE', found 'nothing'" "gamma every 1 threshold 2"
try other-action "expected 'warn', 'stop' or 'dump FILE', found 'halt'" "gamma every 1 threshold 2 halt"
try no-file "gamma threshold dump: expected the name of a file, found nothing" "gamma every 1 threshold 2 dump"
try nowhere "nowhere/frames.xyz: expected a file that can be written: No such file" "gamma every 1 threshold 2 dump nowhere/frames.xyz"
[ ! -w /dev/full ] || try full "step 0: /dev/full: cannot write the surroundings .* No space left" "gamma every 1 threshold 0.01 dump /dev/full"
try no-set "gamma: expected an active set file (.asi) among the files of pair_coeff" "gamma every 1" "$potential C Si"
try two-sets "expected one active set file at most, found tiny.asi and tiny.asi" "" "tiny.asi tiny.asi $potential C Si"
try set-alone "expected the files of a potential beside the active set file tiny.asi" "" "tiny.asi C Si"
try other-set "silicon.asi: the active set has nothing for element C" "" "silicon.asi $potential C Si"
try other-sizes "tiny.asi: the active set has [0-9]* descriptors for element Si" "" "tiny.asi $silicon.snapcoeff $silicon.snapparam Si Si"
gamma_deck fix-pair "" "" "fix g all pair 1 xpotace gamma 1
run 0"
sed -i "s#tiny.asi ##" fix-pair.in
expect_error fix-pair "fix pair: expected an active set file" -in fix-pair.in
"$XPOT_OPT" convert "$potential" tiny.yace >out.txt 2>&1 || fail "convert: $(cat out.txt)"
try yace "tiny.asi: .*\.yaml" "" "tiny.yace tiny.asi C Si"

# A restart file knows the active set and its checksum.
gamma_deck before "gamma every 1 threshold 0.1 warn" "" "run 0
write_restart gamma.restart"
run_lammps 1 -in before.in
cat >after.in <<DECK
$load
read_restart gamma.restart
run 0
DECK
for ranks in $(ranks_to_try); do
    run_lammps "$ranks" -in after.in
    grep -q "WARNING: pair_style xpotace, step 0: atom ID .* above 0.1 " out.txt || fail "restart on $ranks ranks: no grades"
done
cp silicon.asi tiny.asi
expect_error changed-set "tiny.asi: expected the potential of the restart file" -in after.in
finish
