# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests of the command line share: a folder of their own with a known model and data, and checks.
set -u
: "${XPOT_OPT:?the program to test}" "${XPOT_CLI_DATA:?the program that makes data}"
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
cd "$WORK" || exit 1

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# expect_ok COMMAND...: exit status 0 and nothing like an error.
expect_ok() { "$@" >out 2>err || fail "$* gave: $(cat err)"; }

# expect_error SENTENCE COMMAND...: exit status 1, one line on standard error that holds the sentence, no new file.
expect_error() {
    local sentence=$1 status before
    shift
    before=$(find . -type f ! -name out ! -name err | sort | xargs sha256sum)
    "$@" >out 2>err
    status=$?
    [ "$status" = 1 ] || fail "$* exited with $status: $(cat err)"
    [ "$(wc -l <err)" = 1 ] || fail "$* wrote $(wc -l <err) lines: $(cat err)"
    grep -qF -- "$sentence" err || fail "$* should say '$sentence', said: $(cat err)"
    [ "$before" = "$(find . -type f ! -name out ! -name err | sort | xargs sha256sum)" ] || fail "$* left or changed a file"
}

# json FILE KEY: a number anywhere in a JSON file, the first of that name.
json() { grep -o "\"$2\":[[:space:]]*[-0-9.e+]*" "$1" | head -1 | sed 's/.*:[[:space:]]*//'; }

# expect_near NUMBER EXPECTED TOLERANCE WHAT
expect_near() {
    awk -v a="$1" -v b="$2" -v t="$3" 'BEGIN { d = a - b; exit !(a != "" && d <= t && d >= -t) }' ||
        fail "$4 is '$1', expected $2 within $3"
}

# write_input FILE POTENTIAL [MORE]: an input for the data of this folder.
write_input() {
    cat >"$1" <<INPUT
{
  "elements": ["Si"],
  "data": {"train": "train.xyz", "validate": "valid.xyz"},
  "potential": $2${3:+,
  $3}
}
INPUT
}

make_data() {
    "$XPOT_CLI_DATA" model known && "$XPOT_CLI_DATA" label known train.xyz 1 24 &&
        "$XPOT_CLI_DATA" label known valid.xyz 2 6 || fail "the data cannot be made"
}

# check_plan FILE ELEMENT [cheapest]: what xpot-opt info says of evaluating an element holds numbers above zero; with "cheapest"
# the method chosen needs no more operations than the others.
check_plan() {
    awk -v element="$2" -v cheapest="${3:-}" '
        $1 == "plan" { mine = $2 == element ","; if (!mine) next
            plans++
            n = split($0, word, /[ ;]+/)
            for (i = 1; i < n; i++) if (word[i] ~ /^[0-9]+$/) { if (!chosen) chosen = word[i]; count[++counts] = word[i] }
            if (word[n] ~ /^[0-9]+$/) count[++counts] = word[n]
            for (i = 1; i <= counts; i++) if (!(count[i] > 0) || (cheapest && count[i] + 0 < chosen + 0)) bad = 1
            chosen = counts = 0; next }
        mine && $1 == "besides:" { besides++; if (!($2 >= 0) || !($6 > 0)) bad = 1 }
        mine && $1 == "tables" { memory++; if (!($2 >= 0) || !($8 + 0 > 0) || !($9 + 0 > 0) || !($14 + 0 > 0)) bad = 1 }
        END { exit bad || !plans || besides != plans || memory != plans }' "$1" || fail "the plan of $2 is odd: $(cat "$1")"
}
