"""Regular expressions of the code that take very long, and the texts that show it."""

import re
from itertools import islice
from typing import Any

import pytest

from safepush.fuzz import layers
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import fields_of
from safepush.fuzz.inputs.regexes import LONGEST, Attack, Expression, attack, attacks, ideas
from safepush.fuzz.sent import file_of
from tests.unit.safepush.fuzz.test_fuzz_inputs import document
from tests.unit.safepush.fuzz.test_fuzz_watched import source_of

TEXT = {"type": "string", "description": "What to read."}


@pytest.mark.parametrize(
    ("pattern", "how", "piece"),
    [
        (r"(?:[A-Z]+\.?,?\s*)+", {"whole": True}, "A"),
        (r"(\w+ ?)+", {"whole": True}, "a"),
        (r"(\d+,?)+;", {}, "0"),
        (r"(a|b|ab)*c", {}, "ab"),
        (r"^(\S+\s?)*$", {}, "a"),
        (r'"([^"]|\\.)*"', {"searched": True}, "\\"),
        (r"(?i)name: (\w+\s?)+\.$", {}, "a"),
        (r".*,.*,.*=x", {}, ","),
        (r"\d+\d+x", {"searched": True}, "0"),
    ],
)
def test_a_piece_that_can_be_taken_in_many_ways_is_found(
    pattern: str, how: dict[str, Any], piece: str
) -> None:
    made = attack(Expression(pattern, **how))

    assert made is not None
    assert made.piece == piece
    fits = re.compile(pattern).fullmatch if how.get("whole") else re.compile(pattern).match
    assert fits(made.begin + made.piece * 3 + made.end) is None


@pytest.mark.parametrize(
    ("pattern", "how"),
    [
        (r"(\w+ ?)+", {}),  # whatever comes after, it fits
        (r"\d+\.\d+", {"whole": True}),
        (r"[a-z0-9._-]{1,64}@[a-z0-9-]{1,63}\.[a-z]{2,10}", {"searched": True}),
        (r"\s+$", {"searched": True}),
        (r"(?:\d{1,3}\.){3}\d{1,3}", {"whole": True}),
        (r'"(?:[^"\\]|\\.)*"', {"searched": True}),
        (r"\*\*(.+?)\*\*", {"searched": True}),
        (r"(?:\w+\s)*\w+", {"whole": True}),
        ("(" * 5, {}),
        ("(?:(?:a{1,8}){1,8}){1,8}", {"whole": True}),  # it has too many parts
        (f"(?:{'|'.join(map(chr, range(200, 280)))}|a+b?)*;".replace("|", "x|"), {}),  # and steps
    ],
)
def test_what_is_taken_in_few_ways_is_let_be(pattern: str, how: dict[str, Any]) -> None:
    assert attack(Expression(pattern, **how)) is None


def test_a_text_is_as_long_as_it_takes_and_as_there_is_room_for() -> None:
    twice = attack(Expression(r"(a+)+$"))
    power = attack(Expression(r".*,.*,.*=x"))
    assert isinstance(twice, Attack)
    assert isinstance(power, Attack)

    assert 40 <= len(twice.text() or "") <= 50
    assert len(twice.text(38) or "") == 38
    assert twice.text(20) is None
    assert len(power.text() or "") == LONGEST
    assert power.text(300) is None


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("import re\nWORDS = re.compile(r'(\\w+ ?)+')\nWORDS.fullmatch('a')", 1),
        ("import re\nWORDS = re.compile(r'(\\w+ ?)+')\nWORDS.match('a')", 0),
        ("import re\nWORDS = r'(\\w+ ?)+'\nre.fullmatch(WORDS, 'a')", 1),
        ("import re\nALL = {'a': rb'(\\d+,?)+;'}\n[re.compile(one).search(b'') for one in ALL]", 1),
        ("import re\nre.match(r'(A+,?)+;', 'a', re.I | re.S)", 1),
        ("ALL = {'a': '(\\\\d+,?)+;'}", 0),
        ("import fnmatch\nfnmatch.match('(a+)+;')", 0),
    ],
)
def test_expressions_are_found_where_the_code_has_them(code: str, count: int) -> None:
    assert len(list(attacks(source_of(code)))) == count


CODE = "import re\nre.match(r'(a+)+;', '')\n"


def test_the_text_comes_by_itself_and_below_the_usual_one() -> None:
    inputs = {
        "text": {**TEXT, "maxLength": 60},
        "words": {"type": "array", "items": TEXT},
        "kind": {"type": "string", "enum": ["a", "b"], "default": "a"},
    }
    fields = fields_of(document(inputs, []))

    made = list(ideas(fields, {"text": "usual", "words": ["some", "more"]}, source_of(CODE)))

    attack = made[0]["text"]
    assert re.fullmatch("a{40,50}!", attack)
    assert made == [
        {"text": attack},
        {"words": [attack]},
        {"text": f"usual\n{attack}"},
        {"words": [f"some\n{attack}"]},
    ]


def test_a_text_file_has_it_too_and_no_other_file() -> None:
    inputs = {name: {"type": "string", "format": "uri"} for name in ("log", "photo")}
    usual = {"log": "data:text/plain;base64,dXN1YWw=", "photo": "data:image/png;base64,dXN1YWw="}

    made = list(ideas(fields_of(document(inputs, [])), usual, source_of(CODE)))

    alone, below = (file_of(one["log"]) for one in made)
    assert alone is not None
    assert below is not None
    assert re.fullmatch(b"a{40,50}!", alone.content)
    assert below.content == b"usual\n" + alone.content


def test_they_are_tried_early() -> None:
    fields = fields_of(document({"text": TEXT}, []))
    plan = layers.Plan(fields=fields, base={"text": "b"}, source=source_of(CODE), seed=1)

    assert [one.layer for one in islice(layers.probes(plan), 2)] == ["regexes", "regexes"]
    assert list(ideas(fields, {"text": "b"}, Source())) == []
