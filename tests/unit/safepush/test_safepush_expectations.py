"""What a test case may expect: each kind, its opposite, and that nothing holds by accident."""

import io
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image, ImageDraw

from safepush.compare import File
from safepush.config import load
from safepush.errors import ConfigInvalid
from safepush.expectations import Evidence, Expectation, Holds, Means, Outcome, ReferenceAway
from safepush.expectations.reading import EXPECTATION_KEYS
from safepush.testcase import Case


def case_of(tmp_path: Path, facts: dict[str, Any]) -> Case:
    path = tmp_path / "safepush.yaml"
    told = {"model": "me/a", "predict": {"test_cases": [{"inputs": {}, **facts}]}}
    path.write_text(yaml.safe_dump(told))
    (case,) = load(path).predict.test_cases
    return case


def expectation(tmp_path: Path, key: str, value: Any) -> Expectation:
    (one,) = case_of(tmp_path, {key: value}).expectations
    return one


def holds(tmp_path: Path, key: str, value: Any, output: Any, **facts: Any) -> Holds:
    return expectation(tmp_path, key, value).look(Evidence(output=output, **facts)).holds


SCHEMA = {"type": "object", "required": ["a"]}
TABLE = [
    ("exact_string", "a", "a", "yes"),
    ("exact_string", "", "b", "no"),
    ("exact_string", "1", 1, "no"),
    ("contains", "ell", "hello", "yes"),
    ("contains", ["h", "o"], "hello", "yes"),
    ("contains", ["h", "x"], "hello", "no"),
    ("contains", "a", 7, "no"),
    ("contains", "hi", File(b"oh hi"), "yes"),
    ("not-contains", "x", "hello", "yes"),
    ("not-contains", "h", "hello", "no"),
    ("regex", "^h.*o$", "hello", "yes"),
    ("regex", "^x", "hello", "no"),
    ("similar_to", {"text": "a b c d", "at_least": 0.7}, "a b x d", "yes"),
    ("similar_to", "a b c d", "a q r s", "no"),
    ("similar_to", "a", "", "no"),
    ("json_schema", SCHEMA, {"a": 1}, "yes"),
    ("json_schema", SCHEMA, '{"a": 1}', "yes"),
    ("json_schema", SCHEMA, {"b": 1}, "no"),
    ("json_schema", SCHEMA, File(b"\xff\xfe"), "no"),
    ("number", 3, 3.0, "yes"),
    ("number", 3, True, "no"),
    ("number", {"equals": 0.3, "tolerance": 0.1}, 0.4, "yes"),
    ("number", {"equals": 0.3, "tolerance": 0.1}, 0.41, "no"),
    ("number", {"equals": 1, "at": "scores.1.p"}, {"scores": [0, {"p": 1}]}, "yes"),
    ("number", {"equals": 1, "at": "scores.9"}, {"scores": [1]}, "no"),
    ("number", 1, float("nan"), "no"),
    ("number", {"equals": 1, "tolerance": 1e9}, float("nan"), "no"),
    ("jq_query", ".a > 1", {"a": 2}, "yes"),
    ("jq_query", ".a", {"a": 0}, "no"),
    ("jq_query", ".[]", [], "no"),
    ("jq_query", ".a.b", {"a": 1}, "no"),
    ("jq_query", ".a", '{"a": true}', "yes"),
    ("at_least", {"count": 2, "of": [{"contains": "a"}, {"contains": "b"}]}, "ab", "yes"),
    ("at_least", {"count": 2, "of": [{"contains": "a"}, {"not-regex": "b"}]}, "ab", "no"),
    ("not-at_least", {"count": 1, "of": [{"contains": "x"}]}, "ab", "yes"),
]


@pytest.mark.parametrize(("key", "value", "output", "expected"), TABLE)
def test_each_kind(tmp_path: Path, key: str, value: Any, output: Any, expected: str) -> None:
    assert holds(tmp_path, key, value, output) == expected


def test_every_kind_is_tried_somewhere_here() -> None:
    here = Path(__file__).read_text()

    assert all(f'"{key.removeprefix("not-")}"' in here for key in EXPECTATION_KEYS)


def test_latency_is_what_the_worker_took(tmp_path: Path) -> None:
    assert holds(tmp_path, "latency", 2, "x", latency_s=2.0) == "yes"
    assert holds(tmp_path, "latency", 2, "x", latency_s=2.1) == "no"
    assert holds(tmp_path, "latency", 2, "x") == "no"


def test_cost_is_time_by_price(tmp_path: Path) -> None:
    dear = {"at_most": 0.01, "per_second": 0.005}

    assert holds(tmp_path, "cost", dear, "x", latency_s=2.0) == "yes"
    assert holds(tmp_path, "cost", dear, "x", latency_s=2.1) == "no"
    assert holds(tmp_path, "not-cost", dear, "x", latency_s=2.1) == "yes"
    assert holds(tmp_path, "cost", dear, "x") == "no"


# Files


def png(*damage: tuple[int, int, int, int]) -> bytes:
    image = Image.new("RGB", (64, 64), (90, 120, 200))
    for box in damage:
        ImageDraw.Draw(image).rectangle(box, fill=(0, 0, 0))
    made = io.BytesIO()
    image.save(made, "PNG")
    return made.getvalue()


def test_a_file_beside_the_configuration_is_compared_by_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "want.png").write_bytes(png())
    one = expectation(tmp_path, "match_file", "want.png")

    assert one.look(Evidence(output=[File(png())])).holds is Holds.YES
    bad = one.look(Evidence(output=File(png((40, 8, 50, 20)))))
    assert bad.holds is Holds.NO
    ((name, picture, squares),) = bad.pictures
    assert (name, "🟥" in squares) == ("match_file", True)
    assert Image.open(io.BytesIO(picture)).width > 3 * 64
    assert one.look(Evidence(output=[File(png())] * 2)).holds is Holds.NO
    assert one.look(Evidence(output="https://e.com/want.png")).holds is Holds.NO


def test_an_address_that_gives_nothing_is_no_verdict(tmp_path: Path) -> None:
    one = expectation(tmp_path, "match_url", "https://e.com/a.png")

    def away(address: str) -> bytes:
        raise ReferenceAway(address, "status 404")

    found = one.look(Evidence(output=File(png()), means=Means(fetch=away)))
    assert (found.holds, "status 404" in found.reason) == (Holds.UNSURE, True)
    fine = Means(fetch=lambda address: png())
    assert one.look(Evidence(output=File(png()), means=fine)).holds is Holds.YES


# A program's word


@pytest.mark.parametrize(
    ("source", "expected", "reason"),
    [
        ("assert told['output'] == 'hi' and told['inputs'] == {'a': 1}", "yes", ""),
        ("print('too loud'); sys.exit(1)", "no", "too loud"),
        ("print('hard to say'); sys.exit(2)", "unsure", "hard to say"),
        ("sys.exit(1)", "unsure", "broke"),  # so does Python itself where it fails
        ("import nowhere", "unsure", "No module named"),
        ("assert 'PENSTOCK_TOKEN' not in os.environ", "yes", ""),
        ("assert 'ANTHROPIC_API_KEY' not in os.environ", "yes", ""),
    ],
)
def test_a_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, expected: str, reason: str
) -> None:
    monkeypatch.setenv("PENSTOCK_TOKEN", "secret")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "secret")
    head = "import json, os, sys\ntold = json.load(sys.stdin)\n"
    (tmp_path / "look.py").write_text(head + source)

    found = expectation(tmp_path, "script", "look.py").look(Evidence(output="hi", inputs={"a": 1}))

    assert (found.holds.value, reason in found.reason) == (expected, True)


def test_a_script_gets_files_as_paths(tmp_path: Path) -> None:
    (tmp_path / "look.py").write_text(
        "import json, sys\n(one,) = json.load(sys.stdin)['output']\n"
        "assert open(one['file'], 'rb').read() == b'abc'\n"
    )

    assert holds(tmp_path, "script", "look.py", [File(b"abc")]) == "yes"


# The judge


def says(word: str) -> Means:
    return Means(judge=lambda wish, inputs, output: Outcome(Holds(word), "so"))


@pytest.mark.parametrize(
    ("key", "word", "expected"),
    [
        ("match_prompt", "yes", "yes"),
        ("match_prompt", "no", "no"),
        ("match_prompt", "unsure", "unsure"),
        ("not-match_prompt", "yes", "no"),
        ("not-match_prompt", "unsure", "unsure"),
    ],
)
def test_the_judges_word(tmp_path: Path, key: str, word: str, expected: str) -> None:
    assert holds(tmp_path, key, "a cat", "x", means=says(word)) == expected


def test_what_is_open_may_leave_a_set_open_but_never_helps_it(tmp_path: Path) -> None:
    of = [{"contains": "a"}, {"match_prompt": "x"}, {"contains": "z"}]
    two, three = ({"count": count, "of": of} for count in (2, 3))

    assert holds(tmp_path, "at_least", two, "a", means=says("unsure")) == "unsure"
    assert holds(tmp_path, "at_least", three, "a", means=says("unsure")) == "no"


# What cannot be used


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"contains": ""}, "always hold"),
        ({"contains": []}, "list of texts"),
        ({"regex": "("}, "no regular expression"),
        ({"regex": ""}, "always hold"),
        ({"not-regex": ""}, "always hold"),
        ({"jq_query": ".a >"}, "cannot be used"),
        ({"json_schema": {"type": "objekt"}}, "no JSON Schema"),
        ({"number": "3"}, "must be a mapping"),
        ({"number": {"tolerance": 1}}, "`equals` is missing"),
        ({"similar_to": {"text": "a", "at_least": 2}}, "from 0 to 1"),
        ({"similar_to": {"text": "a", "at_least": 0}}, "always hold"),
        ({"latency": 0}, "seconds above 0"),
        ({"cost": {"at_most": 1}}, "`per_second` is missing"),
        ({"cost": {"at_most": -1, "per_second": 1}}, "at_most"),
        ({"match_url": "a.png"}, "match_file"),
        ({"match_file": "none.png"}, "no such file"),
        ({"script": "none.py"}, "no such file"),
        ({"match_prompt": " "}, "says nothing"),
        ({"at_least": {"count": 3, "of": [{"contains": "a"}]}}, "3 of 1"),
        ({"at_least": {"count": 1, "of": [{"contain": "a"}]}}, "did you mean `contains`"),
        ({"error_contains": "a", "contains": "b"}, "keep one kind"),
        ({"must_hold": 2}, "never hold"),
        ({"contians": "a"}, "did you mean `contains`"),
    ],
)
def test_what_cannot_be_used_is_refused(
    tmp_path: Path, facts: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigInvalid, match=message):
        case_of(tmp_path, facts)
