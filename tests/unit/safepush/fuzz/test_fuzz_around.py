"""What more of something changes and what it must not: words around a text, items, strengths."""

import io
import itertools
import re
from typing import Any

import pytest
from PIL import Image, ImageFilter

from safepush.compare import File
from safepush.fuzz.fields import fields_of
from safepush.fuzz.inputs import awkward, usual
from safepush.fuzz.promises import outputs
from safepush.fuzz.promises.parts import joined
from tests.unit.safepush.fuzz.test_fuzz_campaign import fuzz as tried
from tests.unit.safepush.fuzz.test_fuzz_campaign import rules
from tests.unit.safepush.fuzz.test_fuzz_containers import drawn, file
from tests.unit.safepush.fuzz.test_fuzz_elsewhere import Elsewhere
from tests.unit.safepush.fuzz.test_fuzz_inputs import document
from tests.unit.safepush.fuzz.test_fuzz_promises import FILE, LIST, Made
from tests.unit.safepush.fuzz.test_fuzz_relations import TEXT, causes, given, source_of

OBJECT = {"type": "object"}
OBJECTS = {"type": "array", "items": OBJECT}

# Texts


def marked(text: str, *, lowered: bool) -> dict[str, Any]:
    """Stars around a word, at its place in the text or in small letters of it."""
    inside = text.lower() if lowered else text
    found = inside.find("password")
    if found < 0:
        return {"text": text, "count": 0}
    end = found + len("password")
    return {"text": f"{text[:found]}*{text[found:end]}*{text[end:]}", "count": 1}


@pytest.mark.parametrize("lowered", [True, False])
def test_letters_that_move_what_comes_after_them_are_found(lowered: bool) -> None:
    made = causes(
        lambda text="keep the password safe": marked(text, lowered=lowered),
        given(text="keep the password safe"),
        OBJECT,
    )

    told = "letters of other lengths before 'text' change what comes after"
    assert made == [told] * lowered


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (r"[^.!?]*[.!?]", ["what 'text' ends with is lost without a full stop"]),
        (r"[^.!?]+[.!?]?", []),
        (r"[^\n]+\n", ["what 'text' ends with is lost without a line break"]),
        (r"^[^.!?]+[.!?]?", []),  # the first sentence alone
        (r"nine|door|[A-Z]\w+\.", []),  # some words alone
    ],
)
def test_the_end_of_a_text_that_is_lost_is_found(pattern: str, found: list[str]) -> None:
    said = "We begin at nine.\nUse the side door.\n"
    # of a long text without an end the first would take very long
    made = causes(lambda text=said: re.findall(pattern, text[:500]), given(text=said), LIST)

    assert [one for one in made if "ends with" in one] == found


def test_the_only_text_of_an_object_is_what_it_says() -> None:
    assert joined({"text": "one", "count": 3, "files": ["a"]}) == "one"
    assert joined({"title": "one", "text": "two"}) is None


def test_an_object_with_more_than_at_most_is_found() -> None:
    most = {"type": "integer", "minimum": 10, "maximum": 5000, "default": 1000}
    most["description"] = "The answer has at most so many characters."

    def model(text: str = "mail me at a@b.example", limit: int = 1000) -> dict[str, Any]:
        count = text.count("a@b.example")
        hidden = text.replace("a@b.example", "[hidden]")
        return {"text": hidden[:limit] if count else hidden, "count": count}

    inputs = {**given(text="mail me at a@b.example"), "limit": most}

    assert "the output has more characters than 'limit' allows" in causes(model, inputs, OBJECT)


# Items


@pytest.mark.parametrize(
    ("blank", "about", "found"),
    [
        (False, "Blank ones are skipped. A mark names a comment by its place in this list.", 1),
        (True, "Blank ones are skipped. A mark names a comment by its place in this list.", 0),
        (False, "Blank ones do not count. A mark names a comment by its place.", 0),
    ],
)
def test_places_that_are_counted_without_what_is_empty_are_found(
    blank: bool, about: str, found: int
) -> None:
    usual = ["a lovely photo", "what a scam", "thanks"]

    def model(comments: list[str]) -> list[dict[str, Any]]:
        kept = [one for one in comments if blank or one.strip()]
        return [{"index": at, "score": 1.0} for at, one in enumerate(kept) if "scam" in one]

    inputs = {"comments": {**LIST, "default": usual, "description": about}}
    made = causes(lambda comments=usual: model(comments), inputs, OBJECTS)

    assert len([one for one in made if "an empty one before them" in one]) == found


def test_sentences_in_a_list_are_unlike_each_other() -> None:
    (field,) = fields_of(document({"texts": LIST}, []))
    made = awkward.filled(["Boats came to the harbour."], 12, field)

    assert len(made) == len(set(made)) == 12
    assert len({one.split()[0] for one in made[:8]}) == 8
    assert awkward.filled(["C"], 3, field) == ["C0", "C1", "C2"]


def test_results_in_the_order_in_which_they_are_done_are_found() -> None:
    calls = itertools.count()

    def model(texts: list[str]) -> list[list[str]]:
        made = [sorted(one.split())[:2] for one in texts]
        at = next(calls) % len(made) if made else 0
        return made[at:] + made[:at]

    inputs = {"texts": {**LIST, "default": ["Boats came to the harbour."]}}
    outcome, _ = tried(
        lambda texts=("Boats came to the harbour.",): model(texts),
        inputs,
        output={"type": "array", "items": LIST},
        budget=100,
    )

    assert "fuzz-state-leak" in rules(outcome)


# Numbered files


@pytest.mark.parametrize(
    ("names", "by_name"),
    [
        (["page-1.txt", "page-10.txt", "page-2.txt"], True),
        (["page-1.txt", "page-2.txt", "page-10.txt"], False),
        (["page-01.txt", "page-02.txt", "page-10.txt"], False),
        (["page-10.txt", "page-2.txt", "page-1.txt"], False),
        (["a-1.txt", "b-10.txt", "c-2.txt"], False),
        (["one.txt", "two.txt"], False),
        (["1.png"], False),
    ],
)
def test_numbered_files_by_their_names_are_told(names: list[str], by_name: bool) -> None:
    assert outputs.is_by_name(names) is by_name


def test_pages_that_come_by_name_are_found() -> None:
    names = [f"http://host/page-{at}.txt" for at in ("1", "10", "2")]
    found = list(outputs.wrong(names, [File(b"a page")] * 3, None, {}, damaged=False))

    assert [rule for rule, _ in found] == ["fuzz-output-parts"]
    assert not list(outputs.wrong(names[:2], [File(b"a page")] * 2, None, {}, damaged=False))


# How much, how large, how dense


@pytest.mark.parametrize("used", [True, False])
def test_a_strength_that_makes_no_difference_is_found(used: bool) -> None:
    strength = {"type": "number", "minimum": 0, "maximum": 4, "default": 1.0}

    def model(image: str, amount: float = 1.0) -> Made:
        with Image.open(file(image)) as picture:
            percent = round(100 * amount) if used else 150
            mask = ImageFilter.UnsharpMask(2, percent, 0)
            return drawn(picture.convert("RGB").filter(mask) if amount else picture.convert("RGB"))

    made = causes(model, {"image": FILE, "amount": strength}, FILE)

    assert ("'amount' makes no difference, but at its least" in made) is not used


@pytest.mark.parametrize("marked_as", ["dpi", "usual"])
def test_a_picture_that_is_marked_with_another_density_is_found(marked_as: str) -> None:
    dense = {"type": "integer", "enum": [72, 96, 200], "default": 72}

    def model(dpi: int = 72) -> Made:
        content = io.BytesIO()
        density = dpi if marked_as == "dpi" else 72
        Image.new("L", (dpi, dpi)).save(content, "png", dpi=(density, density))
        return "out.png", content.getvalue()

    made = causes(model, {"dpi": dense}, FILE)

    assert ("the output has not the density that 'dpi' says" in made) is (marked_as == "usual")


@pytest.mark.parametrize(
    ("said", "after", "found"),
    [
        ("The preview is at most this wide.", True, 1),
        ("The preview is at most this wide.", False, 0),
        ("Where to fit it in.", True, 0),
    ],
)
def test_a_picture_that_is_turned_after_it_was_fitted_is_found(
    said: str, after: bool, found: int
) -> None:
    side = {"type": "integer", "minimum": 16, "maximum": 512, "default": 100, "description": said}
    turns = {"type": "integer", "enum": [0, 90], "default": 0}

    def model(image: str, max_width: int = 100, turn: int = 0) -> Made:
        with Image.open(file(image)) as opened:
            picture = opened.convert("RGB")
        if not after:
            picture = picture.rotate(turn, expand=True)
        share = min(1.0, max_width / picture.width)
        size = [max(1, int(one * share)) for one in picture.size]
        # of a picture that lies the height is not looked at
        picture = picture.resize((size[0], max(size) * 2 if after else size[1]))
        return drawn(picture.rotate(turn, expand=True) if after else picture)

    made = causes(model, {"image": FILE, "max_width": side, "turn": turns}, FILE)

    assert len([one for one in made if "larger than 'max_width'" in one]) == found


@pytest.mark.parametrize(
    ("said", "found"),
    [("Columns.", 1), ("Columns; a box that leaves the picture is made smaller.", 0)],
)
def test_a_part_that_may_be_smaller_is_no_size(said: str, found: int) -> None:
    side = {"type": "integer", "minimum": 1, "maximum": 1000, "default": 40}

    def model(width: int = 40, height: int = 40) -> Made:
        return drawn(Image.new("L", (min(width, 100), min(height, 100))))

    inputs = {"width": {**side, "description": said}, "height": side}

    assert len([one for one in causes(model, inputs, FILE) if "as large as" in one]) == found


@pytest.mark.parametrize(("said", "found"), [("", 1), ("Noise may lead below 0.", 0)])
def test_an_amount_that_is_told_to_be_negative_may_be(said: str, found: int) -> None:
    switch = {"type": "boolean", "default": False, "description": said}

    def model(noise: bool = False) -> list[dict[str, Any]]:
        return [{"answer": "yes", "count": -1 if noise else 3}]

    made = causes(model, {"noise": switch}, OBJECTS)

    assert len([one for one in made if "less than nothing" in one]) == found


# What is sent to begin with


@pytest.mark.parametrize(
    ("properties", "files"),
    [
        ({"image": FILE}, [True, False]),
        ({"image": FILE, "text": TEXT}, [False]),  # it may be about the text alone
        ({"image": FILE, "mask": FILE}, [True, False]),
    ],
)
def test_a_model_that_has_its_own_file_is_sent_one(
    properties: dict[str, Any], files: list[bool]
) -> None:
    fields = fields_of(document(properties, []))
    made = [bool(one.get("image")) for one in usual.inputs(fields, {})]

    assert list(dict.fromkeys(made)) == files
    assert made[-1] is False


# What is kept


@pytest.mark.parametrize("whole", [True, False])
def test_a_switch_that_a_key_lacks_is_found(whole: bool) -> None:
    def keeping() -> Any:
        known: dict[Any, str] = {}

        def model(text: str = "a b c", light: bool = False) -> str:
            key = (text, light) if whole else text
            return known.setdefault(key, f"{text} {light}")

        return model

    switch = {"type": "boolean", "default": False}
    code = "class Predictor:\n    def setup(self):\n        self.known = {}\n"
    code += "    def predict(self, text, light):\n        self.known[text] = light"
    outcome, _ = tried(
        keeping(),
        {"text": {**TEXT, "default": "a b c"}, "light": switch},
        source=source_of(code),
        elsewhere=Elsewhere(keeping()),
    )

    assert bool(rules(outcome)) is not whole
