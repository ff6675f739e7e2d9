"""Snakemake script: what the stored results say, as numbers that README, page and report are held to.

Accuracies and signs are in percent, differences in points. Rules are compared seed by seed.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

# Fewer seeds than these are too few for an interval: the range is told instead.
ENOUGH = 10


def read(path):
    """A table with a row for each run."""
    runs = json.loads(path.read_text())
    return pd.DataFrame([{**run, **run["settings"]} for run in runs])


def rounded(numbers):
    """Without the digits in which two machines may differ."""
    return {name: round(float(value), 6) for name, value in numbers.items()}


def estimate(statistic, *samples):
    """A number, and its 95% interval: bias-corrected bootstrap over seeds, which all samples share."""
    found = {"mean": statistic(*samples, axis=0)}
    if len(samples[0]) >= ENOUGH:
        options = {"paired": True, "vectorized": True, "n_resamples": 10_000, "method": "BCa", "rng": 1}
        interval = stats.bootstrap(samples, statistic, **options).confidence_interval
        found |= {"low": interval.low, "high": interval.high}
    return found


def difference(first, second):
    found = estimate(lambda a, b, axis: np.mean(a - b, axis), first, second)
    each = first - second
    return rounded(found | {"least": each.min(), "most": each.max(), "positive": (each > 0).sum(), "n": len(each)})


# What every rule is compared with, and what variants of `rdd` are compared with besides: the paper's estimator in as many
# seconds, and under a common source.
BASELINES = {"bp", "fa", "rdd"}
BASELINES_OF_VARIANTS = {"rdd-90", "rdd-confounded-gradient"}


def training(runs, measure="test_accuracy"):
    """Of every rule, and of every rule against its baselines."""
    accuracy = 100 * runs.pivot(index="seed", columns="name", values=measure)
    numbers = {}
    for name in accuracy:
        others = BASELINES | (BASELINES_OF_VARIANTS if name.startswith("rdd-") else set())
        of_rule = accuracy[name].dropna()
        signs = np.array([found for found in runs[runs["name"] == name]["sign_agreement"]])
        layers = {f"signs_{layer}": 100 * share for layer, share in enumerate(signs.mean(axis=0), start=1)}
        numbers[name] = rounded({"mean": of_rule.mean(), "n": len(of_rule)} | layers)
        if len(of_rule) == 1:
            continue
        numbers[name]["deviation"] = round(of_rule.std(), 6)
        for other in sorted((others & set(accuracy)) - {name}):
            both = accuracy[[name, other]].dropna()
            numbers[f"{name}-{other}"] = difference(both[name].to_numpy(), both[other].to_numpy())
        if name not in ("bp", "fa"):
            three = accuracy[[name, "bp", "fa"]].dropna().to_numpy().T
            share = lambda rule, bp, fa, axis: 100 * np.sum(rule - fa, axis) / np.sum(bp - fa, axis)
            each = share(*three[..., None], axis=1)
            found = {"least": each.min(), "most": each.max(), "n": len(each)}
            numbers[f"{name}/gap"] = rounded(estimate(share, *three) | found)
    return numbers


# Seconds of spiking for each layer after which estimators are compared.
SECONDS = [30, 90, 100, 150]


def alignment(runs):
    """Signs of each layer after some seconds; all against the paper's estimator, and `innovation` against all, by seed."""
    rows = [
        {"layers": run["layers"], "estimator": run["estimator"], "seed": run["seed"], **dict(zip(run["columns"], row))}
        for _, run in runs.iterrows()
        for row in run["rows"]
    ]
    numbers = {}
    for (layers, layer, seconds), group in pd.DataFrame(rows).groupby(["layers", "layer", "sim_s"]):
        if seconds not in SECONDS:
            continue
        signs = group.pivot(index="seed", columns="estimator", values="sign_pct")
        sizes = layers.split("-")
        place = f"{sizes[int(layer)]}-{sizes[int(layer) + 1]} {seconds:.0f} s"
        for name in signs:
            each = signs[name].dropna()
            if len(each) == 1:
                continue
            numbers[f"{place}/{name}"] = rounded({"mean": each.mean(), "deviation": each.std(), "n": len(each)})
            for other in sorted((set(signs) if name == "innovation" else {"gradient"} & set(signs)) - {name}):
                both = signs[[name, other]].dropna()
                numbers[f"{place}/{name}-{other}"] = difference(both[name].to_numpy(), both[other].to_numpy())
    return numbers


def small_data(runs):
    """As `training`, but a class counts as much as another, however many images it has."""
    return training(runs, "test_balanced_accuracy")


def harder_images(runs):
    """As `training`; the comparisons after the first epoch, too; and from which epoch on a rule stays above `fa`."""
    courses = runs.pivot(index="seed", columns="name", values="test_accuracy_by_epoch")
    first = training(runs.assign(test_accuracy=runs["test_accuracy_by_epoch"].str[0]))
    # Of the rules themselves the signs are told, too, and those are of the end.
    numbers = training(runs) | {f"first epoch/{name}": told for name, told in first.items() if name not in courses}
    for name in courses.drop(columns="fa"):
        rule, fa = (np.stack(each) for _, each in courses[[name, "fa"]].dropna().items())
        behind = rule <= fa
        if behind[:, -1].any():
            continue
        # The epoch after the last one in which it was behind.
        since = np.max(behind * np.arange(1, behind.shape[1] + 1), axis=1) + 1
        numbers[f"stays above/{name}"] = rounded({"least": since.min(), "most": since.max(), "n": len(since)})
    return numbers


# Epochs after which a single run is told of: those for which a reproduction of the authors' program is known, and the last.
EPOCHS = [1, 2, 6, 11, 15]


def paper_size(runs):
    """Test errors after some epochs, and the signs at the end, of single runs."""
    numbers = {}
    for _, run in runs.iterrows():
        errors = {f"error_{epoch}": 100 * (1 - run["test_accuracy_by_epoch"][epoch - 1]) for epoch in EPOCHS}
        signs = {f"signs_{layer}": 100 * share for layer, share in enumerate(run["sign_agreement"], start=1)}
        numbers[run["name"]] = rounded({"n": 1} | errors | signs)
    return numbers


def diagnostics(runs):
    """What each diagnostic found: the mean over seeds, with and without a common source."""
    rows = [
        {"source": run["name"], "seed": run["seed"], **dict(zip(run["columns"], row))}
        for _, run in runs.iterrows()
        for row in run["rows"]
    ]
    table = pd.DataFrame(rows).astype({"parameter": str})
    numbers = {}
    by = ["source", "diagnostic", "outcome", "parameter"]
    for (source, diagnostic, outcome, parameter), group in table.groupby(by, sort=False):
        place = f"{source}/{diagnostic} {outcome} {parameter.removesuffix('.0')}"
        each = group["estimate"].to_numpy()
        found = estimate(np.mean, each) if each.std() else {"mean": each.mean()}
        numbers[place] = rounded(found | {"error": group["standard_error"].mean(), "n": len(group)})
    return numbers


def sheet(runs):
    """Signs in one receptive field alone, in the middle of a sheet, and their difference, with Student's interval."""
    numbers = {}
    for name, group in runs.groupby("name"):
        last = pd.DataFrame([dict(zip(run["columns"], run["rows"][-1])) for _, run in group.iterrows()])
        each = last["middle_sign_pct"] - last["alone_sign_pct"]
        half = stats.t.ppf(0.975, len(each) - 1) * stats.sem(each)
        signs = {where: last[f"{where}_sign_pct"].mean() for where in ("alone", "middle", "everywhere")}
        numbers[name] = rounded(signs | {"difference": each.mean(), "half": half, "n": len(each)})
    return numbers


def learning_rates(runs):
    """The best learning rate of each rule, and the smallest with which it diverged."""
    numbers = {}
    for rule, group in runs.groupby("rule"):
        best = group.loc[group["test_accuracy"].idxmax()]
        diverged = group[group["test_accuracy"].isna()]["learning-rate"].min()
        found = {"rate": best["learning-rate"], "accuracy": 100 * best["test_accuracy"], "n": len(group)}
        numbers[rule] = rounded(found | ({} if np.isnan(diverged) else {"diverges": diverged}))
    return numbers


STUDIES = {
    "garments": training,
    "learning": training,
    "learning-rates": learning_rates,
    "harder-images": harder_images,
    "paper-size": paper_size,
    "small-data": small_data,
    "diagnostics": diagnostics,
    "sheet": sheet,
    "equal-spikes": alignment,
    "innovation": alignment,
    "confounding": alignment,
}


def estimates(results):
    """All of them, by study and name."""
    found = {}
    for study, summarize in STUDIES.items():
        for name, values in summarize(read(Path(results) / f"{study}.json")).items():
            found[f"{study}/{name}"] = values
    return found


def text(found):
    """As they are stored: a line for each."""
    return "{\n" + ",\n".join(f"{json.dumps(key)}: {json.dumps(values)}" for key, values in found.items()) + "\n}\n"


if __name__ == "__main__":
    Path(snakemake.output[0]).write_text(text(estimates(Path(snakemake.input[0]).parent)))
