"""Settings that are written as pairs of a name and a value."""

import pytest

from safepush.fuzz.fields import fields_of
from safepush.fuzz.layers import Plan, probes
from safepush.fuzz.promises.said import assigned
from tests.unit.safepush.fuzz.test_fuzz_inputs import document, source_of
from tests.unit.safepush.fuzz.test_fuzz_plainly import text


def sent(said: str) -> list[str]:
    fields = fields_of(document({"style": text("", said)}, []))
    return [one["style"] for one in assigned.ideas(fields)]


@pytest.mark.parametrize(
    ("said", "first"),
    [
        (
            "What departs from it: name=value pairs with commas between them, of upper (yes or no),"
            " opening and closing.",
            "upper=yes,opening=Zuvela,closing=Zuvela",
        ),
        ("Options as key=value pairs, such as width=3.", "width=3"),
        ("Settings, key:value, of `mode` (fast/slow) and `level` (1 to 5).", "mode:fast,level:1"),
        ("Pairs of name=value, one per line. Names: size (a number), tone.", "size=2\ntone=Zuvela"),
        ("key=value pairs with semicolons; keys are tone, pace.", "tone=Zuvela;pace=Zuvela"),
        ("name=value pairs; known: 'tone' ('warm' or 'cool') or 'pace'.", "tone=warm,pace=Zuvela"),
    ],
)
def test_pairs_are_sent_as_a_description_writes_them(said: str, first: str) -> None:
    assert sent(said)[0] == first


def test_each_value_comes_and_each_name_alone() -> None:
    said = "name=value pairs of upper (yes or no) and closing."

    told = ["upper=yes,closing=Zuvela", "upper=no,closing=Zuvela"]
    assert sent(said) == [*told, "upper=yes", "upper=no", "closing=Zuvela"]


@pytest.mark.parametrize(
    "said",
    [
        "Some text.",
        "Names of upper, opening and closing.",
        "name=value pairs with commas between them.",
        "The ratio, width:height, of the picture and the frame.",
        "key: value of all, one, each.",
    ],
)
def test_where_no_pairs_or_no_names_are_told_none_are_sent(said: str) -> None:
    assert sent(said) == []


def test_a_file_or_a_choice_is_sent_no_pairs() -> None:
    said = "name=value pairs of upper and closing."
    choice = {**text("", said), "enum": ["", "a"]}

    assert [*assigned.ideas(fields_of(document({"style": choice}, [])))] == []


def test_pairs_are_among_what_is_tried() -> None:
    fields = fields_of(document({"style": text("", "name=value pairs of tone and pace.")}, []))
    plan = Plan(fields=fields, base={}, source=source_of(""), seed=1)

    made = [one for one, _ in zip(probes(plan), range(60), strict=False)]
    assert "tone=Zuvela,pace=Zuvela" in [one.inputs.get("style") for one in made]
