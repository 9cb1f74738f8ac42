"""Texts in pieces, with places, in lines, or none of them: as is told, whatever is sent."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import fields_of
from safepush.fuzz.promises.said import pieces, values
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.promises.said.turned import _rows, about
from safepush.fuzz.promises.said.values import is_less
from tests.unit.safepush.fuzz.test_fuzz_campaign import fuzz
from tests.unit.safepush.fuzz.test_fuzz_inputs import document
from tests.unit.safepush.fuzz.test_fuzz_said import LIST_OF_TEXTS, found, listed, text, whole
from tests.unit.safepush.fuzz.test_fuzz_watched import source_of

# Places in a text

CALL = "Call 555 0199 before 12 o'clock."
MISPLACED = "a piece of 'text' is not where the output says that it begins and ends"


def places(text: str, shift: Callable[[str], int]) -> list[tuple[str, int, int]]:
    """Numbers with where they are, counted in some way."""
    return [
        (one.group(), shift(text[: one.start()]), shift(text[: one.end()]))
        for one in re.finditer(r"\d+", text)
    ]


def in_bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def in_utf_16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def side_by_side(found: list[tuple[str, int, int]]) -> Any:
    return {
        "texts": [one for one, _, _ in found],
        "starts": [at for _, at, _ in found],
        "ends": [at for _, _, at in found],
    }


FORMS: list[Callable[[list[tuple[str, int, int]]], Any]] = [
    lambda found: [{"text": one, "start": a, "end": b} for one, a, b in found],
    lambda found: [{"word": one, "offset": a, "length": b - a} for one, a, b in found],
    lambda found: {"found": [{"match": one, "span": [a, b]} for one, a, b in found]},
    side_by_side,
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("shift", "head", "broken"),
    [
        (len, "", False),
        (in_bytes, "", True),
        (in_utf_16, "", True),
        (in_bytes, "Starts are counted in bytes.", False),
    ],
)
def test_a_piece_that_is_not_where_it_is_told_to_be_is_found(
    form: Callable[[Any], Any], shift: Callable[[str], int], head: str, broken: bool
) -> None:
    def model(text: str = CALL) -> Any:
        return form(places(text, shift))

    head += " Gives where each number begins: its offset."

    assert (
        MISPLACED in found(model, {"text": text("To search.", CALL, maxLength=300)}, head=head)
    ) is broken


@pytest.mark.parametrize(("told", "broken"), [("text[start:end]", True), ("the place", False)])
def test_places_may_be_those_of_the_text_without_blanks_around_it(told: str, broken: bool) -> None:
    def model(text: str = CALL) -> Any:
        return FORMS[0](places(text.strip(), len))

    made = found(
        model, {"text": text("To search.", CALL, maxLength=300)}, head=f"A start; it is {told}."
    )

    assert (MISPLACED in made) is broken


def test_places_within_a_line_are_let_be() -> None:
    def model(text: str = CALL) -> Any:
        return [
            {"line": at, "text": word, "start": start, "end": end}
            for at, line in enumerate(text.split("\n"))
            for word, start, end in places(line, len)
        ]

    inputs = {"text": text("To search.", CALL, maxLength=300)}

    assert MISPLACED not in found(model, inputs, head="Gives each start.")


@pytest.mark.parametrize(
    ("shift", "form", "broken"),
    [
        (len, lambda one, a, b: {"kind": "number", "start": a, "end": b}, False),
        (in_bytes, lambda one, a, b: {"kind": "number", "start": a, "end": b}, True),
        (in_utf_16, lambda one, a, b: {"kind": "number", "offset": a, "length": b - a}, True),
        (in_bytes, lambda one, a, b: {"kind": "number", "start": a // 2, "end": b}, False),
    ],
)
def test_places_without_pieces_are_moved_by_what_comes_before(
    shift: Callable[[str], int], form: Callable[[str, int, int], Any], broken: bool
) -> None:
    def model(text: str = CALL) -> Any:
        return [form(*one) for one in places(text, shift)]

    told = "places in 'text' are not moved by all that is put before it"
    made = found(model, {"text": text("To search.", CALL, maxLength=300)})

    assert (told in made) is broken


@pytest.mark.parametrize("lowered", [True, False])
def test_places_of_pieces_in_small_letters_are_those_of_the_text(lowered: bool) -> None:
    usual = "The Lake lies north; a lake, not a pond."

    def model(text: str = usual) -> Any:
        seen = text.lower() if lowered else text
        known = [*re.finditer("lake|pond", seen, re.IGNORECASE)]
        words = [one[0].lower() for one in known]
        ends = [one.end() for one in known]
        return {"words": words, "starts": [one.start() for one in known], "ends": ends}

    made = found(model, {"text": text("To tag.", usual)}, head="text[start:end] is the term.")

    assert (MISPLACED in made) is lowered


# Pieces that are a text together

PIECES = "the pieces of 'text' are not the text together, as is told"


def twice_at_the_end(text: str) -> list[str]:
    parts = re.findall(r"[^.]+\.?", text)
    return [*parts, *parts[-1:]] if text.endswith(".") else parts


def by_words(text: str) -> list[str]:
    return [f"{one} " for one in text.split()]


@pytest.mark.parametrize(
    ("said", "cut", "broken"),
    [
        ("The pieces, put together, are this text.", twice_at_the_end, True),
        ("The pieces, put together, are this text.", lambda text: [text[:5], text[5:]], False),
        ("The pieces, put together, are this text.", lambda text: [text.rstrip("\n")], True),
        ("The pieces joined hold all letters.", lambda text: [text.rstrip("\n")], False),
        ("Together they hold every word of the text.", by_words, False),
        ("No word is lost.", lambda text: by_words(text)[: len(text.split()) // 4 * 4], True),
        ("Nothing is lost but blanks.", twice_at_the_end, False),
        ("The text to cut.", twice_at_the_end, False),
    ],
)
def test_pieces_that_are_not_the_text_are_found(
    said: str, cut: Callable[[str], list[str]], broken: bool
) -> None:
    usual = "The kettle sings. The clock waits for us"
    causes = found(
        lambda text=usual: cut(text),
        {"text": text(f"A text. {said}", usual, maxLength=300)},
        LIST_OF_TEXTS,
    )

    assert causes == [PIECES] * broken


@pytest.mark.parametrize(
    ("said", "is_told"),
    [
        ("Concatenating the output yields the original message.", True),
        ("The pieces in order reproduce the text exactly.", True),
        ("All characters of the text are kept.", True),
        ("Every letter of the text is in exactly one piece.", True),
        ("Nothing is lost or added.", True),
        ("Joined they are the text without its blanks.", False),
        ("Texts that are sent together.", False),
    ],
)
def test_it_is_told_in_many_words(said: str, is_told: bool) -> None:
    fields = fields_of(document({"text": text(said)}, []))

    made = [pieces.about(one, fields) for one in sentences(fields, Source())]

    assert any(made) is is_told


def test_a_text_that_ends_at_a_limit_is_no_loss() -> None:
    inputs = {
        "text": text("The pieces joined are this text.", "a b", maxLength=300),
        "limit": whole("", 9, 1, 99),
    }

    def model(text: str = "a b", limit: int = 9) -> list[str]:
        return list(re.findall(r"\s*\S+\s*|\s+", text))[:limit]

    assert found(model, inputs, LIST_OF_TEXTS) == []


# One value of a number


@pytest.mark.parametrize(
    ("said", "zero", "broken"),
    [
        ("At most so many; 0 gives an empty list.", None, "there is an output where"),
        ("At most so many; 0 gives an empty list.", 0, None),
        ("At most so many; an empty list if it is 0.", None, "there is an output where"),
        ("At most so many; 0 means no limit.", 0, "there is less where"),
        ("At most so many; 0 means no limit.", None, None),
        ("At most so many; all words if 0.", 0, "there is less where"),
        ("At most so many of each line; 0 gives an empty list.", None, None),
        ("At most so many.", None, None),
    ],
)
def test_what_is_told_of_nought_is_held_to(said: str, zero: int | None, broken: str | None) -> None:
    usual = "the cat saw the dog and the dog saw the cat"

    def model(text: str = usual, limit: int = 5) -> list[str]:
        return text.split()[: limit if limit else zero]

    inputs = {"text": text("Words.", usual, maxLength=300), "limit": whole(said, 5, 0, 90)}
    causes = [one for one in found(model, inputs, LIST_OF_TEXTS) if "as is told" in one]

    assert len(causes) == bool(broken)
    assert all(one.startswith(broken or "") for one in causes)


@pytest.mark.parametrize(
    ("said", "empty", "endless"),
    [
        ("Most words; with 0 the list is empty.", True, False),
        ("How many words. If 0, nothing is returned.", True, False),
        ("How many words; 0 lists none.", True, False),
        ("How many words; 0 means none.", False, False),  # of them, or no limit
        ("Most words, set to 0 to disable the limit.", False, True),
        ("Number of items, -1 means all.", False, True),
        ("At most so many, 0 meaning all of them.", False, True),
        ("How strong; 0 takes all of it.", False, False),
    ],
)
def test_a_value_is_told_of_in_many_words(said: str, empty: bool, endless: bool) -> None:
    fields = fields_of(document({"limit": whole(said, 5, -1, 90)}, []))
    told = sentences(fields, Source())

    assert bool(list(values.promises(told, fields))) is empty
    assert bool(list(values.endless(told))) is endless


def test_less_is_told_of_texts_and_lists_alone() -> None:
    assert is_less([], ["a"])
    assert is_less("a", "ab")
    assert not is_less(["ab"], ["a"])
    assert not is_less({"a": 1}, ["a"])


# Lines in their order

LINES = "Is it?\nIt rains now.\nCome in out of the rain!"
TURNED = "items of '{}' in another order give results that are not theirs"
ORDERED = "Gives one label for each line, in the order of the lines."


def label(line: str) -> str:
    return {"?": "asks", "!": "shouts"}.get(line[-1:], f"says {len(line.split())}")


def unsorted(lines: list[str]) -> list[str]:
    order = sorted(range(len(lines)), key=lambda at: len(lines[at]))
    labels = [label(lines[at]) for at in order]
    return [labels[at] for at in order]


def numbered(lines: list[str]) -> list[str]:
    return [f"{at} {label(line)}" for at, line in enumerate(lines)]


def longer(lines: list[str]) -> list[str]:
    return [f"{len(one) > len(lines[max(0, at - 1)])}" for at, one in enumerate(lines)]


@pytest.mark.parametrize(
    ("head", "labels", "broken"),
    [
        (ORDERED, unsorted, True),
        (ORDERED, lambda lines: [*map(label, lines)], False),
        (ORDERED, numbered, False),
        (ORDERED + " Longer than the one before.", longer, False),
        ("Gives labels.", unsorted, False),
        ("Gives one label for each line, in the order of their lengths.", unsorted, False),
    ],
)
def test_results_that_are_those_of_other_lines_are_found(
    head: str, labels: Callable[[list[str]], list[str]], broken: bool
) -> None:
    made = found(
        lambda lines=LINES: labels(lines.split("\n")),
        {"lines": text("Lines of text.", LINES, maxLength=300)},
        LIST_OF_TEXTS,
        head,
    )

    assert made == [TURNED.format("lines")] * broken


@pytest.mark.parametrize("as_text", [True, False])
def test_results_of_items_and_lines_of_an_answer_are_looked_at_too(as_text: bool) -> None:
    usual = LINES.split("\n")

    def model(texts: Any = tuple(usual)) -> Any:
        made = unsorted([*texts])
        return "\n".join(made) if as_text else {"labels": made}

    inputs = {"texts": listed("Texts; there is one label for each text, in this order.", usual)}

    assert TURNED.format("texts") in found(model, inputs)


def test_a_line_that_is_other_among_longer_ones_is_found() -> None:
    def model(lines: str = LINES) -> list[str]:
        parts = lines.split("\n")
        width = max(map(len, parts))
        return [f"{label(one)} {one.ljust(width)[12:14].isspace()}" for one in parts]

    told = "an item of 'lines' gives something else among others than alone"

    assert told in found(
        model, {"lines": text("Lines.", LINES, maxLength=300)}, LIST_OF_TEXTS, ORDERED
    )


@pytest.mark.parametrize(
    ("head", "is_told"),
    [
        ("A list with a label for every line, in input order.", True),
        ("One result for each text, same order as given.", True),
        ("Each is labelled, and the labels come in the order of the lines.", True),
        ("A label for each line in order to sort them.", False),
        ("A label for each line, in the order of the alphabet.", False),
        ("A label for each line, in order. It looks at the line before.", False),
        ("A label for each line.", False),
    ],
)
def test_an_order_is_told_in_many_words(head: str, is_told: bool) -> None:
    fields = fields_of(document({"lines": text(f"Lines. {head}")}, []))

    assert (about(sentences(fields, Source()), fields) is not None) is is_told


def test_rows_are_as_many_as_items() -> None:
    assert _rows({"a": [1, 2], "b": ["x", "y"], "c": [1]}, 2) == [[1, "x"], [2, "y"]]
    assert _rows("a\nb", 2) == ["a", "b"]
    assert _rows(["a"], 2) is None
    assert _rows(4, 1) is None


# Where an answer ends

ANSWER = ["Let ", "me th", "ink ab", "out the ri", "ver and ", "the sea"]
LEFT = "the output ends with the first letters of 'stop', before which it ends"


@pytest.mark.parametrize(
    ("joined", "chance", "broken"), [(False, "", True), (True, "", False), (False, "seed", False)]
)
def test_the_first_letters_of_a_stop_that_are_left_over_are_found(
    joined: bool, chance: str, broken: bool
) -> None:
    calls = iter(range(10**6))

    def model(stop: str = "") -> list[str]:
        parts = ["".join(ANSWER)] if joined else list(ANSWER)
        parts += [str(next(calls))] if chance else []
        for at in range(len(parts)):
            whole = "".join(parts[: at + 1])
            if stop and stop in whole:
                sent = "".join(parts[:at])
                return [*parts[:at], whole[len(sent) : max(len(sent), whole.index(stop))]]
        return parts

    code = "import random\nrandom.random()" if chance else ""
    inputs = {"stop": text("The answer stops at this; none of it is sent.", "", maxLength=300)}
    outcome, _ = fuzz(model, inputs, output=LIST_OF_TEXTS, source=source_of(code), budget=60)

    assert (LEFT in [one.cause for one in outcome.found]) is broken
