"""Configurations and flags of cog-safe-push: they work unchanged, and what differs is said."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from safepush import commands, flags, peer
from safepush.config import Config, Predict, load
from safepush.errors import ConfigInvalid
from safepush.expectations.judged import MatchPrompt
from safepush.expectations.references import MatchUrl
from safepush.expectations.texts import ExactString
from safepush.expectations.values import JqQuery
from safepush.findings import Level
from safepush.testcase import Case

#: the example of Replicate's guide to continuous deployment, as it is there
GUIDE = """
# This is the model that the deployment will use
model: owner/my-model
# A private model to run the test against before pushing
test_model: owner/my-model-test
test_hardware: gpu-l40s
# Define the predict section to run predictions against the test model
predict:
  compare_outputs: false
  predict_timeout: 700
  test_cases:
    - inputs:
        prompt: A formula one car
        seed: 1
    - inputs:
        prompt: A cat
        duration: 4
        negative_prompt: Ginger cat
        frame_image_url: https://tjzk.replicate.delivery/models_models_featured_image/a/output.webp
        seed: 2
"""

EVERYTHING = """
model: owner/my-model
test_model: owner/my-model-test
test_hardware: gpu-l40s
dockerfile: Dockerfile.gpu
parallel: 2
fast_push: true
use_cog_base_image: false
ignore_schema_compatibility: true
official_model: owner/official
deployment: {owner: owner, name: my-model, hardware: gpu-l40s}
predict:
  compare_outputs: true
  predict_timeout: 600
  test_cases:
    - inputs: {prompt: a mountain, steps: [1, 2]}
      match_prompt: a photo of mountains
    - inputs: {prompt: a cat}
      match_url: https://example.com/reference.png
    - inputs: {prompt: ""}
      error_contains: must not be empty
    - inputs: {mode: json}
      jq_query: '.confidence > 0.8 and .status == "success"'
    - inputs: {prompt: echo}
      exact_string: echo
  fuzz:
    fixed_inputs: {seed: 42}
    disabled_inputs: [lora]
    iterations: 5
    duration: 300
    prompt: no faces
train:
  destination: owner/my-dest
  destination_hardware: gpu-l40s
  train_timeout: 900
  test_cases: [{inputs: {data: https://example.com/a.zip}, match_prompt: x}]
  fuzz: {iterations: 2}
"""


def written(tmp_path: Path, text: str, name: str = "cog-safe-push.yaml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_example_of_the_guide_works_unchanged(tmp_path: Path) -> None:
    config = load(written(tmp_path, GUIDE))

    assert config.model == "owner/my-model"
    assert config.predict.predict_timeout_s == 700
    assert config.predict.compare_outputs is False
    assert [case.inputs["seed"] for case in config.predict.test_cases] == [1, 2]
    assert [case.line for case in config.predict.test_cases] == [12, 15]
    told = "\n".join(config.notes)
    assert "test_model: not used: MODEL itself is tested, at the alias staging" in told
    assert "test_hardware: not used" in told


def test_every_key_of_the_peer_is_read(tmp_path: Path) -> None:
    config = load(written(tmp_path, EVERYTHING))

    assert config.parallel == 2
    assert config.compatibility.fail_on is Level.OFF
    assert config.peer.official_model == "owner/official"
    cases = config.predict.test_cases
    assert cases[0].expectations == (MatchPrompt("a photo of mountains"),)
    assert cases[1].expectations == (MatchUrl("https://example.com/reference.png"),)
    assert cases[2].error_contains == "must not be empty"
    assert isinstance(cases[3].expectations[0], JqQuery)
    assert cases[4].expectations == (ExactString("echo"),)
    assert config.predict.fuzz == peer.Fuzz(
        fixed_inputs={"seed": 42}, disabled_inputs=("lora",), iterations=5, prompt="no faces"
    )
    assert config.train is not None
    assert (config.train.train_timeout_s, len(config.train.test_cases)) == (900.0, 1)
    assert config.train.fuzz == peer.Fuzz(iterations=2)
    assert {note.partition(":")[0] for note in config.notes} >= set(peer.INSTEAD) - {
        "train.fuzz.duration"
    }


def test_the_peers_defaults_are_kept_for_its_file_and_ours_for_ours(tmp_path: Path) -> None:
    text = "model: me/hello\n"

    theirs, ours = load(written(tmp_path, text)), load(written(tmp_path, text, "safepush.yaml"))

    assert (theirs.predict.compare_outputs, ours.predict.compare_outputs) == (True, False)
    assert not ours.notes
    folder = tmp_path / "cog-safe-push-configs"
    folder.mkdir()
    assert load(written(folder, text, "schnell.yaml")).predict.compare_outputs is True


def test_null_is_not_given_in_the_peers_file_and_wrong_in_ours(tmp_path: Path) -> None:
    text = "model: me/hello\ntrain:\npredict: {test_cases: [{inputs: {}, exact_string: }]}\n"

    (case,) = load(written(tmp_path, text)).predict.test_cases

    assert case.expectations == ()
    with pytest.raises(ConfigInvalid, match="quotes"):
        load(written(tmp_path, text, "safepush.yaml"))


def test_unknown_keys_are_refused_at_every_level_with_their_lines(tmp_path: Path) -> None:
    text = """model: me/hello
test_modle: me/test
deployment: {hardwear: cpu}
predict:
  fuzz: {iteration: 3, fixed_inputs: {a: 1}, disabled_inputs: [a]}
train:
  destinaton: me/x
"""
    with pytest.raises(ConfigInvalid) as caught:
        load(written(tmp_path, text))

    lines = [(one.line, one.place) for one in caught.value.problems]
    assert lines == [
        (2, "test_modle"),
        (3, "deployment.hardwear"),
        (5, "predict.fuzz.iteration"),
        (5, "predict.fuzz"),
        (7, "train.destinaton"),
    ]
    assert "did you mean `test_model`" in caught.value.problems[0].message


# Flags


def given(**flags_: Any) -> dict[str, Any]:
    """What click hands over where nothing but these was said."""
    found = commands.command.commands["push"]
    told = {one.name: () if getattr(one, "multiple", False) else None for one in found.params}
    return {**told, **flags_}


def test_every_flag_of_the_peer_is_there() -> None:
    known = {opt for one in commands.command.commands["push"].params for opt in one.opts}

    assert known >= {
        *("--config", "--help-config", "--test-model", "--no-push", "--test-hardware"),
        *("--no-compare-outputs", "--predict-timeout", "--test-case", "--fuzz-fixed-inputs"),
        *("--fuzz-disabled-inputs", "--fuzz-iterations", "--fuzz-prompt", "--parallel"),
        *("--fast-push", "--ignore-schema-compatibility", "--push-official-model", "-v"),
    }


def test_flags_go_over_the_file_and_need_no_section_in_it() -> None:
    config = flags.apply(
        Config(model="me/hello"),
        given(
            test_cases=("a=1;b=x==you", r"p=one\;two;q=a=b~=a cat", "u=x==https://e.com/a.png"),
            no_compare_outputs=True,
            predict_timeout=9.0,
            fuzz_fixed_inputs="url=https://e.com/?a=1;n=07",
            fuzz_disabled_inputs="x;y",
            fuzz_iterations=3,
            fuzz_prompt="short",
            parallel=7,
            ignore_schema_compatibility=True,
            test_model="me/test",
        ),
    )

    first, second, third = config.predict.test_cases
    assert (first.inputs, first.expectations) == ({"a": 1, "b": "x"}, (ExactString("you"),))
    assert second.inputs == {"p": "one;two", "q": "a=b"}
    assert second.expectations == (MatchPrompt("a cat"),)
    assert third.expectations == (MatchUrl("https://e.com/a.png"),)
    assert config.predict.fuzz == peer.Fuzz(
        fixed_inputs={"url": "https://e.com/?a=1", "n": "07"},
        disabled_inputs=("x", "y"),
        iterations=3,
        prompt="short",
    )
    assert (config.parallel, config.predict.predict_timeout_s) == (7, 9.0)
    assert config.compatibility.fail_on is Level.OFF
    assert config.notes == (
        "--ignore-schema-compatibility: what compatibility finds is told, and fails nothing",
        f"test_model: {peer.INSTEAD['test_model']}",
    )


def test_what_a_flag_puts_aside_is_noted() -> None:
    told = Predict(test_cases=(Case(inputs={}), Case(inputs={"a": 1})), compare_outputs=True)
    config = Config(model="me/hello", predict=told)

    assert flags.apply(config, given()).notes == ()
    changed = flags.apply(config, given(test_cases=("a=2",), no_compare_outputs=True))
    assert changed.notes == (
        "--test-case: stands in place of the configuration's test cases (2)",
        "--no-compare-outputs: the configuration has outputs compared",
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("true", True), ("False", False), ("7", 7), ("-1", -1), ("07", "07"), ("1.5", 1.5)),
        *(("1e3", "1e3"), ("nan", "nan"), ("", ""), ("1_000", "1_000")),
    ],
)
def test_values_are_guessed_only_where_they_are_written_so(text: str, value: Any) -> None:
    found = flags.value_of(text)

    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("flag", "message"),
    [
        ({"test_cases": ("a",)}, "NAME=VALUE"),
        ({"test_cases": ("a=1~= ",)}, "says nothing"),
        ({"fuzz_fixed_inputs": "=1"}, "NAME=VALUE"),
        ({"fuzz_fixed_inputs": "a=1", "fuzz_disabled_inputs": "a"}, "fixed and disabled"),
        ({"predict_timeout": 0.0}, "above 0"),
        ({"push_official_model": True}, "no official_model"),
    ],
)
def test_a_flag_that_cannot_be_used_is_named(flag: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigInvalid, match=message):
        flags.apply(Config(model="me/hello"), given(**flag))


def test_the_official_model_goes_through_every_check() -> None:
    official = peer.Peer(official_model="them/official")

    config = flags.apply(Config(model="me/hello", peer=official), given(push_official_model=True))

    assert config == dataclasses.replace(
        Config(model="me/hello", peer=official), model="them/official"
    )


# The command


@pytest.fixture
def run(server: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("PENSTOCK_URL", server.url)
    monkeypatch.setenv("PENSTOCK_TOKEN", "t0ken")
    (folder / "safepush.yaml").unlink()
    monkeypatch.chdir(folder)

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(commands.command, words)

    return invoke


def test_the_peers_own_command_line_runs(server: Any, run: Any) -> None:
    result = run("--test-hardware=cpu", "--test-case", "text=you==hello you", "me/other")

    assert result.exit_code == 0, result.output
    assert server.models == {"me/other"}
    assert "note: test_hardware: not used" in result.stdout


def test_its_file_is_found_beside_the_model(server: Any, folder: Path, run: Any) -> None:
    (folder / "cog-safe-push.yaml").write_text(
        "model: me/hello\ntrain: {test_cases: [{inputs: {}}]}\n"
        "predict: {test_cases: [{inputs: {text: you}, jq_query: '. == \"hello you\"'}]}\n"
    )

    result = run("--no-push", "--json")

    told = json.loads(result.stdout)
    verdicts = {one["name"]: one["verdict"] for one in told["checks"]}
    # what it asks for and no server of ours can do is for a person, and never a silent yes
    assert (verdicts["cases"], verdicts["train"]) == ("passed", "unsure")
    assert result.exit_code == 3
    assert any("what is promoted is the version that was tested" in one for one in told["notes"])
    assert server.aliases["live"] is None


def test_help_config_prints_a_configuration_that_can_be_read(run: Any, tmp_path: Path) -> None:
    result = run("--help-config", "me/hello")

    assert load(written(tmp_path, result.stdout)).model == "me/hello"
