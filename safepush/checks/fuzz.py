"""Nobody gets a crash, nonsense or somebody else's output: what is fuzzed, and how much."""

from dataclasses import replace
from importlib.util import find_spec

from safepush import peer
from safepush.checks.base import Result, Trial, skipped
from safepush.config import Config
from safepush.fuzz.settings import NAME, Fuzzing

#: how to do with fewer predictions
LESS = ", or let `fuzz.budget` in safepush.yaml say how many are enough"

# the fuzzer imports them once it is at work; that they are missing is told before a push
for package in ("numpy", "PIL"):
    if find_spec(package) is None:
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)


def wanted(config: Config) -> Fuzzing:
    """How a version is to be fuzzed: the section `fuzz`, and `predict.fuzz` of cog-safe-push."""
    ours, theirs = config.fuzz, config.predict.fuzz
    is_peers = config.source is not None and config.source.name == peer.FILE_NAME
    if theirs is None:
        return replace(ours, budget=0) if is_peers and not ours.given else ours
    return replace(
        ours,
        budget=ours.budget if ours.given else theirs.iterations,
        fixed_inputs={**theirs.fixed_inputs, **ours.fixed_inputs},
        disabled_inputs=(*theirs.disabled_inputs, *ours.disabled_inputs),
    )


def planned(config: Config) -> int:
    """How many predictions look for flaws at most; what confirms a finding comes on top."""
    return wanted(config).budget


def check(trial: Trial) -> Result:
    """Passed when nothing was found that weighs as much as what fails."""
    settings, schema = wanted(trial.config), trial.version.schema
    if settings.budget == 0:
        return skipped(NAME, "switched off (the section fuzz says how much is tried)")
    if trial.version.state != "ready" or schema is None:
        return skipped(NAME, "the version is not ready, or has no schema")
    # importing it takes as long as all else that the command is: not for who fuzzes nothing
    from safepush.checks import fuzzed

    return fuzzed.check(trial, settings, schema)
