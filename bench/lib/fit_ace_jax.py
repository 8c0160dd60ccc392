# SPDX-License-Identifier: GPL-2.0-or-later
"""Linear ACE with ace-jax: fit_ace_jax.py fit SETTINGS.json TRAIN.xyz FOLDER, fit_ace_jax.py errors FOLDER DATA.xyz."""
import json
import math
import sys

import ase.io
import numpy as np


def run(arguments):
    from ace_jax.cli import main
    sys.argv = ["aj", *arguments]
    main()


def fit(settings_file, train, folder):
    """The balance of energies and forces is that of pacemaker's loss; ace-jax divides energy rows by sqrt(atoms)."""
    settings = json.load(open(settings_file))
    weights = {"default": {"E": math.sqrt((1 - settings["kappa"]) / settings["kappa"]), "F": 1.0, "V": 0.0}}
    run(["fit", "--train", train, "--order", str(settings["order"]), "--max-degree", str(settings["degree"]), "--rcut",
         str(settings["cutoff"]), "--e0", "lsq", "--solver", settings["solver"], "--weights", json.dumps(weights), "--out", folder])


def errors(folder, data):
    """Prints energy RMSE (meV an atom) and force RMSE (eV/Angstrom, components)."""
    predictions = f"{folder}/predictions.xyz"
    run(["eval", "--model", f"{folder}/model.npz", "--data", data, "--out", predictions])
    energy, force = [], []
    for labelled, predicted in zip(ase.io.read(data, ":"), ase.io.read(predictions, ":")):
        energy.append((predicted.info["ace_energy"] - labelled.get_potential_energy()) / len(labelled))
        force.append((predicted.arrays["ace_forces"] - labelled.get_forces()).ravel())
    rms = [math.sqrt(np.mean(np.square(values))) for values in (energy, np.concatenate(force))]
    print(f"errors {1000 * rms[0]:.3f} {rms[1]:.5f}")


if __name__ == "__main__":
    {"fit": fit, "errors": errors}[sys.argv[1]](*sys.argv[2:])
