# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the studies share. A run script sources this and says
#   defaults size=8 melt=10 ...             numbers, each an option and a variable of its LAMMPS decks
#   texts data=                             other options: ${text[data]}
#   usage() { ... }                         help, which ends with common_usage NAME "FILE ..."
#   study NAME "ELEMENTS" "FILE ..." "$@"   reads the command line, sets $out, $threads, $potential, $coeff, $style, $launcher
#   lammps STAGE DECK [ARGUMENT ...]        runs LAMMPS in $out, log STAGE.log; ends the script with the reason when it stops
#   simulate STAGE DECK [ARGUMENT ...]      the same, and says what it took
#   survived                                ends the script when the last line of $out/record.txt does not end with 0, the atoms lost
#   steps PS                                how many steps that are
#   result LABEL VALUE ...                  a line of what was found, to the screen and $out/results.txt
#   plot FILE.gnuplot [ARGUMENT ...]        a picture, where there is gnuplot
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/setup/common.sh"

declare -A number text
defaults() {
    local setting
    for setting in "$@"; do number[${setting%%=*}]=${setting#*=}; done
}
texts() {
    local setting
    for setting in "$@"; do text[${setting%%=*}]=${setting#*=}; done
}

common_usage() {
    cat <<HELP
      --potential FILES   of pair_style xpotace, separated by blanks (default: ${2//$XPOT_ROOT\//})
      --style WORDS       pair style and keywords (default: xpotace; with threads above 1 in its form for KOKKOS)
      --threads N         (default 1)
      --launcher WORDS    in front of LAMMPS, such as "mpirun -np 64" (default: none)
      --out FOLDER        logs, records and pictures (default: $1 in the build folder)
HELP
}

# read_options OPTION VALUE ...
read_options() {
    local name
    while [ $# -gt 0 ]; do
        [ "$1" != --help ] || { usage; exit 0; }
        [ $# -ge 2 ] || die "option '$1' is unknown or lacks its value; see run --help"
        name=${1#--}
        case $1 in
        --potential | --style | --threads | --launcher | --out) printf -v "$name" '%s' "$2" ;;
        --*)
            if [ -n "${text[$name]+known}" ]; then
                text[$name]=$2
            elif [ -n "${number[$name]:-}" ]; then
                number[$name]=$2
            else
                die "unknown option '$1'; see run --help"
            fi
            ;;
        *) die "unknown option '$1'; see run --help" ;;
        esac
        shift 2
    done
}

study() {
    local name=$1 file
    elements=$2 potential=$3 style=xpotace threads=1 launcher='' out=$XPOT_BUILD/$1
    shift 3
    read_options "$@"
    for name in "${!number[@]}"; do
        [[ ${number[$name]} =~ ^[0-9]+(\.[0-9]+)?$ ]] || die "--$name takes a number, found '${number[$name]}'"
    done
    for name in size length grains mobile seed; do
        [[ ${number[$name]:-1} =~ ^[1-9][0-9]*$ ]] || die "--$name takes a whole number above 0, found '${number[$name]}'"
    done
    for name in timestep time every rate squeeze kelvin power; do
        [[ ${number[$name]:-1} =~ [1-9] ]] || die "--$name takes a number above 0, found '${number[$name]}'"
    done
    [[ $threads =~ ^[1-9][0-9]*$ ]] || die "--threads takes a whole number above 0, found '$threads'"
    coeff=''
    for file in $potential; do
        [ -r "$file" ] || die "--potential: $file cannot be read"
        coeff+="$(realpath "$file") "
    done
    coeff+=$elements
    mkdir -p "$out"
    out=$(cd "$out" && pwd)
    rm -f "$out/results.txt"
}

result() {
    local label=$1
    shift
    printf '%-34s %s\n' "$label" "$*" | tee -a "$out/results.txt"
}

# reason STAGE: what LAMMPS stopped with, nothing when it came to its end.
reason() {
    local log=$out/$1.log found
    found=$(sed -n 's/^\(ERROR\|error\)\( on proc [0-9]*\)*: //p' "$log" | head -n 1)
    [ -n "$found" ] || grep -q '^Total wall time' "$log" || found="LAMMPS ended without a reason; see $log"
    printf '%s' "${found%% (src*}"
}

# cost STAGE: atoms, steps, time and memory, of all runs in the log.
cost() {
    awk '/^Loop time of/ { for (i = 1; i < NF; i++) if ($(i + 1) == "steps") n = $i
            seconds += $4; steps += n; atoms = $(NF - 1); loop = $4 }
         /% CPU use/ { used += $1 * loop }
         / MPI tasks x / { for (i = 1; i < NF; i++) if ($(i + 1) == "MPI") ranks = $i }
         /Maximum resident set size/ { memory = $(NF - 1) }
         END { if (steps) printf "%d atoms, %d steps, %.4g s a step, %.2f us an atom and step", atoms, steps, seconds / steps, 1e6 * seconds / steps / atoms
               if (seconds) printf " at %.0f %% CPU use", used / seconds
               if (memory) printf ", %.0f MB", memory
               if (ranks > 1) printf " on the first of %d ranks", ranks
               print "" }' "$out/$1.log"
}

lammps() {
    local stage=$1 deck=$2 kokkos=() variables=() name why
    shift 2
    [ "$threads" = 1 ] || kokkos=(-k on t "$threads" -sf kk)
    for name in "${!number[@]}"; do variables+=(-var "$name" "${number[$name]}"); done
    # shellcheck disable=SC2086
    (cd "$out" && OMP_NUM_THREADS=$threads $launcher "$XPOT_ROOT/scripts/lmp" "${kokkos[@]}" -in "$deck" -log none -nocite \
        -var style "$style" -var coeff "$coeff" "${variables[@]}" "$@" >"$out/$stage.log" 2>&1) || true
    why=$(reason "$stage")
    [ -z "$why" ] || die "$stage: $why"
}

simulate() {
    lammps "$@"
    result "$1" "$(cost "$1")"
}

survived() {
    local lost
    lost=$(awk 'END { print $NF }' "$out/record.txt")
    result "atoms lost" "$lost"
    [ "$lost" = 0 ] || die "$lost atoms were lost; see $out/record.txt"
}

steps() { awk -v ps="$1" -v fs="${number[timestep]}" 'BEGIN { printf "%d", ps * 1000 / fs + 0.5 }'; }

plot() {
    command -v gnuplot >/dev/null || return 0
    (cd "$out" && gnuplot "${@:2}" "$1") && echo "plot: $out"
}
