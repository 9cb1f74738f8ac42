"""The fuzzer in the gate as people and CI run it: the real command, a real server, real models."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.test_safepush import Outcome, aliases, safepush
from tests.servers.penstock import ROOT, Penstock

GATE = ROOT / "tests" / "benchmarks" / "gate"
BUDGET = 40
#: for what is tried first
LITTLE = 12


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Penstock]:
    penstock = Penstock(tmp_path_factory.mktemp("fuzz"))
    penstock.start()
    yield penstock
    penstock.stop()


def model(tmp_path: Path, name: str, *, of: str = "models", budget: int = BUDGET) -> Path:
    """A folder of one set of the benchmark, held to a small budget."""
    (source,) = (GATE / of).glob(f"*/{name}")
    folder = tmp_path / name
    shutil.copytree(source, folder)
    (folder / "safepush.yaml").write_text(f"model: fuzz/{name}\nfuzz:\n  budget: {budget}\n")
    return folder


def found(outcome: Outcome) -> list[str]:
    """The rules of what was found."""
    (fuzz,) = (one for one in outcome.report["checks"] if one["name"] == "fuzz")
    return [one["rule"] for one in fuzz.get("findings", [])]


def test_a_sound_model_goes_live(server: Penstock, tmp_path: Path) -> None:
    outcome = safepush(server, model(tmp_path, "strict-words"), "--json")

    assert outcome.status == 0, outcome.out + outcome.err
    assert found(outcome) == []
    assert f"{BUDGET} of {BUDGET} predictions" in outcome.err


def test_a_crash_is_held_back_replayed_and_mended(server: Penstock, tmp_path: Path) -> None:
    folder = model(tmp_path, "emoji-in-caption", budget=2 * LITTLE)

    bad = safepush(server, folder, "--json")

    assert bad.status == 1, bad.out + bad.err
    assert found(bad) == ["fuzz-crash"]
    assert aliases(server, "fuzz/emoji-in-caption").get("live") is None
    (file,) = (folder / ".cog" / "safepush").glob("fuzz-crash-*.json")
    assert len(json.loads(file.read_text())["inputs"]["caption"]) == 1
    again = safepush(server, "replay", file)
    assert again.status == 1
    assert "still so" in again.out

    source = folder / "predict.py"
    text = source.read_text()
    source.write_text(text.replace('.encode("latin-1")', "").replace('.decode("latin-1")', ""))
    good = safepush(server, folder, "--json")

    assert good.status == 0, good.out + good.err
    mended = safepush(server, "replay", file, "--version", "live", "--json")
    assert mended.status == 0
    assert json.loads(mended.out)["still"] is False


def test_what_somebody_sent_before_is_held_back(server: Penstock, tmp_path: Path) -> None:
    folder = model(tmp_path, "sticky-style")

    outcome = safepush(server, folder, "--json")

    assert outcome.status == 1, outcome.out + outcome.err
    assert found(outcome) == ["fuzz-state-leak"]
    (file,) = (folder / ".cog" / "safepush").glob("fuzz-state-leak-*.json")
    assert safepush(server, "replay", file).status == 1


def test_a_picture_that_is_grey_is_held_back_by_name(server: Penstock, tmp_path: Path) -> None:
    outcome = safepush(server, model(tmp_path, "grey-picture", budget=LITTLE))

    assert outcome.status == 1, outcome.out + outcome.err
    assert '{"image": "(grey PNG)"}' in outcome.out
    assert "data:image" not in outcome.out


def test_a_finding_can_be_accepted_and_is_accepted_alone(server: Penstock, tmp_path: Path) -> None:
    folder = model(tmp_path, "last-level", budget=LITTLE)
    first = safepush(server, folder, "--json")
    assert first.status == 1, first.out + first.err
    (fuzz,) = (one for one in first.report["checks"] if one["name"] == "fuzz")
    (finding,) = (one["finding"] for one in fuzz["findings"])

    with (folder / "safepush.yaml").open("a") as file:
        file.write(f"  accept:\n    - {{finding: {json.dumps(finding)}, reason: known}}\n")
    accepted = safepush(server, folder)

    assert accepted.status == 0, accepted.out + accepted.err
    assert f"accepted {finding}" in accepted.out


def test_another_size_than_was_asked_for_is_held_back(server: Penstock, tmp_path: Path) -> None:
    """Which shows only beside the usual output, also where it is replayed."""
    folder = model(tmp_path, "turned-on-its-side", of="fifth")

    outcome = safepush(server, folder, "--json")

    assert outcome.status == 1, outcome.out + outcome.err
    assert found(outcome) == ["fuzz-output-asked"]
    (file,) = (folder / ".cog" / "safepush").glob("fuzz-output-asked-*.json")
    assert safepush(server, "replay", file).status == 1


@pytest.mark.parametrize(
    ("name", "of"), [("unended-sentence", "fourteenth"), ("days-vanish", "thirteenth")]
)
def test_what_several_predictions_say_together_can_be_replayed(
    server: Penstock, tmp_path: Path, name: str, of: str
) -> None:
    folder = model(tmp_path, name, of=of)

    outcome = safepush(server, folder, "--json", "--budget", "90")

    assert outcome.status == 1, outcome.out + outcome.err
    (file,) = (folder / ".cog" / "safepush").glob("fuzz-output-asked-*.json")
    assert safepush(server, "replay", file).status == 1


def test_a_process_that_grows_is_held_back(server: Penstock, tmp_path: Path) -> None:
    folder = model(tmp_path, "kept-embeddings", of="unseen")

    outcome = safepush(server, folder, "--json")

    assert outcome.status == 1, outcome.out + outcome.err
    assert found(outcome) == ["fuzz-memory-growth"]
    (file,) = (folder / ".cog" / "safepush").glob("fuzz-memory-growth-*.json")
    assert safepush(server, "replay", file).status == 1


def test_the_order_of_a_set_is_held_back(server: Penstock, tmp_path: Path) -> None:
    outcome = safepush(server, model(tmp_path, "order-of-a-set", of="unseen"), "--json")

    assert outcome.status == 1, outcome.out + outcome.err
    (fuzz,) = (one for one in outcome.report["checks"] if one["name"] == "fuzz")
    assert [one["finding"] for one in fuzz["findings"]] == [
        "fuzz-nondeterministic at input: another output in another process"
    ]
    assert "replay" not in "".join(fuzz["reasons"])
    # the version that worked in the other process is gone again
    versions = server.call("GET", "/v1/models/fuzz/order-of-a-set/versions")["results"]
    assert [one["id"] for one in versions] == [outcome.report["version"]]
