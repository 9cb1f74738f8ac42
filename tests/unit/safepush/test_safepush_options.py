"""What a run is asked for beyond its configuration: plan, checks, seed, budget; and `init`."""

import itertools
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from safepush import commands, init, options, parallel, push
from safepush.config import load
from safepush.errors import BudgetSpent, ConfigInvalid
from safepush.options import Budget, Meter


@pytest.fixture
def run(server: Any, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("PENSTOCK_URL", server.url)
    monkeypatch.setenv("PENSTOCK_TOKEN", "t0ken")
    monkeypatch.chdir(tmp_path)

    def invoke(*words: object) -> Result:
        return CliRunner().invoke(commands.command, [str(word) for word in words])

    return invoke


def verdicts(result: Result) -> dict[str, str]:
    return {one["name"]: one["verdict"] for one in json.loads(result.stdout)["checks"]}


def test_a_plan_asks_no_server_and_counts_what_would_run(
    server: Any, folder: Path, run: Any
) -> None:
    (folder / "safepush.yaml").write_text(
        """model: me/hello
parallel: 2
fuzz: {budget: 30}
judge: {votes: 5}
predict:
  compare_outputs: true
  predict_timeout: 10
  test_cases:
    - {inputs: {text: you}, runs: 4, match_prompt: kind}
    - {inputs: {text: ""}, error_contains: empty}
    - {inputs: {}, at_least: {count: 1, of: [{not-match_prompt: rude}, {contains: a}]}}
"""
    )

    whole = json.loads(run(folder, "--plan", "--json").stdout)
    part = json.loads(run(folder, "--plan", "--json", "--skip", "parity").stdout)
    text = run(folder, "--plan", "--budget", "5").stdout

    assert not server.requests
    counts = {one["name"]: one["predictions"] for one in whole["checks"]}
    assert (counts["cases"], counts["parity"], counts["fuzz"]) == (6, 6, 30)
    assert (whole["predictions"], whole["questions"], whole["requests_to_judge"]) == (42, 5, 25)
    assert whole["seconds_at_most"] == 210.0
    assert part["predictions"] == 36
    assert "25 s if all time out" in text


def test_only_some_checks_run_and_then_nothing_is_promoted(
    server: Any, folder: Path, run: Any
) -> None:
    result = run(folder, "--only", "cases", "--json")

    assert result.exit_code == 0
    assert verdicts(result) == {
        "setup": "passed",
        "lint": "skipped",
        "compatibility": "skipped",
        "cases": "passed",
        "parity": "skipped",
        "fuzz": "skipped",
    }
    assert server.aliases["live"] is None


def test_a_check_may_be_skipped_and_that_is_told(server: Any, folder: Path, run: Any) -> None:
    server.prediction = {"status": "failed", "error": "no"}

    result = run(folder, "--skip", "cases,parity")

    assert result.exit_code == 0
    assert "skipped  cases         left out, as asked" in result.stdout
    assert server.aliases["live"] is not None


def test_nothing_to_check_is_misuse(server: Any, folder: Path, run: Any) -> None:
    """That a version can be loaded says nothing about what it does."""
    result = run(folder, "--only", "parity", "--json")

    assert result.exit_code == 2
    assert json.loads(result.stdout)["verdict"] == "nothing"
    assert verdicts(result)["setup"] == "passed"
    assert server.aliases["live"] is None


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--only", "case"], "did you mean `cases`"),
        (["--skip", "cases,typos"], "--skip: typos: is no check"),
        (["--only", "lint", "--skip", "cases"], "keep one"),
        (["--budget", "0"], "predictions=N"),
        (["--budget", "hours=1"], "predictions=N"),
        (["--seed", "-1"], "--seed"),
    ],
)
def test_misuse_is_told_before_anything_runs(
    server: Any, folder: Path, run: Any, words: list[str], message: str
) -> None:
    result = run(folder, *words)

    assert result.exit_code == 2
    assert message in result.stderr
    assert not server.requests


def test_the_seed_is_in_the_report(folder: Path, run: Any) -> None:
    assert json.loads(run(folder, "--seed", "7", "--json").stdout)["seed"] == 7


def test_a_spent_budget_is_no_verdict_and_holds_the_promotion(
    server: Any, folder: Path, run: Any
) -> None:
    with (folder / "safepush.yaml").open("a") as file:
        file.write("    - inputs: {text: b}\n    - inputs: {text: c}\n")

    result = run(folder, "--budget", "2", "--json")

    told = json.loads(result.stdout)
    assert (result.exit_code, told["verdict"], told["used"]["predictions"]) == (3, "unsure", 2)
    cases = next(one for one in told["checks"] if one["name"] == "cases")
    assert cases["reasons"][0].startswith(
        "the budget is spent after 2 of 3 predictions (--budget predictions=2); allow more"
    )
    assert sorted(one["verdict"] for one in cases["items"]) == ["passed", "passed", "unsure"]
    assert server.aliases["live"] is None


@pytest.mark.parametrize(("budget", "made"), [(1, 0), (2, 1), (10, 7)])
def test_a_check_that_the_budget_cuts_short_is_unsure_and_nothing_is_promoted(
    server: Any, folder: Path, run: Any, budget: int, made: int
) -> None:
    """Whether nothing of it was made, or what its share of the whole run's allows."""
    config = folder / "safepush.yaml"
    config.write_text(config.read_text().replace("fuzz: false\n", ""))

    result = run(folder, "--budget", f"predictions={budget}", "--json")

    told = json.loads(result.stdout)
    fuzz = next(one for one in told["checks"] if one["name"] == "fuzz")
    assert (result.exit_code, told["verdict"], fuzz["verdict"]) == (3, "unsure", "unsure")
    assert f"the budget is spent after {made} of 100 predictions" in fuzz["reasons"][0]
    assert "`fuzz.budget` in safepush.yaml" in fuzz["reasons"][0]
    assert "none of the usual inputs" not in " ".join(fuzz["reasons"])
    assert (fuzz["reasons"][1] == "no prediction was made; nothing was judged") == (not made)
    assert server.aliases["live"] is None


def test_what_the_configuration_asks_for_is_all_that_has_to_be_made(
    server: Any, folder: Path, run: Any
) -> None:
    config = folder / "safepush.yaml"
    config.write_text(config.read_text().replace("fuzz: false", "fuzz: {budget: 7}"))

    result = run(folder, "--budget", "predictions=11", "--json")

    assert (result.exit_code, verdicts(result)["fuzz"]) == (0, "passed"), result.stdout
    assert server.aliases["live"] is not None


def test_a_budget_of_seconds_cuts_short_as_well(
    server: Any, folder: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = folder / "safepush.yaml"
    config.write_text(config.read_text().replace("fuzz: false", "fuzz: {budget: 9}"))
    ticks = itertools.count()  # each prediction takes one second: one case, five odd inputs
    monkeypatch.setattr(push, "Meter", lambda budget: Meter(budget, clock=lambda: next(ticks)))

    result = run(folder, "--budget", "seconds=7", "--json")

    told = {one["name"]: one for one in json.loads(result.stdout)["checks"]}
    assert (result.exit_code, told["cases"]["verdict"]) == (3, "passed")
    assert told["fuzz"]["verdict"] == "unsure"
    assert told["fuzz"]["reasons"][0].startswith(
        "the budget is spent after 5 of 9 predictions (--budget seconds=7)"
    )


def test_what_does_not_hold_fails_though_the_budget_is_spent(
    server: Any, folder: Path, run: Any
) -> None:
    server.prediction = {"status": "succeeded", "output": "bye"}
    with (folder / "safepush.yaml").open("a") as file:
        file.write("    - inputs: {text: b}\n")

    result = run(folder, "--budget", "1", "--json")

    cases = next(one for one in json.loads(result.stdout)["checks"] if one["name"] == "cases")
    assert (result.exit_code, cases["verdict"]) == (1, "failed")
    assert cases["reasons"][-1].startswith("the budget is spent after 1 of 2 predictions")


def test_parity_that_is_cut_short_is_unsure(server: Any, folder: Path, run: Any) -> None:
    config = folder / "safepush.yaml"
    config.write_text(
        config.read_text().replace("predict:\n", "predict:\n  compare_outputs: true\n")
    )
    server.models.add("me/hello")
    server.aliases["live"] = "c" * 64
    server.states = ["ready"]

    result = run(folder, "--budget", "3", "--json")

    parity = next(one for one in json.loads(result.stdout)["checks"] if one["name"] == "parity")
    assert (result.exit_code, parity["verdict"]) == (3, "unsure")
    assert parity["reasons"][0].startswith("the budget is spent after 2 of 3 predictions")
    assert [one["verdict"] for one in parity["items"]] == ["unsure"]
    assert server.aliases["live"] == "c" * 64


def test_a_meter_counts_from_many_threads() -> None:
    now = [0.0]
    meter = Meter(Budget(predictions=500, seconds=10), clock=lambda: now[0])

    def spend(_: int) -> int:
        spent = 0
        while True:
            try:
                meter.prediction()
            except BudgetSpent:
                return spent
            spent += 1

    assert sum(parallel.each(spend, range(8), 8, lambda: None)) == meter.predictions == 500
    late = Meter(Budget(seconds=10), clock=lambda: now[0])
    late.prediction()
    now[0] = 10.0
    with pytest.raises(BudgetSpent, match="10 seconds"):
        late.prediction()


def test_budgets_are_read() -> None:
    assert options.budget(None) == Budget()
    assert options.budget("20") == Budget(predictions=20)
    assert options.budget("seconds=5, tokens=7") == Budget(seconds=5, tokens=7)


def test_the_first_error_stops_what_is_under_way() -> None:
    stopped, begun = threading.Event(), threading.Event()
    done = []

    def work(number: int) -> int:
        if number == 0:
            begun.wait(20)
            raise ValueError("zero")
        begun.set()
        assert stopped.wait(20)
        done.append(number)
        return number

    with pytest.raises(ValueError, match="zero"):
        parallel.each(work, range(50), 2, stopped.set)

    # what had begun was let go; of the rest at most the one that began in that moment
    assert sorted(done) in ([1], [1, 2])


# init

SOURCE = """\
from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def predict(
        self,
        prompt: str = Input(description="What to draw."),
        mode: str = Input(description="How.", choices=["fast", "fine"]),
        steps: int = Input(description="How long.", ge=2, le=9),
        image: Path = Input(description="To begin with."),
        mask: Path | None = Input(description="Where."),
        seed: int = Input(description="Which.", default=None),
        scale: float = 1.0,
    ) -> Path:
        raise SystemExit("nobody runs me")
"""


def test_a_first_configuration_holds_what_the_source_asks_for(folder: Path, run: Any) -> None:
    (folder / "predict.py").write_text(SOURCE)
    (folder / "safepush.yaml").unlink()

    made = run("init", folder, "--model", "me/drawer")
    again = run("init", folder)

    assert made.exit_code == 0, made.output
    config = load(folder / "safepush.yaml")
    first, second = config.predict.test_cases
    assert config.model == "me/drawer"
    assert config.predict.compare_outputs is True
    assert first.inputs == {"prompt": "hello", "mode": "fast", "steps": 2, "image": init.PICTURE}
    assert (second.inputs, second.error_contains) == ({}, "prompt")
    assert again.exit_code == 2
    assert "is there already; it was left as it is" in again.stderr


@pytest.mark.parametrize(
    "source", ["", "class Predictor:", "def other(): ...", "class Predictor: ..."]
)
def test_a_source_that_tells_nothing_makes_a_configuration_all_the_same(
    folder: Path, run: Any, source: str
) -> None:
    (folder / "predict.py").write_text(source)
    (folder / "safepush.yaml").unlink()

    assert run("init", folder).exit_code == 0
    (case,) = load(folder / "safepush.yaml").predict.test_cases
    assert (load(folder / "safepush.yaml").model, case.inputs) == ("me/model", {})


def test_init_needs_a_model_folder_and_a_name(tmp_path: Path, folder: Path, run: Any) -> None:
    assert "no cog.yaml" in run("init", tmp_path).stderr
    assert "owner/name" in run("init", folder, "--model", "Me").stderr
    with pytest.raises(ConfigInvalid):
        options.checks_named(["x"], "--only", ("lint",))
