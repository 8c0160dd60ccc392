# SPDX-License-Identifier: GPL-2.0-or-later
"""Fits a linear ACE potential with python-ace (pacemaker): fit_python_ace.py SETTINGS.json TRAIN.xyz OUT.yace.

The loss is pacemaker's with uniform weights, (1 - kappa) mean dE^2 + kappa mean |dF|^2 (energies an atom), minimised by the
package's LinearACEFit, with its own ridge.
"""
import json
import re
import sys

import ase.io
import numpy as np
import pandas as pd
from pyace import ACEBBasisSet, create_multispecies_basis_config
from pyace.linearacefit import LinearACEDataset, LinearACEFit


def make_basis(settings, elements):
    ranks = {"nradmax_by_orders": settings["nradmax"], "lmax_by_orders": settings["lmax"]}
    bond = {"radbase": "SBessel", "radparameters": [5.25], "rcut": settings["cutoff"], "dcut": 0.01,
            "NameOfCutoffFunction": "cos"}
    embedding = {"npot": "FinnisSinclairShiftedScaled", "fs_parameters": [1, 1], "ndensity": 1}
    return ACEBBasisSet(create_multispecies_basis_config({
        "deltaSplineBins": 0.001, "elements": elements, "embeddings": {"ALL": embedding}, "bonds": {"ALL": bond},
        "functions": {"number_of_functions_per_element": settings["functions"], "ALL": ranks}}))


def reference_energies(frames, elements):
    """The energy of an atom of each element that explains most of the energies."""
    counts = np.array([[f.symbols.count(e) for e in elements] for f in frames], dtype=float)
    energies = np.array([f.get_potential_energy() for f in frames])
    return np.linalg.lstsq(counts, energies, rcond=None)[0], counts, energies


def save(basis, reference, path):
    """The package writes reference energies of zero: they belong to its data, not to its basis."""
    basis.to_ACECTildeBasisSet().save_yaml(path)
    text = open(path).read()
    values = ", ".join(f"{e:.17g}" for e in reference)
    changed = re.sub(r"^E0: \[.*\]$", f"E0: [{values}]", text, count=1, flags=re.MULTILINE)
    if changed == text:
        sys.exit(f"error: {path}: expected a line 'E0: [...]', found none")
    open(path, "w").write(changed)


def main():
    settings = json.load(open(sys.argv[1]))
    frames = ase.io.read(sys.argv[2], ":")
    elements = sorted({symbol for f in frames for symbol in f.get_chemical_symbols()})
    reference, counts, energies = reference_energies(frames, elements)
    basis = make_basis(settings, elements)
    data = LinearACEDataset(basis, pd.DataFrame({
        "ase_atoms": frames, "energy_corrected": energies - counts @ reference, "forces": [f.get_forces() for f in frames]}))
    data.construct_design_matrix(max_workers=settings["cores"])
    kappa, natoms = settings["kappa"], counts.sum()
    weights = np.ones(len(frames) + 3 * int(natoms))
    weights[:len(frames)] = (1 - kappa) / kappa * natoms / len(frames)
    fit = LinearACEFit(train_dataset=data)
    fit.fit(sample_weight=weights)
    save(fit.get_bbasis(), reference, sys.argv[3])
    print(f"{data.nfunc} functions, {data.design_matrix.shape[0]} rows")


if __name__ == "__main__":
    main()
