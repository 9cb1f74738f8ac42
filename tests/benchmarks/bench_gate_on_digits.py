"""The whole gate on a real model: a good new version goes live, six bad ones are each stopped."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.acceptance.test_safepush import EXAMPLES, Outcome, aliases, safepush
from tests.servers.penstock import Penstock

MODEL = "demo/digits"
#: fewer than the example's own, and smaller pictures: six versions are to be tried
SETTINGS = """
model: demo/digits
predict:
  compare_outputs: true
  predict_timeout: 60
  test_cases:
    - inputs: {prompt: a red seven, steps: 2}
    - inputs: {prompt: a blue zero, seed: 7, steps: 2, num_images: 2}
    - inputs: {prompt: a white four, steps: 2, scheduler: LCM}
    - inputs: {prompt: a red seven, steps: 0}
      error_contains: steps
fuzz:
  budget: 24
  fixed_inputs: {steps: 1}
  disabled_inputs: [lora_weights, extra_lora]
"""
DRAWS = "    def draw(self, inputs"
FIRST = "        first = inputs[0]\n"
SAVES = "    picture.resize((SHOWN_PIXELS"


@dataclass(frozen=True)
class Flaw:
    """A change to the model's source, the checks that are to fail, and what they are to say."""

    changes: tuple[tuple[str, str], ...]
    checks: set[str]
    said: tuple[str, ...]


BEGINS = '        """Draw."""\n'
FLAWS = {
    "schema break": Flaw(
        (('    "LCM": LCMScheduler,\n', ""),),
        {"cases", "compatibility", "parity"},
        ("input-choice-removed at input.scheduler",),
    ),
    "crash on emoji": Flaw(
        ((BEGINS, f'{BEGINS}        prompt.encode("latin-1")\n'),),  # not in predict_batch
        {"fuzz"},
        ("fuzz-crash at input.prompt", "UnicodeEncodeError"),
    ),
    "silent quality loss": Flaw(
        ((SAVES, f'    picture = picture.quantize(4).convert("RGB")\n{SAVES}'),),
        {"parity"},
        ("block at", "differs by"),
    ),
    "no determinism": Flaw(
        (("manual_seed(seed)", "manual_seed(seed + torch.seed() % 999)"),),
        {"fuzz", "parity"},
        ("fuzz-nondeterministic",),
    ),
    "leak": Flaw(
        (
            (DRAWS, f"    kept: list[Any] = []\n\n{DRAWS}"),
            (FIRST, f"{FIRST}        self.kept.append(torch.ones(500_000))\n"),
        ),
        {"fuzz"},
        ("fuzz-memory-growth", "with the same inputs adds 2.0 MB"),
    ),
    "slow input": Flaw(
        (
            ("import tempfile\n", "import re\nimport tempfile\n"),
            (BEGINS, f'{BEGINS}        re.match(r"^(\\w+\\s?)*$", prompt)\n'),
        ),
        {"fuzz"},
        ("fuzz-timeout at input.prompt",),
    ),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Penstock]:
    penstock = Penstock(tmp_path_factory.mktemp("digits"))
    penstock.start()
    yield penstock
    penstock.stop()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("model") / "digits"
    shutil.copytree(EXAMPLES / "digits", found, ignore=shutil.ignore_patterns(".cog"))
    (found / "safepush.yaml").write_text(SETTINGS)
    return found


@pytest.fixture(scope="module")
def live(server: Penstock, folder: Path) -> str:
    """The digest of a version that went live through the gate."""
    first = safepush(server, folder, "--json")
    assert first.status == 0, first.out + first.err
    digest: str = first.report["version"]
    return digest


def changed(folder: Path, *changes: tuple[str, str]) -> str:
    """The source with changes; it must have had what is changed."""
    source = (EXAMPLES / "digits" / "predict.py").read_text()
    for old, new in changes:
        assert source.count(old) == 1, old
        source = source.replace(old, new)
    (folder / "predict.py").write_text(source)
    return source


def verdicts(outcome: Outcome) -> dict[str, str]:
    return {one["name"]: one["verdict"] for one in outcome.report["checks"]}


@pytest.mark.parametrize("name", FLAWS)
def test_a_bad_version_is_stopped(server: Penstock, folder: Path, live: str, name: str) -> None:
    flaw = FLAWS[name]
    changed(folder, *flaw.changes)

    bad = safepush(server, folder, "--json")

    assert bad.status == 1, bad.out + bad.err
    assert set(bad.reasons) == flaw.checks, bad.reasons
    told = "\n".join(line for reasons in bad.reasons.values() for line in reasons)
    for words in flaw.said:
        assert words in told
    assert aliases(server, MODEL)["live"] == live
    assert bad.report["promoted"] is False


def test_a_good_version_goes_live_and_steps_back(server: Penstock, folder: Path, live: str) -> None:
    (folder / "predict.py").write_text(changed(folder) + "\n# in other words\n")

    good = safepush(server, folder, "--json")

    assert good.status == 0, good.out + good.err
    assert set(verdicts(good).values()) == {"passed"}, good.out
    assert aliases(server, MODEL)["live"] == good.report["version"] != live
    back = safepush(server, "rollback", folder)
    assert back.status == 0, back.err
    assert aliases(server, MODEL)["live"] == live
