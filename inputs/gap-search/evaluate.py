# SPDX-License-Identifier: GPL-2.0-or-later
"""Energies and forces of gap.xml for the structures of a file: predicted.xyz."""
import sys

import ase.io
from ase.calculators.singlepoint import SinglePointCalculator
from quippy.potential import Potential

gap = Potential(param_filename="gap.xml")
predicted = []
for structure in ase.io.read(sys.argv[1], ":"):
    atoms = structure.copy()
    atoms.calc = gap
    energy, forces = atoms.get_potential_energy(), atoms.get_forces()
    bare = structure.copy()
    bare.info = {}
    bare.arrays = {name: bare.arrays[name] for name in ("numbers", "positions")}
    bare.calc = SinglePointCalculator(bare, energy=energy, forces=forces)
    predicted.append(bare)
ase.io.write("predicted.xyz", predicted, format="extxyz")
