"""The runs that runs.yaml describes, and how a run is known by its configuration."""

import hashlib
import itertools
import json
from dataclasses import dataclass
from pathlib import Path

import yaml

DESCRIPTION = Path(__file__).parent / "runs.yaml"


@dataclass(frozen=True)
class Run:
    """One call of the native program. `name` is that of its variant; runs of one name differ in their seeds."""

    name: str
    command: str
    settings: dict

    def key(self, version):
        """Of the configuration and the version of the program. A result depends on its images, too, and on nothing else."""
        identity = json.dumps([version, self.command, self.settings], sort_keys=True)
        return hashlib.sha256(identity.encode()).hexdigest()[:16]

    def arguments(self):
        """As the program takes them."""
        return " ".join([self.command, *(f"--{name} {text(value)}" for name, value in self.settings.items())])


def text(value):
    """A setting as the program writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def described():
    """All runs, by their study."""
    description = yaml.safe_load(DESCRIPTION.read_text())
    return {study: list(_runs(**parts)) for study, parts in description.items()}


def _runs(command, settings, seeds, runs):
    for variant, own in runs.items():
        own = {"seeds": seeds, **own}
        first, last = map(int, own.pop("seeds").split("-"))
        swept = [name for name, value in own.items() if isinstance(value, list)]
        for values in itertools.product(*(own[name] for name in swept)):
            chosen = {**settings, **own, **dict(zip(swept, values))}
            for seed in range(first, last + 1):
                yield Run(variant.format(**chosen), command, {**chosen, "seed": seed})
