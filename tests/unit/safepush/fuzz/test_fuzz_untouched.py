"""Texts of which all but some words is told to come back as it is."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from safepush.fuzz.relations.untouched import ROOMS, Untouched, runs
from tests.unit.safepush.fuzz.test_fuzz_plainly import causes, text

USUAL = "We recieve it on friday, wich is fine."
LONG = "all of 'text' is to come back, and of a long one less does"
LETTERS = "all of 'text' is to come back, and letters that are not ASCII do not"


def mended(text: str) -> str:
    return re.sub(r"\bwich\b", "which", text.replace("recieve", "receive"))


def pieces(text: str, count: int) -> Iterator[str]:
    data = text.encode()
    for at in range(0, len(data), count):
        yield data[at : at + count].decode(errors="ignore")


def cut(text: str, count: int = 64) -> str:
    return "".join(re.findall(r"\w+|\W+", text)[: 2 * count])


def found(model: Callable[..., Any], said: str, head: str = "", **more: Any) -> list[str]:
    return causes(Untouched, model, {"text": text(USUAL, said), **more}, head)


SAYINGS = [
    "All but the misspelt words comes back as it is.",
    "Known words are mended; all else stays as it is, spaces and marks too.",
    "Everything else is left alone.",
    "Everything except misspelt words stays untouched.",
    "Mends some words and leaves the rest as it is.",
    "Mends some words and leaves everything else alone.",
    "Misspelt words are mended, the rest of the text remains unchanged.",
    "Changes misspelt words and nothing else.",
    "Only misspelt words are changed.",
    "Corrects nothing but misspelt words.",
    "Unknown words are returned word for word.",
    "Words that are not known stay as they are.",
    "Words it does not know are never changed.",
    "Misspelt words are mended and nothing else is touched.",
]


@pytest.mark.parametrize("said", SAYINGS)
def test_what_is_not_to_be_changed_is_read_in_many_words(said: str) -> None:
    assert found(lambda text=USUAL: cut(mended(text)), said) == [LONG]
    assert found(lambda text=USUAL: mended(text), said) == []


@pytest.mark.parametrize(
    "said",
    [
        "The text comes back word for word.",
        "Gives back the text unchanged.",
        "What is sent; it is given back as it was.",
        "Repeats what you say verbatim.",
    ],
)
def test_a_text_that_comes_back_whole_is_read(said: str) -> None:
    assert found(lambda text=USUAL: [*pieces(text, 8)], said) == [LETTERS]
    assert found(lambda text=USUAL: [*text], said) == []


@pytest.mark.parametrize(
    "said",
    [
        "Some text.",
        "Text without a known word comes back as it is, if it is short.",
        "The first 64 words are mended; all else stays as it is.",
        "At most 64 words are read. Nothing else is changed.",
        "Nothing else is to be sent.",
        "Talks about this, and about nothing else.",
        "Placeholders in braces are left as they are.",
        "What is a name; those stay as they are.",
        "Words in braces stay as they are.",
    ],
)
def test_of_what_is_told_to_be_less_nothing_is_said(said: str) -> None:
    assert found(lambda text=USUAL: cut(mended(text)), said) == []


SAID = "Misspelt words are mended; all else stays as it is."


def test_a_sentence_about_the_model_is_of_its_only_text() -> None:
    told = "A proofreader that changes misspelt words and nothing else."

    assert found(lambda text=USUAL: cut(mended(text)), "Some text.", told) == [LONG]


@pytest.mark.parametrize("count", [4, 5, 7, 8, 16, 31, 64])
def test_letters_across_two_pieces_that_are_lost_are_found(count: int) -> None:
    assert found(lambda text=USUAL: [*pieces(mended(text), count)], SAID) == [LETTERS]


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_any_piece_of_bytes_cuts_a_letter(room: int, before: str) -> None:
    plain, odd = (before + one for one in runs(room))

    assert len(plain) == len(odd.encode())
    for count in range(4, min(room // 2, 64) + 1):
        assert "".join(pieces(odd, count)) != odd
        assert "".join(pieces(plain, count)) == plain


@pytest.mark.parametrize(
    "way",
    [
        lambda text: f"Here it is: {mended(text)} Bye!",
        lambda text: {"text": mended(text), "changes": 2},
        lambda text: {"text": cut(mended(text)), "truncated": len(text) > 600},
        lambda text: cut(mended(text)) + ("..." if len(text) > 600 else ""),
        lambda text: json.dumps({"text": mended(text)}),
        lambda text: mended(text).upper(),
        lambda text: re.sub(r"(.{1,70})(?: |$)", r"\1\n", mended(text)),  # in lines
        lambda text: re.sub(r"\b(\w+)\b(?= .*\b\1\b)", "", mended(text)),  # each word once
        lambda text: len(text),
        lambda text: "An answer.",
        lambda text: mended(text).encode("ascii", "xmlcharrefreplace").decode(),
    ],
)
def test_what_comes_back_in_another_way_is_let_be(way: Any) -> None:
    assert found(lambda text=USUAL: way(text), SAID) == []


@pytest.mark.parametrize("said", ["Letters that are not ASCII are left out.", "Ends a tweet."])
def test_what_has_no_room_for_all_letters_is_let_be(said: str) -> None:
    def model(text: str = USUAL) -> str:
        if len(text) > 2000:
            raise ValueError("text has more than 2000 characters")
        return text.encode("ascii", "ignore").decode() if "ASCII" in said else text

    assert found(model, f"{SAID} {said}") == []


def test_a_number_may_say_how_much_comes_back() -> None:
    number = {"type": "integer", "default": 64, "description": "A budget."}

    def model(text: str = USUAL, budget: int = 64) -> str:
        return cut(mended(text), budget)

    assert found(model, SAID, budget=number) == []
    assert found(model, SAID, max_words=number) == []


def test_no_more_is_sent_than_there_may_be() -> None:
    short = {**text(USUAL, SAID), "maxLength": 300}

    def model(text: str = USUAL) -> str:
        assert len(text) <= 300
        return cut(mended(text), 20)

    assert causes(Untouched, model, {"text": short}) == [LONG]
