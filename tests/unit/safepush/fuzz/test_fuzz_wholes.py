"""What the parts of an output have to make together, and what is told of them in so many words."""

import io
import json
import zipfile
from typing import Any

import numpy as np
import pytest
from PIL import Image

from safepush.compare import File
from safepush.fuzz.corpus import pictures
from safepush.fuzz.fields import Field, fields_of
from safepush.fuzz.inputs import awkward, beside, edits
from safepush.fuzz.promises import measured, members, promise, sides, sizes
from safepush.fuzz.promises.parts import is_number
from safepush.fuzz.promises.said import amounts, clear, figures
from safepush.fuzz.promises.said.sentences import Said
from safepush.fuzz.relations import collisions, learned
from tests.unit.safepush.fuzz.test_fuzz_campaign import fuzz as tried
from tests.unit.safepush.fuzz.test_fuzz_campaign import rules
from tests.unit.safepush.fuzz.test_fuzz_inputs import document
from tests.unit.safepush.fuzz.test_fuzz_promises import FILE, LIST
from tests.unit.safepush.fuzz.test_fuzz_relations import TEXT, causes, given, source_of

WHOLE = {"type": "integer", "minimum": 0, "maximum": 864000, "default": 1200}


def made(output: Any, **inputs: Any) -> promise.Made:
    return promise.Made(inputs=inputs, changed=frozenset(), output=output)


def only(promises: Any, words: str) -> Any:
    """The promise of these words."""
    return next(one for one in promises if words in one.broken)


def fields(**properties: Any) -> tuple[Field, ...]:
    return fields_of(document(properties, []))


def png(picture: Image.Image) -> File:
    content = io.BytesIO()
    picture.save(content, "png")
    return File(content.getvalue())


# What is sent


def test_lists_of_one_item_over_and_over_are_sent_together() -> None:
    told = fields(
        titles={**LIST, "default": ["a", "b"]}, texts={**LIST, "default": ["c", "d"]}, few=LIST
    )
    ideas = list(beside.ideas(told, {}))

    assert {"titles": ["a", "a"], "texts": ["c", "c"]} in ideas
    assert {"texts": ["c", "c"]} in ideas


def test_signs_that_can_all_be_printed_are_sent() -> None:
    (text,) = fields(text=TEXT)

    assert awkward.MARKUP in list(awkward.values(text))
    assert awkward.MARKUP.isprintable()
    assert {"&", "<", '"', "'"} <= set(awkward.MARKUP)


def test_a_line_comes_again_later_and_names_differ_in_their_signs() -> None:
    assert "team,points\nred,1\nblue,2\nred,1" in list(edits.agreeing("team,points\nred,1\nblue,2"))
    assert list(edits.agreeing("Room one, Hall, Yard")) == ["Room one, Room-one, Yard"]
    assert list(edits.agreeing("one, two")) == []


# Counts


@pytest.mark.parametrize(
    ("said", "unit"),
    [
        ("the result has at most so many characters.", "character"),
        ("at most so many results.", "result"),
        ("give at most so many passages.", "item"),
        ("never more words than this.", "word"),
    ],
)
def test_what_is_counted_stands_after_its_most(said: str, unit: str) -> None:
    (field,) = fields(limit=WHOLE)

    assert amounts.unit_of(Said(said, field)) == unit


def histogram(values: list[float], *, top: bool) -> dict[str, Any]:
    low, high = min(values, default=0), max(values, default=0) + (1 if top else 0)
    counts = [0] * 4
    for one in values:
        at = int((one - low) / ((high - low) or 1) * 4)
        if at < 4:
            counts[at] += 1
    return {"edges": [low, high], "counts": counts}


@pytest.mark.parametrize(("values", "together"), [([1, 2, 3], 3), ([0, 2, 4, 9], 4)])
def test_counts_beside_others_are_added_up(values: list[float], together: int) -> None:
    assert learned._measures(histogram(values, top=True)) == {learned.TOGETHER: together}
    assert learned._measures({"edges": [1, 2], "scores": [1, 2]}) == {}


@pytest.mark.parametrize(
    ("values", "top", "right"),
    [([0, 2, 4, 9], True, True), ([0, 2, 4, 9], False, False), ([1, 2], False, None),
     (["a", "b", "c"], True, None)],
)  # fmt: skip
def test_numbers_that_are_not_all_counted_are_told(
    values: list[Any], top: bool, right: bool | None
) -> None:
    told = fields(values={"type": "array", "items": {"type": "number"}})
    output = histogram(values if right is not None else [1, 2, 3], top=top)
    one = only(members.promises(told, made(output, values=values), source_of("")), "the counts")

    assert one.kept(made(output, values=values)) is right


def test_what_the_usual_inputs_do_not_follow_is_no_promise() -> None:
    def model(texts: list[str]) -> list[str]:
        return sorted({one.lower().strip() for one in texts})

    inputs = {"texts": {**LIST, "default": ["Zoe", "ZOE", "noon"]}}
    found = causes(lambda texts=("Zoe", "ZOE", "noon"): model(texts), inputs, LIST)

    assert not [one for one in found if "as many items" in one]


@pytest.mark.parametrize(
    ("files", "right"), [({"a.txt": "1", "b.txt": "2"}, True), ({"a.txt": "2"}, False)]
)
def test_one_file_for_each_item_is_held_to(files: dict[str, str], right: bool) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    told = fields(titles=LIST, texts=LIST)
    (one,) = amounts.promises([Said("a zip with one text file for every note.")], told)

    assert one.kept(made(File(content.getvalue()), titles=["a", "a"], texts=["1", "2"])) is right
    assert one.kept(made(File(content.getvalue()), titles=["a"], texts=["1", "2"])) is None


@pytest.mark.parametrize(("names", "right"), [(["red", "blue"], True), (["red", "red"], False)])
def test_one_entry_for_each_name_is_held_to(names: list[str], right: bool) -> None:
    output = [{"name": one, "total": 1} for one in names]
    (one,) = figures.promises([Said("one entry for each name.")], (), made(output))

    assert one.kept(made(output)) is right
    assert not [*figures.promises([Said("one line for each value.")], (), made(output))]


# Sums and spreads


@pytest.mark.parametrize(
    ("shares", "changed", "right"),
    [([300, 300, 600], "weights", True), ([333, 333, 333], "weights", False),
     ([1, 2], "tip", None), (["a"], "weights", None)],
)  # fmt: skip
def test_shares_that_do_not_make_the_amount_are_told(
    shares: list[Any], changed: str, right: bool | None
) -> None:
    told = fields(amount=WHOLE)
    usual = made([300, 300, 600], amount=1200)
    one = only(members.promises(told, usual, source_of("")), "do not make 'amount'")
    later = promise.Made(inputs={"amount": 1200}, changed=frozenset({changed}), output=shares)

    assert one.kept(usual)
    assert one.kept(later) is right


@pytest.mark.parametrize(("spread", "right"), [(9.0, True), (41.0, False)])
def test_a_range_that_is_not_between_its_ends_is_told(spread: float, right: bool) -> None:
    usual = made({"low": 1.0, "high": 6.0, "range": 5.0})
    one = only(members.promises((), usual, source_of("")), "'range' is not")

    assert one.kept(made({"low": 50.0, "high": 59.0, "range": spread})) is right


def test_the_order_of_what_is_alike_otherwise_is_no_order_of_all() -> None:
    said = Said("the most frequent first, equally frequent ones by the alphabet.")

    assert not [
        one for one in figures.promises([said], (), made(["b", "a"])) if "alpha" in one.broken
    ]


@pytest.mark.parametrize(
    ("days", "about", "found"),
    [(False, "", 1), (True, "", 0), (False, "Of a day; it comes round again (modulo).", 0)],
)
def test_an_amount_whose_most_is_written_as_its_least_is_found(
    days: bool, about: str, found: int
) -> None:
    def model(seconds: int = 1200) -> str:
        hours, rest = divmod(seconds if days else seconds % 86400, 3600)
        return f"{hours}:{rest // 60:02}:{rest % 60:02}"

    made = causes(model, {"seconds": {**WHOLE, "description": about}}, {"type": "string"})

    assert len([one for one in made if "is written as the least" in one]) == found


# Pictures and sounds


def laid_on(shade: int) -> File:
    with Image.open(io.BytesIO(pictures.clear().content)) as picture:
        ground = Image.new("RGBA", picture.size, (shade, shade, shade, 255))
        ground.alpha_composite(picture.convert("RGBA"))
        return png(ground.convert("RGB"))


@pytest.mark.parametrize(
    ("said", "shade", "right"),
    [
        ("what is transparent in it becomes white.", 255, True),
        ("what is transparent in it becomes white.", 0, False),
        ("what is transparent in it becomes black.", 0, True),
        ("transparent parts are shown on white.", 120, False),
    ],
)
def test_transparency_that_is_told_to_become_a_colour_does(
    said: str, shade: int, right: bool
) -> None:
    (one,) = clear.promises([Said(said)])
    usual = pictures.image("usual", pictures.scene(64, 48))
    same, other = File(usual.content), png(Image.new("L", (64, 48)))

    assert one.kept(made(laid_on(shade), image=pictures.clear().uri)) is right
    # who makes another picture of it may make anything of what is transparent
    assert [one.kept(made(file, image=usual.uri)) for file in (same, other)] == [True, False]


def test_transparency_of_which_nobody_speaks_may_become_anything() -> None:
    assert not list(clear.promises([Said("a picture."), Said("not transparent on white.")]))


@pytest.mark.parametrize(
    ("said", "size", "right"),
    [
        ("Length of the longer side of the result, in pixels.", (96, 64), True),
        ("Length of the longer side of the result, in pixels.", (144, 96), False),
        ("The shorter side of the preview.", (144, 96), True),
    ],
)
def test_a_side_that_is_told_is_held_to(said: str, size: tuple[int, int], right: bool) -> None:
    told = fields(side={**WHOLE, "default": 96, "description": said})
    one = only(sizes.promises(told, source_of("")), "side is not as")

    assert one.kept(made(png(Image.new("L", size)), side=96)) is right


@pytest.mark.parametrize(
    ("said", "width", "right"),
    [("In pixels.", 400, True), ("In pixels.", 300, False), ("At most, in pixels.", 300, None)],
)
def test_a_width_without_a_height_is_held_to(said: str, width: int, right: bool | None) -> None:
    told = fields(width={**WHOLE, "default": 96, "description": said})
    found = [one for one in sizes.promises(told, source_of("")) if "the width that" in one.broken]
    output = png(Image.new("L", (width, 20)))

    assert [one.kept(made(output, width=400)) for one in found] == [right] * (right is not None)


def test_a_side_of_which_less_is_allowed_is_not() -> None:
    said = "Longest side of the preview; smaller pictures stay as they are."
    told = fields(side={**WHOLE, "description": said})

    assert not [
        one for one in sizes.promises(told, source_of("")) if "side is not as" in one.broken
    ]


@pytest.mark.parametrize(
    ("width", "own", "right"), [(64, 64, True), (30, 30, None), (30, 31, False), (64, 30, True)]
)
def test_a_width_that_is_that_of_the_picture_that_was_made_is_let_be(
    width: int, own: int, right: bool | None
) -> None:
    one = only(measured.promises(fields(image=FILE)), "'width'")
    output = {"picture": png(Image.new("L", (own, 48))), "width": width}

    assert one.kept(made(output, image=pictures.clear().uri)) is right


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("Turns it round; each channel stays on its side.", 1),
        ("Swaps the sides.", 0),
        ("A sound.", 1),
    ],
)
def test_sides_that_are_told_to_stay_are_held_to(said: str, count: int) -> None:
    told = fields(audio={**FILE, "description": said})

    assert len(list(sides.promises(told, source_of("")))) == count


@pytest.mark.parametrize(("wraps_round", "found"), [(True, 1), (False, 0)])
def test_more_light_that_makes_it_darker_is_found(wraps_round: bool, found: int) -> None:
    gain = {"type": "number", "minimum": 0, "maximum": 4, "default": 1.0}
    gain["description"] = "Light is multiplied by it: above 1 brighter."

    def model(gain: float = 1.0) -> tuple[str, bytes]:
        light = np.rint(np.arange(0, 250, 10, dtype=float) * gain)[None]
        kept = light.astype(np.int64) % 256 if wraps_round else light.clip(0, 255)
        return "out.png", png(Image.fromarray(kept.astype(np.uint8))).content

    made = causes(model, {"gain": gain}, FILE)

    assert len([one for one in made if "something goes down" in one]) == found


@pytest.mark.parametrize(
    ("said", "default", "falls_back", "found"),
    [
        ("How loud.", 0.8, True, 1),
        ("How loud.", 0.8, False, 0),
        ("How loud; 0 leaves it as it is.", 0.8, True, 0),
        ("How loud.", None, True, 1),
    ],
)
def test_nothing_of_something_that_is_read_as_not_given_is_found(
    said: str, default: float | None, falls_back: bool, found: int
) -> None:
    loud = {"type": "number", "minimum": 0, "maximum": 4, "description": said}
    loud |= {"default": default} if default is not None else {"nullable": True}

    def model(volume: float | None = default) -> str:
        usual = 0.8 if volume is None or (falls_back and not volume) else volume
        return f"at {usual:.3f}"

    made = causes(model, {"volume": loud}, {"type": "string"})

    assert len([one for one in made if "0 in 'volume' gives what is usual" in one]) == found


@pytest.mark.parametrize(
    ("said", "way", "found"),
    [
        ("Where to look.", "or", 1),
        ("Where to look.", "plain", 0),
        ("Where to look.", "sum", 0),
        ("Where to look; empty values are passed over.", "or", 0),
    ],
)
@pytest.mark.parametrize("as_text", [True, False])
def test_nothing_in_a_document_that_is_read_as_not_there_is_found(
    said: str, way: str, found: int, as_text: bool
) -> None:
    usual = {"goods": "tea", "count": 12}

    def model(document: Any = usual) -> str:
        row = document
        if isinstance(document, str):
            try:
                row = json.loads(document)
            except ValueError:
                row = None
        if not isinstance(row, dict):
            return "none"
        if way == "sum":
            return str(sum(value for value in row.values() if is_number(value)))
        return json.dumps((row.get("count") or None) if way == "or" else row.get("count"))

    kind = {"type": "string", "default": json.dumps(usual)} if as_text else {
        "type": "object", "default": usual}  # fmt: skip
    made = causes(model, {"document": {**kind, "description": said}}, {"type": "string"})

    assert len([one for one in made if "count as if nothing were there" in one]) == found


# Names in a text, and refusals


def test_names_between_commas_are_items() -> None:
    assert collisions._items("Room one, Room-one, Yard", 3) == ["Room one", " Room-one", " Yard"]
    assert collisions._items("a\nb", 2) == ["a", "b"]
    assert collisions._items("data:image/png;base64,AAAA", 2) == []


@pytest.mark.parametrize(
    ("said", "message", "found"),
    [
        ("How deep.", "deepest must not be 0", {"fuzz-refused"}),
        ("Refuse deeper brackets than that.", "deepest is not as deep as the brackets", set()),
        ("How deep.", "more brackets than deepest", set()),
    ],
)
def test_a_limit_on_what_is_refused_contradicts_nothing(
    said: str, message: str, found: set[str]
) -> None:
    deepest = {"type": "integer", "minimum": 0, "maximum": 50, "default": 50, "description": said}

    def model(deepest: int = 50) -> str:
        if deepest == 0:
            raise ValueError(message)
        return "fine"

    assert rules(tried(model, {"deepest": deepest})[0]) == found


@pytest.mark.parametrize("folds", [True, False])
def test_places_under_a_switch_are_moved_too(folds: bool) -> None:
    def model(text: str = "A cat and a cat.", ignore_case: bool = False) -> dict[str, Any]:
        within = text.casefold() if ignore_case and folds else text
        return {"offsets": [at for at in range(len(within)) if within.startswith("cat", at)]}

    switch = {"type": "boolean", "default": False}
    inputs = {**given(text="A cat and a cat."), "ignore_case": switch}
    made = causes(model, inputs, {"type": "object"})

    assert ("places in 'text' are not moved by all that is put before it" in made) is folds
