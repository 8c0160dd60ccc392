# SPDX-License-Identifier: GPL-2.0-or-later
"""search_rivals.py OPTIMISER PROGRAM FUNCTION SEED INITIAL TRIALS: minimises a function of bench-search-regret (PROGRAM) with
scikit-optimize or Optuna, by their defaults and so many random points first; prints a line "observed regret" a trial."""
import json
import subprocess
import sys
import warnings


class Function:
    """A function that PROGRAM evaluates, and its ranges."""

    def __init__(self, program, name, seed):
        self.ranges = json.loads(subprocess.check_output([program, "space", name], text=True))
        self.process = subprocess.Popen([program, "serve", name, str(seed)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)

    def __call__(self, values):
        """values: the numbers of a point, a choice by its name."""
        numbers = [r["choices"].index(v) if "choices" in r else v for r, v in zip(self.ranges, values)]
        print(*(repr(float(n)) for n in numbers), file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        print(answer, end="", flush=True)
        return float(answer.split()[0])


def skopt_range(r):
    from skopt.space import Categorical, Integer, Real
    if "choices" in r:
        return Categorical(r["choices"], name=r["name"])
    prior = "log-uniform" if r["scale"] == "log" else "uniform"
    kind = Real if r["kind"] == "real" else Integer
    return kind(r["low"], r["high"], prior=prior, name=r["name"])


def minimise_skopt(function, seed, initial, trials):
    from skopt import gp_minimize
    gp_minimize(function, [skopt_range(r) for r in function.ranges], n_calls=trials, n_initial_points=initial, random_state=seed)


def suggest(trial, r):
    if "choices" in r:
        return trial.suggest_categorical(r["name"], r["choices"])
    kind = trial.suggest_float if r["kind"] == "real" else trial.suggest_int
    return kind(r["name"], r["low"], r["high"], log=r["scale"] == "log")


def minimise_optuna(function, seed, initial, trials):
    import optuna
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(sampler=optuna.samplers.GPSampler(seed=seed, n_startup_trials=initial))
    study.optimize(lambda trial: function([suggest(trial, r) for r in function.ranges]), n_trials=trials)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    optimiser, program, name = sys.argv[1:4]
    seed, initial, trials = map(int, sys.argv[4:7])
    minimise = {"skopt": minimise_skopt, "optuna": minimise_optuna}[optimiser]
    minimise(Function(program, name, seed), seed, initial, trials)
