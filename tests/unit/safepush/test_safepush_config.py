"""The configuration file: what it makes, and that everything wrong with it is named at once."""

from itertools import pairwise
from pathlib import Path

import pytest

from safepush import testcase
from safepush.config import Config, Predict, load
from safepush.connection import Connection, connection
from safepush.errors import ConfigInvalid, Problem
from safepush.expectations.texts import ExactString
from safepush.testcase import Case

#: no file system has such a name
LONG = "a" * 5000


def load_text(tmp_path: Path, text: str) -> Config:
    path = tmp_path / "safepush.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path)


def problems(tmp_path: Path, text: str) -> list[Problem]:
    with pytest.raises(ConfigInvalid) as caught:
        load_text(tmp_path, text)
    return list(caught.value.problems)


def test_only_the_model_is_needed(tmp_path: Path) -> None:
    assert load_text(tmp_path, "model: me/hello\n") == Config(model="me/hello")


def test_every_key_is_read(tmp_path: Path) -> None:
    text = """
model: me/hello
promote: false
setup_timeout: 60
predict:
  predict_timeout: 2.5
  test_cases:
    - inputs: {text: you, deep: {list: [1, null]}}
      exact_string: ""
    - inputs: {}
      error_contains: "no text"
"""
    cases = (
        Case(inputs={"text": "you", "deep": {"list": [1, None]}}, expectations=(ExactString(""),)),
        Case(inputs={}, error_contains="no text"),
    )

    config = load_text(tmp_path, text)

    predict = Predict(test_cases=cases, predict_timeout_s=2.5)
    assert config == Config(model="me/hello", promote=False, setup_timeout_s=60.0, predict=predict)


def test_an_input_may_be_a_file_beside_the_configuration(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    (folder / "pictures").mkdir(parents=True)
    (folder / "pictures" / "a.png").write_bytes(b"PNG")
    (folder / "b").write_bytes(b"\xff")
    (tmp_path / "secret").write_text("secret")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "loop").symlink_to("loop")
    text = """
model: me/hello
predict:
  test_cases:
    - inputs:
        image: "@pictures/a.png"
        images: ["@b", "https://example.com/@b"]
        left: ["@nobody", "@", "@../secret", "@link", "@pictures", "b", "@a\\0", "@loop", LONG]
""".replace("LONG", f'"@{LONG}"')
    (case,) = load_text(folder, text).predict.test_cases
    assert case.inputs == {
        "image": "data:image/png;base64,UE5H",
        "images": ["data:application/octet-stream;base64,/w==", "https://example.com/@b"],
        "left": [
            *("@nobody", "@", "@../secret", "@link", "@pictures", "b"),
            *("@a\0", "@loop", f"@{LONG}"),
        ],
    }


def test_an_input_that_is_too_large_a_file_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "large.bin").open("wb") as file:
        file.truncate(testcase.MAX_FILE_BYTES + 1)
    text = 'model: me/hello\npredict: {test_cases: [{inputs: {a: "@large.bin"}}]}\n'
    (problem,) = problems(tmp_path, text)
    assert problem.place == "predict.test_cases[0].inputs.a"
    assert "larger than 10 MB" in problem.message


def test_all_problems_are_named_with_their_lines(tmp_path: Path) -> None:
    text = """model: No/Capitals
promot: true
predict:
  predict_timeout: 0
  fuss: {}
  test_cases:
    - inputs: {day: 2026-01-01}
      exact_string: yes
    - exact_string: a
    - inputs: {}
      match_url: a.png
    - inputs: {}
      exact_string: a
      error_contains: b
"""
    found = {(each.line, each.place) for each in problems(tmp_path, text)}

    assert found == {
        (1, "model"),
        (2, "promot"),
        (4, "predict.predict_timeout"),
        (5, "predict.fuss"),
        (7, "predict.test_cases[0].inputs.day"),
        (8, "predict.test_cases[0].exact_string"),
        (9, "predict.test_cases[1]"),
        (11, "predict.test_cases[2].match_url"),
        (12, "predict.test_cases[3]"),
    }


def test_an_unknown_key_gets_a_guess_and_the_known_ones(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "model: me/hello\npromot: true\n")

    assert "did you mean `promote`?" in problem.message
    assert "known here: model, predict, lint, compatibility, setup_timeout" in problem.message


#: 20, 400, 8,000, … values, in a few lines
BOMB = "&a [x], " + ", ".join(
    f"&{name} [{', '.join([f'*{last}'] * 20)}]" for last, name in pairwise("abcdefgh")
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("# nothing\n", "is empty"),
        ("- a\n", "must be a mapping"),
        ("{}\n", "`model` is missing"),
        ("model: [\n", "is not YAML"),
        ("model: me/hello\nmodel: me/other\n", "given twice"),
        ("model: !!python/name:os.system me/hello\n", "is not YAML"),
        ("model: me/hello\npredict: &a\n  test_cases: [*a]\n", "holds itself"),
        (f"model: me/hello\npredict: [{BOMB}]\n", "with each alias written out"),
        ("model: me/hello\npredict:\n", "must be a mapping"),
        ("model: me/hello\npredict: {test_cases: {}}\n", "must be a list"),
        ("model: me/hello\npromote: 1\n", "true or false"),
        ("model: me/hello\n? [a, b]\n: 1\n", "is not YAML"),
        ("model: me/hello\npredict: {test_cases: [{inputs: {}, exact_string: }]}\n", "quotes"),
        ("model: me/hello\npredict: {test_cases: [{inputs: {1: a}}]}\n", "not text"),
        ("model: me/hello\npredict: {test_cases: [{inputs: {a: .inf}}]}\n", "no such number"),
    ],
)
def test_a_broken_file_says_what_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigInvalid, match=message):
        load_text(tmp_path, text)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigInvalid, match=r"nope\.yaml: there is no such file; .* --config"):
        load(tmp_path / "nope.yaml")


def test_the_token_comes_from_the_environment_first(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-file\n")
    data = {"PENSTOCK_DATA": str(tmp_path)}
    url = "http://127.0.0.1:8471"

    assert connection(data) == Connection(url, "from-file")
    assert connection({**data, "PENSTOCK_TOKEN": "mine"}) == Connection(url, "mine")
    assert connection({"PENSTOCK_DATA": str(tmp_path / "none")}) == Connection(url, None)


def test_a_token_is_never_shown() -> None:
    with pytest.raises(ConfigInvalid) as caught:
        connection({"PENSTOCK_TOKEN": "se cret"})

    assert "cret" not in str(caught.value)
    assert "secret" not in repr(Connection("http://a", "secret"))


@pytest.mark.parametrize("url", ["localhost:8471", "ftp://a", "http://", "http://a:x", "http://["])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ConfigInvalid, match="PENSTOCK_URL"):
        connection({"PENSTOCK_URL": url})


def test_a_password_in_the_address_is_refused_unshown() -> None:
    with pytest.raises(ConfigInvalid, match="PENSTOCK_TOKEN") as caught:
        connection({"PENSTOCK_URL": "http://me:hidden@host"})

    assert "hidden" not in str(caught.value)
