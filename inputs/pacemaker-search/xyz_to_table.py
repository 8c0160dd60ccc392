# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes pacemaker's table of structures, train.pckl.gzip, from an extended XYZ file."""
import sys

import ase.io
import pandas

rows = []
for atoms in ase.io.read(sys.argv[1], ":"):
    bare = atoms.copy()
    bare.calc = None
    rows.append({"ase_atoms": bare, "energy": atoms.get_potential_energy(), "forces": atoms.get_forces()})
pandas.DataFrame(rows).to_pickle("train.pckl.gzip", compression="gzip", protocol=4)
