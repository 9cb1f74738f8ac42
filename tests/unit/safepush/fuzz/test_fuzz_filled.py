"""Values that hold the mark of another place of a template."""

import html
import json
import re
from typing import Any

import pytest

from safepush.fuzz.relations.filled import FORMS, Filled
from tests.unit.safepush.fuzz.test_fuzz_rows import held

TEXT = {"type": "string"}
PLAIN = "Stands where the template names it."


SIGNS = {"cleaned": lambda value: re.sub(r"\W+", " ", value), "escaped": html.escape}


def filled(way: str, template: str, values: dict[str, str], form: tuple[str, str]) -> str:
    """The template with its places filled; `way`: at once, or one after the other."""
    marks = {f"{form[0]}{name}{form[1]}": value for name, value in values.items()}
    if way == "refused" and any(form[0] in one for one in values.values()):
        raise ValueError("question must hold no marks")
    if way == "again and again" and any(mark in value for mark, value in marks.items()):
        raise TimeoutError
    if way in ("one after the other", "again and again"):
        for mark, value in marks.items():
            template = template.replace(mark, value)
        return template
    places = "|".join(map(re.escape, marks))
    written = SIGNS.get(way, str)
    return re.sub(places, lambda found: written(marks[found[0]]), template)


def causes(
    way: str,
    said: str = PLAIN,
    form: tuple[str, str] = ("{", "}"),
    head: str = "Fills in.",
    *,
    is_in_code: bool = False,
) -> list[str]:
    template = "Notes: {}notes{}\nQuestion: {}question{}".format(*form, *form)
    code = f'"""{head}"""\ndef predict(self):\n    pass\n'
    code += f"TEMPLATE = {template!r}\n" if is_in_code else ""

    def model(notes: str = "It is nine.", question: str = "When?", template: str = template) -> Any:
        return {"prompt": filled(way, template, {"notes": notes, "question": question}, form)}

    properties = {
        "notes": {**TEXT, "default": "It is nine.", "description": said},
        "question": {**TEXT, "default": "When?", "description": PLAIN},
        **({} if is_in_code else {"template": {**TEXT, "default": template}}),
    }
    return held(Filled, model, properties, code)


TOLD = "in 'notes' a mark of the template is filled, and no other is"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("is_in_code", [True, False])
def test_a_mark_in_a_value_that_is_filled_is_found(form: Any, is_in_code: bool) -> None:
    assert causes("one after the other", form=form, is_in_code=is_in_code) == [TOLD]
    assert causes("at once", form=form, is_in_code=is_in_code) == []


def test_a_value_that_is_filled_with_itself_without_end_is_found() -> None:
    assert causes("again and again") == [TOLD]


@pytest.mark.parametrize("way", ["at once", "refused", "cleaned", "escaped"])
@pytest.mark.parametrize("form", [("{", "}"), ("<", ">"), ("%", "%")])
def test_marks_that_come_out_as_other_signs_do_are_let_be(way: str, form: Any) -> None:
    assert causes(way, form=form) == []


@pytest.mark.parametrize(
    ("said", "head", "count"),
    [
        ("Stands for {notes}.", "Fills in.", 1),
        ("Stands for {notes}, letter for letter.", "The template names {notes}, {question}.", 1),
        (PLAIN, "Braces in values mean nothing.", 1),
        ("Notes; they may name {question}.", "Fills in.", 0),
        ("Notes, with {question} in them.", "Fills in.", 0),
        (PLAIN, "A value may hold other places, too.", 0),
        (PLAIN, "Places in values are filled as well.", 0),
        (PLAIN, "In the notes {question} is what is asked.", 0),
        (PLAIN, "Marks of other inputs are removed from values.", 0),
        (PLAIN, "Places are filled one after the other.", 0),
    ],
)
def test_where_words_say_that_values_have_places_nothing_is_made_of_it(
    said: str, head: str, count: int
) -> None:
    assert causes("one after the other", said, head=head) == [TOLD] * count


@pytest.mark.parametrize(("way", "count"), [("one after the other", 1), ("at once", 0)])
def test_values_of_a_document_are_tried_too(way: str, count: int) -> None:
    usual = '{"topic": "tea", "place": "home"}'

    def model(template: str = "{topic} at {place}", values: str = usual) -> str:
        return filled(way, template, json.loads(values), ("{", "}"))

    properties = {
        "template": {**TEXT, "default": "{topic} at {place}"},
        "values": {**TEXT, "default": usual, "description": "A JSON object of texts."},
    }
    told = "in 'topic' a mark of the template is filled, and no other is"
    assert held(Filled, model, properties) == [told] * count


def test_a_text_that_is_a_template_itself_is_no_value() -> None:
    def model(subject: str = "About {name}", name: str = "you", body: str = "Dear {name}") -> str:
        marks = {"{subject}": subject, "{body}": body}
        letter = re.sub(r"{subject}|{body}", lambda one: marks[one[0]], "{subject}: {body}")
        return letter.replace("{name}", name)

    properties = {
        "subject": {**TEXT, "default": "About {name}"},
        "name": {**TEXT, "default": "you"},
        "body": {**TEXT, "default": "Dear {name}"},
    }
    assert held(Filled, model, properties, 'LETTER = "{subject}: {body}"') == []
