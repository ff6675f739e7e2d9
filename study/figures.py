"""Snakemake script: the figures of the report, from the stored results, in the colours of the page."""

import json
import re
import sys
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))
import estimates

ROOT = Path(__file__).parent.parent
# The same file from the same numbers: no date, and identifiers that are not random.
plt.rcParams.update({"svg.hashsalt": "spikealign", "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 9})
MARKS = "osD^vP"


def colors():
    """Of every rule, as the core declares it and the page's stylesheet has it in light; and what each is in the dark."""
    pairs = re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", (ROOT / "www/styles/base.css").read_text())
    palette = {name: light for name, light, _ in pairs}
    in_the_dark = {light: dark for _, light, dark in pairs}
    sources = [path.read_text() for path in (ROOT / "src/feedback").glob("*.rs")]
    declared = [re.search(r'\bname: "([\w-]+)".*?\bcolor: "(\w+)"', source, re.DOTALL) for source in sources]
    return {found[1]: palette[found[2]] for found in declared if found}, palette, in_the_dark


RULES, PALETTE, IN_THE_DARK = colors()


def save(figure, path):
    """With the colours that the page has in the dark, for where it is shown in a page that is dark. (Text is black.)"""
    figure.savefig(path, metadata={"Date": None})
    svg = Path(path).read_text()
    ink = IN_THE_DARK[PALETTE["ink"]]
    rules = [f"text {{fill: {ink}}}"]
    for light, dark in {**IN_THE_DARK, "#000000": ink}.items():
        for of_it in (f"fill: {light}", f"stroke: {light}"):
            if of_it in svg:
                rules.append(f'[style*="{of_it}"] {{{of_it.replace(light, dark)} !important}}')
    style = "\n".join(["", "@media (prefers-color-scheme: dark) {", *rules, "}", ""])
    Path(path).write_text(svg.replace("</style>", f"{style}</style>", 1))


def color(name):
    """Of a variant, which begins with the name of its rule."""
    return RULES.get(name) or RULES[name.split("-")[0]]


def axes(rows=1, columns=1, size=(7, 4)):
    figure, found = plt.subplots(rows, columns, figsize=size, squeeze=False, layout="constrained")
    figure.patch.set_facecolor(PALETTE["paper"])
    for one in found.flat:
        one.set_facecolor(PALETTE["paper"])
        one.spines[["top", "right"]].set_visible(False)
        one.grid(axis="x", color=PALETTE["grid"])
        one.set_axisbelow(True)
    return figure, list(found.flat)


def against_bp(runs, found, study, measure, label):
    """Each seed's difference to backpropagation, its mean, and the interval where there are seeds enough for one."""
    accuracy = 100 * runs.pivot(index="seed", columns="name", values=measure)
    # Those with fewer seeds have a figure of their own.
    accuracy = accuracy.dropna(axis="columns", thresh=min(estimates.ENOUGH, len(accuracy)))
    names = accuracy.mean().drop("bp").sort_values().index
    figure, [plot] = axes(size=(7, 0.6 + 0.28 * len(names)))
    for row, name in enumerate(names):
        each = (accuracy[name] - accuracy["bp"]).dropna()
        told = found[f"{study}/{name}-bp"]
        plot.plot(each, [row] * len(each), "o", color=color(name), alpha=0.4, markersize=4, markeredgewidth=0)
        plot.plot(told["mean"], row, "D", color=color(name), markersize=6)
        if "low" in told:
            plot.plot([told["low"], told["high"]], [row, row], color=color(name), linewidth=2)
    plot.axvline(0, color=RULES["bp"], linewidth=1)
    plot.set_yticks(range(len(names)), [f"{name}  (n = {accuracy[name].count()})" for name in names])
    plot.set_xlabel(f"{label}, minus bp of the same seed, in points")
    return figure


def learning(runs, found):
    return against_bp(runs, found, "learning", "test_accuracy", "test accuracy after six epochs")


def small_data(runs, found):
    return against_bp(runs, found, "small-data", "test_balanced_accuracy", "balanced test accuracy after 30 epochs")


def harder_images(runs, found):
    """Test accuracy after each epoch: a thin line for each seed, and the mean of all."""
    figure, [plot] = axes(size=(7, 4))
    courses = {name: 100 * pd.DataFrame(list(group["test_accuracy_by_epoch"])) for name, group in runs.groupby("name")}
    names = sorted(courses, key=lambda name: -courses[name].iloc[:, -1].mean())
    for name, mark in zip(names, MARKS):
        epochs = courses[name].columns + 1
        options = {"color": color(name), "linestyle": "--" if name.endswith("-dense") else "-"}
        plot.plot(epochs, courses[name].T, linewidth=0.5, alpha=0.5, **options)
        label = f"{name}  (n = {len(courses[name])})"
        plot.plot(epochs, courses[name].mean(), linewidth=1.5, marker=mark, markersize=4, label=label, **options)
    plot.set_xlabel("epochs of 50,000 images")
    plot.set_ylabel("test accuracy, %")
    plot.legend(frameon=False, fontsize=8)
    return figure


# Test errors of a reproduction of the authors' program, with the double softmax and a batch of 1,024, as others read them off
# its figures: by the number of epochs, whose first it calls 0.
REPRODUCED = {"rdd-dense": {1: 66.7, 2: 60.5, 6: 47.8, 11: 42.0}, "fa": {1: 53.4, 2: 50.5, 6: 46.0, 11: 42.7}}


def paper_size(runs, found):
    """Test error after each epoch: a line for each run, and what a reproduction found."""
    figure, [plot] = axes(size=(7, 4))
    for _, run in runs.iterrows():
        name = run["name"]
        errors = [100 * (1 - accuracy) for accuracy in run["test_accuracy_by_epoch"]]
        line = "--" if name.endswith("-double-softmax") else "-"
        plot.plot(range(1, len(errors) + 1), errors, line, color=color(name), marker=".", label=name)
    for rule, errors in REPRODUCED.items():
        options = {"color": color(rule), "markerfacecolor": "none", "linestyle": "none"}
        plot.plot(*zip(*errors.items()), marker="D", label=f"{rule}, a reproduction", **options)
    plot.set_xlabel("epochs of 50,000 images")
    plot.set_ylabel("test error, %")
    plot.legend(frameon=False, fontsize=8)
    return figure


OUTCOMES = {"weights": "green", "source": "red"}


def diagnostics(runs, found):
    """Jumps along the weights, which are effects, and along the source, which are biases."""
    shown = [
        ("bandwidth", [0.025, 0.05, 0.1, 0.2, 0.4, 0.8], "bandwidth"),
        ("balance", [0.025, 0.05, 0.1, 0.2, 0.4, 0.8], "bandwidth, of what came before"),
        ("window", [5, 10, 15, 20, 25, 30], "steps of the window"),
        ("placebo", [0.93, 0.95, 0.97, 1.1, 1.2, 1.4], "placebo threshold"),
    ]
    figure, plots = axes(2, 2, size=(9, 5))
    for plot, (diagnostic, parameters, label) in zip(plots, shown):
        for source, line, shift in [("none", "-", -0.08), ("heterogeneous", "--", 0.08)]:
            for outcome, hue in OUTCOMES.items():
                told = [found[f"diagnostics/{source}/{diagnostic} {outcome} {parameter}"] for parameter in parameters]
                means = [1000 * one["mean"] for one in told]
                ends = [[1000 * abs(one["mean"] - one[end]) for one in told] for end in ("low", "high")]
                name = f"along the {outcome}, {'no source' if source == 'none' else 'a source'}"
                options = {"linestyle": line, "color": PALETTE[hue], "linewidth": 1, "label": name}
                options |= {"marker": "o" if source == "none" else "s", "markersize": 3}
                plot.errorbar([at + shift for at in range(len(parameters))], means, yerr=ends, **options)
        plot.axhline(0, color=PALETTE["quiet"], linewidth=1)
        plot.set_xticks(range(len(parameters)), parameters)
        plot.set_xlabel(label)
        plot.set_ylabel("jump, thousandths")
    handles, labels = plots[0].get_legend_handles_labels()
    figure.legend(handles, labels, frameon=False, fontsize=8, loc="outside lower center", ncols=4)
    return figure


def signs(runs, found):
    """How many signs of the feedback agree at the end, layer by layer."""
    layers = ["400→32", "512→128", "128→64", "64→10"]
    told = {name: found[f"learning/{name}"] for name in runs["name"].unique()}
    names = [name for name, of_rule in told.items() if "signs_1" in of_rule and of_rule["n"] >= estimates.ENOUGH]
    names.sort(key=lambda name: told[name]["signs_2"])
    figure, [plot] = axes(size=(7, 4.2))
    for layer, (label, mark) in enumerate(zip(layers, MARKS), start=1):
        shares = [told[name][f"signs_{layer}"] for name in names]
        plot.scatter(shares, range(len(names)), marker=mark, color=[color(name) for name in names], s=28, label=label)
    plot.axvline(50, color=PALETTE["quiet"], linewidth=1, linestyle=":")
    plot.set_yticks(range(len(names)), names)
    plot.set_xlabel("signs that agree after six epochs, in % (dotted: chance)")
    plot.legend(frameon=False, fontsize=8)
    for handle in plot.get_legend().legend_handles:
        handle.set_color(PALETTE["quiet"])
    return figure


def sheet(runs, found):
    """The difference that overlap makes, seed by seed, with Student's interval."""
    figure, [plot] = axes(size=(7, 2.2))
    for row, (name, group) in enumerate(runs.groupby("name")):
        last = [dict(zip(run["columns"], run["rows"][-1])) for _, run in group.iterrows()]
        each = [one["middle_sign_pct"] - one["alone_sign_pct"] for one in last]
        told = found[f"sheet/{name}"]
        plot.plot(each, [row] * len(each), "o", color=RULES["rdd"], alpha=0.4, markersize=4, markeredgewidth=0)
        plot.errorbar(told["difference"], row, xerr=told["half"], fmt="D", color=RULES["rdd"], markersize=6)
    plot.axvline(0, color=PALETTE["quiet"], linewidth=1)
    plot.set_yticks(range(4), sorted(runs["name"].unique()))
    plot.set_xlabel("signs in the middle of a sheet minus signs in a field alone, in points")
    return figure


ESTIMATORS = {
    "gradient": "green",
    "shrinkage": "blue",
    "means": "amber",
    "least-squares": "red",
    "observed": "purple",
    "fuzzy": "brown",
    "stdwi": "teal",
    "spike-counts": "gold",
    "innovation": "indigo",
}
# Seconds of spiking that are written below an axis.
TICKS = [5, 10, 30, 90, 100, 150]


def pairs(runs):
    """All that are measured, each as its network and the number of its lower layer, the largest last."""
    found = [(layers, layer) for layers in runs["layers"].unique() for layer in range(layers.count("-"))]
    return sorted(found, key=lambda pair: sizes(pair)[0])


def sizes(pair):
    layers, layer = pair
    return [int(size) for size in layers.split("-")[layer : layer + 2]]


def arrow(pair):
    return "→".join(map(str, sizes(pair)))


def signs_of(runs, pair, name):
    """That an estimator finds, by seconds and seed."""
    layers, layer = pair
    group = runs[(runs["layers"] == layers) & (runs["estimator"] == name)]
    rows = [dict(zip(run["columns"], row), seed=run["seed"]) for _, run in group.iterrows() for row in run["rows"]]
    table = pd.DataFrame(rows, columns=["layer", "sim_s", "sign_pct", "seed"])
    return table[table["layer"] == layer].pivot(index="sim_s", columns="seed", values="sign_pct")


def over_time(runs, shown):
    """Signs of pairs of layers as spikes come in, mean and deviation over seeds."""
    figure, plots = axes(columns=len(shown), size=(9, 3.4))
    for plot, pair in zip(plots, shown):
        plot.set_title(arrow(pair), fontsize=9)
        for mark, (name, hue) in zip("osD^vPX*p", ESTIMATORS.items()):
            signs = signs_of(runs, pair, name)
            if signs.empty:
                continue
            options = {"marker": mark, "markersize": 4, "linewidth": 1, "color": PALETTE[hue], "label": name}
            plot.errorbar(signs.index, signs.mean(axis=1), yerr=signs.std(axis=1), **options)
            ticks = [seconds for seconds in TICKS if seconds in signs.index]
        plot.set_xscale("log")
        plot.set_xticks(ticks, map(str, ticks), minor=False)
        plot.minorticks_off()
        plot.set_xlabel("seconds of spiking")
    plots[0].set_ylabel("signs that agree, %")
    handles, labels = max((plot.get_legend_handles_labels() for plot in plots), key=lambda legend: len(legend[0]))
    options = {"ncols": len(labels), "columnspacing": 1, "handletextpad": 0.4}
    figure.legend(handles, labels, frameon=False, fontsize=8, loc="outside lower center", **options)
    return figure


def races(runs, found):
    """Accuracy by seconds of spiking before each epoch and by who measures, and by the latter under a source, minus `bp`'s."""
    bp = runs[runs["name"] == "bp"].set_index("seed")["test_accuracy"]
    measured = runs[runs["rdd-seconds"].notna() & runs["feedback-layers"].isna()].copy()
    measured["by"] = measured["estimator"].fillna("gradient").where(measured["rule"] == "rdd", measured["rule"])
    measured["points"] = 100 * (measured["test_accuracy"] - measured["seed"].map(bp))
    hues = {name: PALETTE[hue] for name, hue in ESTIMATORS.items()} | RULES
    figure, [by_time, by_name] = axes(columns=2, size=(9, 4))
    free, confounded = (measured[measured["confounding"].isna() == free] for free in (True, False))
    for mark, (name, group) in zip(MARKS, free.groupby("by")):
        options = {"color": hues[name], "marker": mark}
        means = group.groupby("rdd-seconds")["points"].mean()
        by_time.plot(group["rdd-seconds"], group["points"], alpha=0.3, markersize=3, linestyle="", **options)
        by_time.plot(means.index, means, linewidth=1, markersize=5, label=name, **options)
    names = confounded.groupby("by")["points"].mean().sort_values().index
    for at, name in enumerate(names):
        each = confounded[confounded["by"] == name]["points"]
        by_name.plot([at] * len(each), each, "o", color=hues[name], alpha=0.4, markersize=4, markeredgewidth=0)
        by_name.plot(at, each.mean(), "D", color=hues[name], markersize=6)
    fa = found["learning/fa-bp"]["mean"]
    for plot in (by_time, by_name):
        plot.axhline(fa, color=RULES["fa"], linestyle="--", linewidth=1, label="fa" if plot is by_time else None)
        plot.axhline(0, color=RULES["bp"], linewidth=1, label="bp" if plot is by_time else None)
    ticks = sorted(free["rdd-seconds"].unique())
    by_time.set_xscale("log")
    by_time.set_xticks(ticks, [f"{seconds:g}" for seconds in ticks])
    by_time.minorticks_off()
    by_time.set_xlabel("seconds of spiking before each epoch")
    by_time.set_ylabel("test accuracy, minus bp of the same seed, in points")
    by_name.set_xticks(range(len(names)), names, fontsize=8)
    by_name.set_xlabel("30 seconds under a common source")
    figure.legend(*by_time.get_legend_handles_labels(), frameon=False, fontsize=8, loc="outside lower center", ncols=7)
    return figure


def equal_spikes(runs, found):
    """The largest layers of each network."""
    return over_time(runs, [pair for pair in pairs(runs) if pair[1] == 0])


def confounding(runs, found):
    """All pairs of layers."""
    return over_time(runs, pairs(runs))


def innovation(runs, found):
    """How much more it finds than two others after 30 s, seed by seed, the mean, and the interval."""
    shown = pairs(runs)
    figure, [plot] = axes(size=(7, 3.6))
    for other, mark, below in [("shrinkage", "s", -0.15), ("stdwi", "X", 0.15)]:
        hue = PALETTE[ESTIMATORS[other]]
        for row, pair in enumerate(shown):
            told = found.get(f"innovation/{arrow(pair).replace('→', '-')} 30 s/innovation-{other}")
            if not told:
                continue
            each = (signs_of(runs, pair, "innovation") - signs_of(runs, pair, other)).loc[30].dropna()
            plot.plot(each, [row - below] * len(each), "o", color=hue, alpha=0.4, markersize=4, markeredgewidth=0)
            plot.plot([told["low"], told["high"]], [row - below] * 2, color=hue, linewidth=2)
            plot.plot(told["mean"], row - below, mark, color=hue, markersize=6, label=f"minus {other}" if row == 0 else None)
    plot.axvline(0, color=PALETTE["quiet"], linewidth=1)
    plot.axvline(4, color=PALETTE["quiet"], linewidth=1, linestyle=":")
    plot.set_yticks(range(len(shown)), map(arrow, shown))
    plot.set_xlabel("signs that innovation finds after 30 s, minus another's, in points (dotted: the bar)")
    plot.legend(frameon=False, fontsize=8)
    return figure


def learning_rates(runs, found):
    """Accuracy on training images that are held out against the learning rate."""
    figure, [plot] = axes(size=(7, 3))
    for mark, (rule, group) in zip(MARKS, runs.groupby("rule")):
        group = group.sort_values("learning-rate")
        accuracy = 100 * group["test_accuracy"].astype(float)
        plot.semilogx(group["learning-rate"], accuracy, f"{mark}-", color=color(rule), markersize=4, label=rule)
    plot.set_xlabel("learning rate")
    plot.set_ylabel("validation accuracy, %")
    plot.legend(frameon=False, fontsize=8)
    return figure


if __name__ == "__main__":
    found = json.loads(Path(snakemake.input[0]).read_text())
    tables = {Path(path).stem: estimates.read(Path(path)) for path in snakemake.input[1:]}
    drawn = {
        "learning": learning(tables["learning"], found),
        "harder-images": harder_images(tables["harder-images"], found),
        "paper-size": paper_size(tables["paper-size"], found),
        "small-data": small_data(tables["small-data"], found),
        "diagnostics": diagnostics(tables["diagnostics"], found),
        "races": races(tables["learning"], found),
        "signs": signs(tables["learning"], found),
        "sheet": sheet(tables["sheet"], found),
        "equal-spikes": equal_spikes(tables["equal-spikes"], found),
        "innovation": innovation(tables["innovation"], found),
        "confounding": confounding(tables["confounding"], found),
        "learning-rates": learning_rates(tables["learning-rates"], found),
    }
    for path in snakemake.output:
        save(drawn[Path(path).stem], path)
