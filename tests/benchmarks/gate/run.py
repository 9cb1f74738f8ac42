"""Bugs found after 50, 100 and 500 predictions, and sound models that are flagged.

    python -m tests.benchmarks.gate.run [--seeds 1,2,3] [--budget 500] [--models FOLDER] [NAME ...]

FOLDER holds bugs/ and clean/, a folder a model; bugs/NAME/expected.yaml tells by which rules, and
in which words, the flaw is to be found. Without one any finding will do.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from jobs.adapters.hosts import ProcessHosts
from safepush.fuzz.campaign import Campaign
from safepush.fuzz.code import source
from safepush.fuzz.fields import fields_of
from safepush.fuzz.found import Found
from safepush.fuzz.runs import Runs
from safepush.fuzz.task import Outcome, Task
from tests.benchmarks.gate.direct import Direct

MODELS = Path(__file__).parent / "models"
#: written without a look at the fuzzer, in this order; of the tenth all are sound
BLIND = (
    *("unseen", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
    *("eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth"),
    *("sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth"),
)
SETS = (MODELS, *(Path(__file__).parent / name for name in BLIND))
MARKS = (50, 100, 500)
LONGEST_S = 60.0


@dataclass(frozen=True)
class Trial:
    """One model fuzzed with one seed; `at` is the prediction that first showed its flaw."""

    model: str
    seed: int
    outcome: Outcome
    at: int | None
    seconds: float


def fuzzed(folder: Path, hosts: ProcessHosts, seed: int, budget: int) -> Outcome:
    """What the fuzzer finds in a model folder."""
    with tempfile.TemporaryDirectory(prefix="gate-") as scratch:
        model = Direct(folder, Path(scratch), hosts)
        try:
            runs = Runs(model.predict, model.opened, parallel=model.at_once, longest_s=LONGEST_S)
            task = Task(
                schema=model.schema,
                fields=fields_of(model.schema),
                source=source.read(folder),
                budget=budget,
                seed=seed,
            )
            return Campaign(replace(task, elsewhere=lambda: twin(folder, hosts)), runs).run()
        finally:
            model.close()


@contextmanager
def twin(folder: Path, hosts: ProcessHosts) -> Iterator[Runs]:
    """The model once more, in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="gate-") as scratch:
        model = Direct(folder, Path(scratch), hosts)
        try:
            yield Runs(model.predict, model.opened, parallel=1, longest_s=LONGEST_S)
        finally:
            model.close()


def is_expected(found: Found, expected: dict[str, Any]) -> bool:
    """Whether this is the flaw that the model has on purpose."""
    rules = expected.get("rules", [])
    says = str(expected.get("says", ""))
    told = f"{found.cause} {found.detail}".lower()
    ruled = any(found.rule.startswith(rule) for rule in rules) if rules else True
    return ruled and says.lower() in told


def tried(folder: Path, hosts: ProcessHosts, seed: int, budget: int) -> Trial:
    """One model, one seed."""
    began = time.monotonic()
    outcome = fuzzed(folder, hosts, seed, budget)
    file = folder / "expected.yaml"
    expected = yaml.safe_load(file.read_text()) if file.exists() else {}
    at = [one.number + 1 for one in outcome.found if is_expected(one, expected)]
    return Trial(folder.name, seed, outcome, min(at, default=None), time.monotonic() - began)


def printed(trial: Trial, *, is_bug: bool) -> None:
    """One line, and what was found besides."""
    what = f"found at {trial.at}" if trial.at else ("MISSED" if is_bug else "")
    if not is_bug:
        what = "FLAGGED" if trial.outcome.found else "clean"
    counts = f"{trial.outcome.took}/{trial.outcome.predictions} took"
    print(f"{trial.model:<24} seed {trial.seed}  {what:<13} {counts:<16} {trial.seconds:5.1f} s")
    for one in trial.outcome.found:
        if is_bug and trial.at:
            print(f"    {one.finding.key}")
        else:
            print(f"    {one.finding.key}\n      {one.detail}  {str(one.inputs)[:200]}")
    for note in trial.outcome.notes:
        print(f"    note: {note}")
    sys.stdout.flush()


def summary(bugs: Sequence[Trial], clean: Sequence[Trial], seeds: Sequence[int]) -> None:
    """The table."""
    print(f"\n{'seed':<6}" + "".join(f"{f'at {mark}':>14}" for mark in MARKS) + "   clean flagged")
    for seed in seeds:
        ours = [one for one in bugs if one.seed == seed]
        cells = [sum(one.at is not None and one.at <= mark for one in ours) for mark in MARKS]
        flagged = [one.model for one in clean if one.seed == seed and one.outcome.found]
        told = "".join(f"{f'{n}/{len(ours)}':>14}" for n in cells)
        total = sum(one.seed == seed for one in clean)
        print(f"{seed:<6}{told}   {len(flagged)}/{total} {' '.join(flagged)}")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", default="1,2,3")
    parser.add_argument("--budget", type=int, default=500)
    parser.add_argument("--models", type=Path, default=MODELS)
    parser.add_argument("names", nargs="*")
    asked = parser.parse_args()
    seeds = [int(one) for one in asked.seeds.split(",")]
    trials: dict[str, list[Trial]] = {"bugs": [], "clean": []}
    with tempfile.TemporaryDirectory(prefix="gate-") as scratch:
        hosts = ProcessHosts(Path(scratch))
        for kind, told in trials.items():
            for folder in sorted((asked.models.resolve() / kind).glob("*/")):
                if asked.names and folder.name not in asked.names:
                    continue
                for seed in seeds:
                    told.append(tried(folder, hosts, seed, asked.budget))
                    printed(told[-1], is_bug=kind == "bugs")
    summary(trials["bugs"], trials["clean"], seeds)


if __name__ == "__main__":
    main()
