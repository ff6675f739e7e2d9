"""The workflow of the study, from the runs that are described to the numbers that are told."""

import json
import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "study"))
import collect
import estimates
import plan

RESULTS = ROOT / "study/results"
QUICK = ROOT / "target/study/quick"
PROGRAM = os.environ["SPIKEALIGN"]
VERSION = subprocess.run([PROGRAM, "--version"], check=True, capture_output=True, text=True).stdout.split()[-1]


def stored(path):
    return {run["key"]: run for run in json.loads(path.read_text())}


class Study(unittest.TestCase):
    def test_short_runs_give_the_stored_results_also_where_some_are_stored_and_after_an_interruption(self):
        os.chdir(ROOT)
        shutil.rmtree(QUICK, ignore_errors=True)
        (QUICK / "kept").mkdir(parents=True)
        # One of the runs has been stored, and another has died after its first epoch.
        died, *_, done = plan.described()["quick"]
        garments = stored(RESULTS / "garments.json")
        (QUICK / "results").mkdir()
        collect.write(QUICK / "results/quick.json", [garments[done.key(VERSION)]])
        key = died.key(VERSION)
        first = plan.Run(died.name, died.command, {**died.settings, "epochs": 1})
        arguments = [*first.arguments().split(), "--checkpoint", str(QUICK / f"kept/{key}.checkpoint")]
        with (QUICK / f"kept/{key}.part").open("w") as part:
            subprocess.run([PROGRAM, *arguments], check=True, stdout=part)
        snakemake = [Path(sys.executable).parent / "snakemake", "--snakefile", "study/Snakefile"]
        subprocess.run([*snakemake, "--workflow-profile", "study/profiles/quick", "--cores", "2", "--quiet"], check=True)
        quick = stored(QUICK / "results/quick.json")
        self.assertEqual(len(quick), 4)
        for key, run in quick.items():
            self.assertEqual(run, garments[key])
        [diverged] = stored(QUICK / "results/diverging.json").values()
        self.assertIsNone(diverged["test_accuracy"])
        self.assertEqual(list((QUICK / "kept").glob("*.checkpoint")), [])
        [gradient, shrinkage] = stored(QUICK / "results/small-layers.json").values()
        self.assertNotEqual(gradient["rows"], shrinkage["rows"])

    def test_a_measurement_gives_the_stored_results(self):
        for study in ["equal-spikes", "innovation", "confounding"]:
            run = next(run for run in stored(RESULTS / f"{study}.json").values() if run["name"] == "400-32 shrinkage")
            described = plan.Run(run["name"], run["command"], run["settings"])
            arguments = described.arguments().split()
            output = subprocess.run([PROGRAM, *arguments], check=True, capture_output=True, text=True).stdout
            found = collect.rows(output)
            reported = [dict(zip(found["columns"], row)) for row in found["rows"]]
            for row in run["rows"]:
                self.assertIn(row, [[one[column] for column in run["columns"]] for one in reported], study)
            # Of those that one simulation gave for all estimators, the whole output is not known.
            self.assertEqual(run.get("sha256", found["sha256"]), found["sha256"], study)

    def test_the_numbers_are_those_of_the_results(self):
        self.assertEqual((ROOT / "study/estimates.json").read_text(), estimates.text(estimates.estimates(RESULTS)))

    def test_every_stored_run_is_described(self):
        for study, runs in plan.described().items():
            described = {run.key(VERSION): run.settings for run in runs}
            path = RESULTS / f"{study}.json"
            for key, run in stored(path).items() if path.exists() else []:
                self.assertEqual(described.get(key), run["settings"], f"{study}: {run['name']}")

    def test_numbers_are_told_of_all_but_what_is_for_tests(self):
        self.assertEqual(set(estimates.STUDIES), set(plan.described()) - {"quick", "diverging", "small-layers"})


if __name__ == "__main__":
    unittest.main()
