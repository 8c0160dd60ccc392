# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the examples of searches by other fitting codes share: run scripts set NAME, PROGRAM, PACKAGES and source this with their arguments.
. "$(dirname "${BASH_SOURCE[0]}")/../scripts/setup/common.sh"
: "${NAME:?}" "${PROGRAM:?}" "${PACKAGES:?}"

usage() {
    cat <<HELP
inputs/$NAME/run --data FOLDER [option ...]

Searches with $PROGRAM as the fitting code, on FOLDER/train.xyz and FOLDER/test.xyz: extended XYZ files of silicon with energies and forces
(for another element replace Si in inputs/$NAME). Run it again after a kill, and it goes on.

      --data FOLDER       with train.xyz and test.xyz
      --venv FOLDER       Python environment with $PROGRAM; made there from PyPI ($PACKAGES) when there is none
                          (default: $NAME in the cache, ~/.cache/xpot; if $PROGRAM is on the PATH, that one)
      --out FOLDER        (default $NAME in the build folder)
      --every N           use every Nth structure only (default 8: a few minutes)
      --trials N          (default: what input.json says)
HELP
}

data='' venv='' out=$XPOT_BUILD/$NAME every=8 trials=''
while [ $# -gt 0 ]; do
    [ "$1" != --help ] || { usage; exit 0; }
    [ $# -ge 2 ] || die "option '$1' is unknown or lacks its value; see run --help"
    case $1 in
    --data | --venv | --out | --every | --trials) printf -v "${1#--}" '%s' "$2" ;;
    *) die "unknown option '$1'; see run --help" ;;
    esac
    shift 2
done
for file in train test; do [ -r "$data/$file.xyz" ] || die "--data: '$data/$file.xyz' cannot be read; see run --help"; done
[[ $every =~ ^[1-9][0-9]*$ ]] || die "--every: expected a whole number above 0, found '$every'"
opt=$XPOT_BUILD/bin/xpot-opt
[ -x "$opt" ] || die "$opt is missing; build the project first"

# An environment that was asked for, the one on the PATH, or a new one.
if [ -n "$venv" ] || ! command -v "$PROGRAM" >/dev/null; then
    : "${venv:=$XPOT_CACHE/$NAME}"
    if [ ! -x "$venv/bin/python3" ]; then
        say "installing $PACKAGES from PyPI into $venv"
        python3 -m venv "$venv" || die "python3 -m venv failed; install python 3.11 with venv"
        # shellcheck disable=SC2086
        run_logged "$NAME" "$venv/bin/pip" install $PACKAGES
    fi
    PATH=$(realpath "$venv")/bin:$PATH
    export PATH
fi

# every_frame N FILE: every Nth frame.
every_frame() { awk -v every="$1" 'left == 0 { left = $1 + 2; chosen = frame++ % every == 0 } { left--; if (chosen) print }' "$2"; }

mkdir -p "$out"
cp "$XPOT_ROOT/inputs/$NAME"/* "$out"
every_frame "$every" "$data/train.xyz" >"$out/train.xyz"
every_frame "$every" "$data/test.xyz" >"$out/validate.xyz"
"$opt" search "$out/input.json" ${trials:+--trials "$trials"}
