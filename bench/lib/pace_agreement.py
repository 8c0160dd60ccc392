# SPDX-License-Identifier: GPL-2.0-or-later
"""How far energies and forces of a .yace or .yaml file by PACE's own evaluator (python-ace from PyPI) are from those by xpot-opt.

pace_agreement.py POTENTIAL DATA PREDICTED [N]   PREDICTED: xpot-opt evaluate POTENTIAL --data DATA --out PREDICTED; first N structures

A .yaml file has no E0: the constants an atom that fit the difference of energies best are taken off, and printed.
"""
import sys

import numpy as np
from ase.io import read
from pyace import PyACECalculator

potential, data, predicted = sys.argv[1:4]
frames = ":" + (sys.argv[4] if len(sys.argv) > 4 else "6")
structures, ours = read(data, frames), read(predicted, frames)
elements = sorted({s for a in structures for s in a.get_chemical_symbols()})
calculator, differences, force = PyACECalculator(potential), [], 0.0
for a, b in zip(structures, ours):
    a.calc = calculator
    differences.append((a.get_potential_energy() - b.get_potential_energy()) / len(a))
    force = max(force, np.abs(a.get_forces() - b.get_forces()).max())
shares = np.array([[a.get_chemical_symbols().count(e) / len(a) for e in elements] for a in structures])
constants = np.zeros(len(elements))
if potential.endswith(".yaml"):
    constants = np.linalg.lstsq(shares, np.array(differences), rcond=1e-10)[0]
energy = np.abs(np.array(differences) - shares @ constants).max()
print(f"{potential}: energies within {energy:.1e} eV an atom, forces within {force:.1e} eV/Angstrom; constants {constants}")
