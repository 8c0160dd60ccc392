#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# xpot-opt convert: inputs of XPOT for ACE, SNAP and GAP, in the syntax they are written in, become inputs that check accepts.
. "$(dirname "$0")/common.sh"
make_data

# convert NAME: NAME.hjson to NAME.json; notes are left in notes.
convert() { "$XPOT_OPT" convert "$1.hjson" "$1.json" >out 2>notes || fail "$1 was not converted: $(cat notes)"; }
says() { grep -qF -- "$1" notes || fail "the notes should say '$1', say: $(cat notes)"; }
has() { tr -d '\n\t' <"$1" | grep -qF -- "$2" || fail "$1 should have $2: $(cat "$1")"; }

cat >ace.hjson <<'HJSON'
{
    # a comment, and keys without quotes
    xpot: {
        project_name: runs
        sweep_name: "first"
        alpha: 0.7,
        error_method: rmse
        surprise: 1
    }
    "cutoff": 6 // of pacemaker
    "data": { "filename": "train.pckl.gzip", "test_filename": valid.xyz
    },
    /* blocks */
    "potential": {
        "deltaSplineBins": 0.002,
        "elements": ["Si"],
        "embeddings": {"ALL": {"npot": "FinnisSinclairShiftedScaled", "fs_parameters": [1,1,1,"skopt.space.Real(0.1, 2)"], "ndensity": 2}},
        "rankmax": "",
        "bonds": {"ALL": {
            "radbase": "skopt.space.Categorical(['SBessel', 'ChebExpCos'])", "radparameters": ["skopt.space.Real(1,10)"],
            "rcut": skopt.space.Real(3, 6)
            "dcut": "skopt.space.Real(0.001, 0.1, prior='log-uniform')", "r_in": "", "NameofCutoffFunction": "poly"
        }},
        "functions": {
            "number_of_functions_per_element": "skopt.space.Integer(10,40)",
            "ALL": {"nradmax_by_orders": [4,2,1], "lmax_by_orders": [0,2,1], "coeffs_init": "random"}
        }
    },
    "fit": {
        "loss": {"kappa": "auto", "L1_coeffs": 1e-8, "w1_coeffs": 0, "w_orth": ""},
        "optimizer": "BFGS", "maxiter": 10, "repulsion": "auto", "trainable_parameters": "ALL", "fit_cycles": 3
    },
    "backend": {"evaluator": "tensorpot"}
}
HJSON
convert ace
says "xpot.surprise has no counterpart and is left out"
says "potential.functions.ALL.coeffs_init has no counterpart"
says "fit.fit_cycles has no counterpart"
says 'NameofCutoffFunction is "poly"'
says "train.pckl.gzip is a table of pandas"
grep -q "rankmax\|w_orth\|error_method" notes && fail "what says nothing is reported: $(cat notes)"
has ace.json '"output":"runs/first"'
has ace.json '"alpha":0.7,"force":"component"'
has ace.json '"fs_parameters":[1, 1, 1, {"min":0.1,"max":2}]'
has ace.json '"radbase":{"choices":["SBessel", "ChebExpCos"]}'
has ace.json '"dcut":{"min":0.001,"max":0.1,"scale":"log"}'
has ace.json '"number_of_functions_per_element":{"min":10,"max":40}'
sed -i 's/train.pckl.gzip/train.xyz/' ace.json
expect_ok "$XPOT_OPT" check ace.json
grep -q "bonds.ALL.dcut  *0.001 to 0.1, log" out || fail "check of the converted input says: $(cat out)"

cat >snap.hjson <<'HJSON'
    xpot: {
        project_name: opt_SNAP
        sweep_name: s
        alpha: 0.75
        training_data: ../../../train.xyz
        validaton_data: ../../../valid.xyz
    }
    "[BISPECTRUM]": {
        numTypes: 1
        "twojmax" : "4"
        rcutfac: skopt.space.Real(3,4)
        wj: 1.0
        radelem1: 0.5
        type: Si
        bzeroflag: 1
        quadraticflag: 1
    }
    "[CALCULATOR]": {calculator: LAMMPSSNAP
        energy: 1
        force: 1
        stress: 0 }
    "[ESHIFT]": { "Si": 158.5 }
    "[GROUPS]": {
        group_sections:
        [
            name
            training_size
            testing_size
            eweight
            fweight
            vweight
        ]
        group_types: str float float float float float
        smartweights: "0"
        "A": "1.0 0.0 skopt.space.Real(10,10000) skopt.space.Real(0.1, 100) 1.0E-12",
        "B": [1.0, 0.0, 100, 1, 1e-12],
        "C_test": "0.0 1.0 20 1 1.0E-12"
    }
    "[PATH]": {"dataPath": "../../../input_data"}
    "[REFERENCE]": {pair_style: "hybrid/overlay zero 10.0 zbl 4.0 4.8" }
    "[SOLVER]": {solver: "SVD"}
HJSON
convert snap
says "hybrid/overlay zero 10.0 zbl 4.0 4.8"
says "[GROUPS].C_test is test data"
says "../../../train.xyz was relative to the folder of an iteration"
has snap.json '"train":"train.xyz","validate":"valid.xyz"'
has snap.json '"reference_energies":{"Si":-158.5}'
has snap.json '"A":{"eweight":{"min":10,"max":10000},"fweight":{"min":0.1,"max":100}},"B":{"eweight":100,"fweight":1}'
has snap.json '"kind":"qsnap","twojmax":4,"rcutfac":{"min":3,"max":4}'
has snap.json '"bzeroflag":true'
expect_ok "$XPOT_OPT" check snap.json

# The list of sections of version 1.0 means the same; its loss has vectors.
{ echo '['; sed -e '/^ *"\[\(PATH\|REFERENCE\|SOLVER\)/d' -e 's/^    xpot: *//' -e 's/^    "\[[A-Z]*\]": *//' -e 's/alpha/error_energy_ratio/' snap.hjson; echo ']'; } >list.hjson
convert list
has list.json '"alpha":0.75,"force":"vector"'
has list.json '"A":{"eweight":{"min":10,"max":10000}'

cat >gap.hjson <<'HJSON'
{
    "xpot": { project_name: "opt"
        sweep_name: gap
        validation_data: "valid.xyz"
        atomic_numbers: 14
        alpha: 0.5, }
    "at_file": "train.xyz",
    "gap": {
        "distance_Nb": {"order": 2, "cutoff": "skopt.space.Real(4,7)", "config_type_n_sparse": ""},
        "soap": {"n_max": "skopt.space.Integer(3,5)", "add_species": "T"}
    },
    "gap_file": "model.xml",
    "default_sigma": ["skopt.space.Real(0.001, 0.1)",0.2,0.2,0.0], # a list
    "e0_method": "isolated"
}
HJSON
convert gap
has gap.json "'gap={distance_Nb order=2 cutoff={{distance_Nb.cutoff}} : soap n_max={{soap.n_max}} add_species=T}' 'default_sigma={{{default_sigma.0}} 0.2 0.2 0}'"
has gap.json '"soap.n_max":{"min":3,"max":5,"whole":true}'
expect_ok "$XPOT_OPT" check gap.json
grep -q "parameters.soap.n_max  *3 to 5, whole" out || fail "check of the converted input says: $(cat out)"

# What is wrong is said with its place; code is never run.
expect_error "expected an input of XPOT for ACE" bash -c 'echo "{a: 1}" >one.hjson; "$0" convert one.hjson one.json; s=$?; rm one.hjson; exit $s' "$XPOT_OPT"
sed 's/Real(3, 6)/Real(open("x"), 6)/' ace.hjson >bad.hjson
expect_error 'potential.bonds.ALL.rcut: expected skopt.space.Real(LOW, HIGH)' "$XPOT_OPT" convert bad.hjson bad.json
printf '{\n  a: [1, 2\n' >bad.hjson
expect_error 'bad.hjson:3:1: expected a closing bracket, found the end of the file' "$XPOT_OPT" convert bad.hjson bad.json
printf '{\n  a 1\n}' >bad.hjson
expect_error 'bad.hjson:2:5: expected a colon behind a key, found "1"' "$XPOT_OPT" convert bad.hjson bad.json
echo passed
