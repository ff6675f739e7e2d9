"""The tables of the README, from the runs in this folder.

    python3 -m venv target/study && target/study/bin/pip install scipy==1.16.3
    target/study/bin/python study/summary.py
"""

import json
from pathlib import Path

import numpy as np
from scipy import stats

FOLDER = Path(__file__).parent


def runs(name):
    return json.loads((FOLDER / f"{name}.json").read_text())["runs"]


def interval(statistic, *samples):
    """A number, and its 95% interval: bias-corrected bootstrap over seeds, which all samples share."""
    result = stats.bootstrap(
        samples, statistic, paired=True, vectorized=False, n_resamples=10_000, method="BCa", rng=1
    ).confidence_interval
    return f"{statistic(*samples):.2f} ({result.low:.2f} to {result.high:.2f})"


def learning():
    accuracy, signs = {}, {}
    for run in runs("learning"):
        name = run["rule"] if run["rule"] != "rdd" else f"rdd {run['feedback_layers']} {run['estimator']}"
        accuracy.setdefault(name, {})[run["seed"]] = 100 * run["test_accuracy"]
        # Rules that send errors straight down have no forward weights to agree with.
        if "sign_agreement" in run:
            signs.setdefault(name, []).append(run["sign_agreement"])

    def paired(*names):
        seeds = sorted(set.intersection(*(set(accuracy[name]) for name in names)))
        return [np.array([accuracy[name][seed] for seed in seeds]) for name in names]

    def difference(one, other):
        first, second = paired(one, other)
        higher = f"higher in {np.sum(first > second)} of {len(first)}"
        if len(first) < 10:
            spread = f"{np.min(first - second):.2f} to {np.max(first - second):.2f}"
            return f"{np.mean(first - second):.2f} (too few seeds for an interval; range {spread}), {higher}"
        return f"{interval(lambda a, b: np.mean(a - b), first, second)}, {higher}"

    for name, of_seeds in accuracy.items():
        agreement = ", ".join(f"{100 * share:.0f}" for share in np.mean(signs[name], axis=0)) if name in signs else "–"
        print(f"{name}: {len(of_seeds)} seeds, {np.mean(list(of_seeds.values())):.1f}%; signs {agreement}")
        if name != "bp":
            print(f"  minus bp: {difference(name, 'bp')}")
        if name not in ("bp", "fa"):
            print(f"  minus fa: {difference(name, 'fa')}")
            samples = paired(name, "bp", "fa")
            share = lambda rule, bp, fa: 100 * np.sum(rule - fa) / np.sum(bp - fa)
            closed = interval(share, *samples) if len(samples[0]) >= 10 else f"{share(*samples):.2f}"
            print(f"  of the gap closed: {closed} %")
    print(f"shrinkage minus gradient: {difference('rdd all shrinkage', 'rdd all gradient')}")


def sheet():
    groups = {}
    for run in runs("sheet"):
        groups.setdefault((run["channels"], run["estimator"]), []).append(run)
    for (channels, estimator), group in groups.items():
        alone, middle, everywhere = (
            np.array([run[where]["sign_pct"] for run in group]) for where in ("alone", "middle", "everywhere")
        )
        half = stats.t.ppf(0.975, len(group) - 1) * stats.sem(middle - alone)
        print(
            f"{channels}, {estimator}: {len(group)} seeds; signs {alone.mean():.1f}, {middle.mean():.1f}, "
            f"{everywhere.mean():.1f}; middle minus alone {np.mean(middle - alone):.2f} ± {half:.2f}"
        )


def learning_rates():
    rules = {}
    for run in runs("learning_rates"):
        rules.setdefault(run["rule"], {})[run["learning_rate"]] = run["validation_accuracy"]
    for rule, rates in rules.items():
        best = max((rate for rate in rates if rates[rate] is not None), key=rates.get)
        diverged = [rate for rate in rates if rates[rate] is None]
        print(f"{rule}: best {best} ({100 * rates[best]:.1f}%) of {list(rates)}; diverged: {diverged}")


for part in (learning, sheet, learning_rates):
    print(f"\n{part.__name__}")
    part()
