"""Seeded flaws that the fuzzer finds in a hundred predictions, and sound models that it flags."""

import tempfile
from pathlib import Path

import pytest

from jobs.adapters.hosts import ProcessHosts
from tests.benchmarks.gate.run import SETS, printed, summary, tried

BUDGET = 100
SEED = 1
AT_LEAST = 0.9


@pytest.mark.parametrize("models", SETS, ids=lambda one: one.name)
def test_flaws_are_found_and_sound_models_are_not_flagged(models: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="gate-") as scratch:
        hosts = ProcessHosts(Path(scratch))
        told = {
            kind: [
                tried(folder, hosts, SEED, BUDGET) for folder in sorted((models / kind).glob("*/"))
            ]
            for kind in ("bugs", "clean")
        }
    for one in told["bugs"]:
        printed(one, is_bug=True)
    summary(told["bugs"], told["clean"], [SEED])
    found = [one for one in told["bugs"] if one.at is not None and one.at <= BUDGET]
    assert len(found) >= AT_LEAST * len(told["bugs"])
    assert [one.model for one in told["clean"] if one.outcome.found] == []
