# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes FitSNAP's JSON files from an extended XYZ file: FOLDER/GROUP/N.json, a folder for each config_type.

python xyz_to_json.py FILE.xyz FOLDER
"""
import json
import pathlib
import re
import shlex
import sys


def frames(path):
    lines = iter(pathlib.Path(path).read_text().splitlines())
    for line in lines:
        natoms = int(line)
        info = dict(word.split("=", 1) for word in shlex.split(next(lines)) if "=" in word)
        yield info, [next(lines).split() for _ in range(natoms)]


def columns(info):
    """Name -> first column."""
    fields, start = info["Properties"].split(":"), 0
    places = {}
    for name, count in zip(fields[::3], fields[2::3]):
        places[name] = start
        start += int(count)
    return places


def vectors(rows, start):
    return [[float(x) for x in row[start : start + 3]] for row in rows]


def convert(info, rows):
    places = columns(info)
    lattice = [float(x) for x in info["Lattice"].split()]
    return {
        "Positions": vectors(rows, places["pos"]),
        "Forces": vectors(rows, places["forces"]),
        "Energy": float(info["energy"]),
        "Stress": [[0.0] * 3] * 3,
        "Lattice": [lattice[0:3], lattice[3:6], lattice[6:9]],
        "AtomTypes": [row[places["species"]] for row in rows],
        "NumAtoms": len(rows),
    }


def main():
    folder = pathlib.Path(sys.argv[2])
    for number, (info, rows) in enumerate(frames(sys.argv[1]), 1):
        group = folder / re.sub(r"[^A-Za-z0-9_-]", "_", info.get("config_type", "all"))
        group.mkdir(parents=True, exist_ok=True)
        styles = {"EnergyStyle": "electronvolt", "ForcesStyle": "electronvoltperangstrom", "PositionsStyle": "angstrom",
                  "LatticeStyle": "angstrom", "AtomTypeStyle": "chemicalsymbol", "StressStyle": "bar"}
        text = json.dumps({"Dataset": {"Data": [convert(info, rows)], "Label": group.name, **styles}})
        (group / f"{number}.json").write_text(f"# {sys.argv[1]}, structure {number}\n{text}\n")


main()
