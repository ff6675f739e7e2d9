"""Snakemake script: adds the runs of a study that have ended to its stored results, one line a run."""

import csv
import hashlib
import json
import math
import re
from pathlib import Path

# Not the settings, which stand beside the digest, nor what records have had since the first of them were stored.
LEFT_OUT = re.compile(r'"test_balanced_accuracy":[^,]*,|,"configuration":.*')


def digest(lines):
    """Of records as the core writes them, digit for digit; www/study/digest.js computes the same."""
    return hashlib.sha256("".join(LEFT_OUT.sub("", line) + "\n" for line in lines).encode()).hexdigest()


def records(text):
    """What is reported of a training run: its last record, and its first epoch for who has no time for the rest. One that
    diverged has no accuracy."""
    # A record is there twice if the run was killed between printing it and saving itself.
    lines = list(dict.fromkeys(text.splitlines()))
    if lines[-1] == "diverged":
        return {"test_accuracy": None}
    last = json.loads(lines[-1])
    first = [line for line in lines if json.loads(line)["epoch"] == 1]
    by_epoch = {record["epoch"]: record["test_accuracy"] for record in map(json.loads, lines)}
    return {
        "test_accuracy": last["test_accuracy"],
        "test_accuracy_by_epoch": list(by_epoch.values()),
        "test_balanced_accuracy": last["test_balanced_accuracy"],
        "sign_agreement": [layer["sign_agreement"] for layer in last["layers"] if "sign_agreement" in layer],
        "sha256": digest(lines),
        "first_epoch": {"test_accuracy": json.loads(first[-1])["test_accuracy"], "sha256": digest(first)},
    }


# Seconds of a measurement that are reported, and its last ones.
REPORTED = [5, 10, 30, 60, 90]
# Columns of a measurement that are not in its digest: they came after the first were stored.
LATER = {"spikes", "windows"}


def cell(text):
    """A number, but for names and what JSON has no number for."""
    try:
        return float(text) if math.isfinite(float(text)) else text
    except ValueError:
        return text


def rows(text):
    """What is reported of a measurement: rows at some times, if it has times, and a digest of all, without the time that
    they took."""
    table = list(csv.reader(text.splitlines()))
    without = lambda names: [[text for name, text in zip(table[0], row) if name not in names] for row in table]
    columns, *found = without({"wall_s"})
    reported = [[cell(text) for text in row] for row in found]
    if "sim_s" in columns:
        time = columns.index("sim_s")
        last = max(row[time] for row in reported)
        reported = [row for row in reported if row[time] in (*REPORTED, last)]
    digested = "".join(",".join(row) + "\n" for row in without({"wall_s", *LATER}))
    return {
        "columns": columns,
        "rows": reported,
        "sha256": hashlib.sha256(digested.encode()).hexdigest(),
    }


def write(path, runs):
    """A line for every run, so that a change of one is a change of one line; all of them or, if it is stopped, none."""
    part = path.with_suffix(".part")
    part.write_text("[\n" + ",\n".join(json.dumps(run) for run in runs) + "\n]\n")
    part.replace(path)


def collect(plan, version, kept, path):
    stored = {run["key"]: run for run in json.loads(path.read_text())} if path.exists() else {}
    for run in plan:
        output = kept / run.key(version)
        if output.exists():
            report = records if run.command == "train" else rows
            identity = {"key": run.key(version), "name": run.name, "command": run.command, "settings": run.settings}
            stored[run.key(version)] = {**identity, "version": version, **report(output.read_text())}
    write(path, [stored[key] for key in sorted(stored, key=lambda key: (stored[key]["name"], stored[key]["settings"]["seed"]))])


if __name__ == "__main__":
    collect(snakemake.params.plan, snakemake.params.version, Path(snakemake.params.kept), Path(snakemake.output[0]))
