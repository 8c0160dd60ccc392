# SPDX-License-Identifier: GPL-2.0-or-later
"""regret_table.py FOLDER EVALUATIONS SEEDS FUNCTION,... OPTIMISER,...: the table of bench/search-regret, from the runs
FOLDER/FUNCTION-OPTIMISER-SEED.txt. The regret after n evaluations is that of the function without noise at the point of the
lowest observed value; medians are over the seeds that all optimisers have done. p, behind a rival's regrets, is that of the first optimiser being
worse by chance alone (one-sided rank test of Mann and Whitney, normal approximation): small where it is worse, near 1 where it is better."""
import math
import pathlib
import statistics
import sys


def read(path, count):
    """[(observed, regret)] of a run; None when there is none of that many evaluations."""
    if not path.exists():
        return None
    rows = [tuple(map(float, line.split())) for line in path.read_text().splitlines()]
    return rows if len(rows) >= count else None


def regret(run, count):
    return min(run[:count])[1]


def number(value):
    return f"{value:.2e}" if 0 < value < 1e-3 else f"{value:.4f}"


def cell(regrets):
    if len(regrets) == 1:
        return number(regrets[0])
    low, middle, high = statistics.quantiles(regrets, n=4, method="inclusive")
    return f"{number(middle)} ({number(low)} ... {number(high)})"


def worse_by_chance(own, rival):
    """p of the sum of ranks of own among both."""
    both = sorted(own + rival)
    n, m = len(own), len(rival)
    # equal values share the mean of their ranks
    rank = {x: both.index(x) + (both.count(x) + 1) / 2 for x in set(both)}
    u = sum(rank[x] for x in own) - n * (n + 1) / 2
    ties = sum(both.count(x) ** 3 - both.count(x) for x in set(both))
    variance = n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1)))
    return 0.5 if variance <= 0 else 0.5 * math.erfc((u - n * m / 2) / math.sqrt(2 * variance))


def print_function(folder, function, optimisers, seeds, budgets):
    runs = {o: {s: read(folder / f"{function}-{o}-{s}.txt", budgets[-1]) for s in seeds} for o in optimisers}
    done = [s for s in seeds if all(runs[o][s] for o in optimisers)]
    if not done:
        print(f"| {function} | no seed is done by all |" + " |" * len(optimisers))
        return
    for budget in budgets:
        regrets = [[regret(runs[o][s], budget) for s in done] for o in optimisers]
        cells = [cell(r) + (f", p {worse_by_chance(regrets[0], r):.2f}" if k else "") for k, r in enumerate(regrets)]
        print(f"| {function}, {len(done)} seeds | {budget} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    folder, evaluations, seeds = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    functions, optimisers = sys.argv[4].split(","), sys.argv[5].split(",")
    budgets = sorted({b for b in (30, 60, 100) if b < evaluations} | {evaluations})
    print("| function | evaluations | " + " | ".join(optimisers) + " |")
    print("|---|---|" + "---|" * len(optimisers))
    for function in functions:
        print_function(folder, function, optimisers, range(seeds), budgets)
