# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests of ACE fits share: an input, a known model of its shape, and data labelled by it.
. "$(dirname "$0")/common.sh"
: "${XPOT_CLI_ACE:?the program that makes ACE models}"
LINEAR='"ndensity": 1, "fs_parameters": [1, 1]'
TWO='"ndensity": 2, "fs_parameters": [1, 1, 1, 0.5]'
ELEMENTS='["Si"]'

# write_ace FILE EMBEDDING FIT [MORE]: an input for the data of this folder.
write_ace() {
    cat >"$1" <<INPUT
{
  "elements": $ELEMENTS,
  "output": "${1%.json}",
  "data": {"train": "train.xyz", "validate": "valid.xyz"},
  "potential": {"kind": "ace", "repulsion": "given"},
  "embeddings": {"ALL": {$2}},
  "bonds": {"ALL": {"radbase": "SBessel", "rcut": 4.5}},
  "functions": {"number_of_functions_per_element": 18, "ALL": {"nradmax_by_orders": [4, 2, 2], "lmax_by_orders": [0, 2, 1]}},
  "fit": {$3}${4:+,
  $4}
}
INPUT
}

# make_ace EMBEDDING SEED: known.yaml, train.xyz and valid.xyz.
make_ace() {
    write_ace shape.json "$1" '"kappa": 0.5'
    "$XPOT_CLI_ACE" known shape.json known.yaml "$2" && "$XPOT_CLI_ACE" label known.yaml train.xyz 2 24 &&
        "$XPOT_CLI_ACE" label known.yaml valid.xyz 3 6 || fail "the data cannot be made"
}

# expect_recovered FOLDER ENERGY FORCE: errors of a card, meV an atom and eV/Angstrom.
expect_recovered() {
    expect_near "$(json "$1/card.json" energy_rmse_mev_per_atom)" 0 "$2" "energy RMSE of $1"
    expect_near "$(json "$1/card.json" force_rmse_ev_per_ang)" 0 "$3" "force RMSE of $1"
}

# same_fit FOLDER FOLDER WHAT
same_fit() {
    local file
    for file in potential.yaml potential.yace potential.asi potential.curve.csv potential.parity-train.csv potential.parity-validate.csv; do
        cmp "$1/$file" "$2/$file" || fail "$3: $file differs"
    done
}
NO_PENALTY='"L2_coeffs": 0, "w0_rad": 0, "w1_rad": 0, "w2_rad": 0'
