"""Two things of one name in a text: neither is lost."""

import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pytest

from safepush.compare import File
from safepush.fuzz.relations.namesakes import Namesakes
from tests.unit.safepush.fuzz.test_fuzz_plainly import causes, text

BOOK = "# Arrival\nThe train was late.\n\n# The house\nIt had nine windows.\n"
SAID = "A line that begins with '# ' opens a chapter. Every chapter becomes a file of its own."
LOST = ["of two things of one name in 'book' one is lost"]


def chapters(book: str) -> list[tuple[str, str]]:
    found = re.findall(r"^\W+(\w.*)\n([^#=]*)", book, flags=re.MULTILINE)
    return [(title.strip(), body.strip()) for title, body in found]


def packed(entries: Mapping[str, str]) -> File:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, told in entries.items():
            archive.writestr(zipfile.ZipInfo(name), told)
    return File(content.getvalue())


def by_name(book: str) -> File:
    return packed({f"{title.lower()}.txt": body for title, body in chapters(book)})


def numbered(book: str) -> File:
    found = chapters(book)
    return packed({f"{at}-{one}.txt": body for at, (one, body) in enumerate(found)})


def found_in(model: Any, said: str = SAID, book: str = BOOK, head: str = "") -> list[str]:
    return causes(Namesakes, lambda book=book: model(book), {"book": text(book, said)}, head)


@pytest.mark.parametrize(
    "said",
    [
        SAID,
        "Each heading gives an entry.",
        "One page for each chapter, named after it.",
        "Every chapter is written into a text file.",
        "Chapters; each gets a page of its own.",
    ],
)
def test_a_chapter_that_another_of_its_name_is_written_over_is_found(said: str) -> None:
    assert found_in(by_name, said) == LOST
    assert found_in(by_name, "A book.", head=said) == LOST
    assert found_in(numbered, said) == []


@pytest.mark.parametrize(
    "model",
    [
        lambda book: dict(chapters(book)),
        lambda book: {"parts": [{"title": a, "text": b} for a, b in dict(chapters(book)).items()]},
        lambda book: [*dict(chapters(book)).values()],
    ],
)
@pytest.mark.parametrize("heading", ["# ", "== "])
def test_what_is_lost_is_found_in_objects_and_lists(model: Any, heading: str) -> None:
    assert found_in(model, book=BOOK.replace("# ", heading)) == LOST


def test_what_is_lost_under_a_heading_may_be_a_list() -> None:
    book = "# Kitchen\n- salt and oil\n- bread\n# Garden\n- beans\n"

    assert found_in(by_name, book=book) == LOST
    assert found_in(numbered, book=book) == []


def test_headings_are_known_by_the_names_of_what_comes_out() -> None:
    book = "Arrival\nthe train was late.\nThe house\nit had nine windows.\n"

    def model(book: str) -> File:
        found = re.findall(r"^([A-Z].*)\n(.*)", book, flags=re.MULTILINE)
        return packed({f"{title.replace(' ', '-')}.txt": body for title, body in found})

    assert found_in(model, book=book) == LOST


@pytest.mark.parametrize(
    "said",
    [
        "A book.",
        f"{SAID} Of two of the same name the last counts.",
        f"{SAID} A later chapter replaces an earlier one.",
        f"{SAID} Titles have to be unique.",
    ],
)
def test_a_chapter_may_be_told_to_stand_for_another(said: str) -> None:
    assert found_in(by_name, said) == []


def gathered(book: str) -> dict[str, list[str]]:
    made = defaultdict(list)
    for title, body in chapters(book):
        made[title].append(body)
    return made


def refused(book: str) -> list[str]:
    titles = [one for one, _ in chapters(book)]
    if len({*titles}) < len(titles):
        raise ValueError("two chapters have one title")
    return titles


@pytest.mark.parametrize(
    "model",
    [
        gathered,
        refused,
        lambda book: [body for _, body in chapters(book)],
        lambda book: sorted({*book.split()}),  # an item for each word
        lambda book: dict(chapters(book)[-2:]),  # no more than two
        lambda book: {title: len(bodies) for title, bodies in gathered(book).items()},
        lambda book: {title: len("".join(one).split()) for title, one in gathered(book).items()},
        lambda book: {
            title: sorted({*" ".join(one).split()}) for title, one in gathered(book).items()
        },
        lambda book: {title: max(one, key=len) for title, one in gathered(book).items()},
        lambda book: {title: len(title) for title, _ in chapters(book)},
        lambda book: dict(chapters(book)[:1]),
        len,
    ],
)
def test_what_is_gathered_or_goes_by_something_else_is_let_be(model: Any) -> None:
    assert found_in(model) == []


@pytest.mark.parametrize("book", ["one\ntwo\n", "# One\n# Two\n", "A=1\nB=2\n"])
def test_a_text_without_headings_says_nothing(book: str) -> None:
    def model(book: str) -> dict[str, str]:
        found = (line.partition("=") for line in book.splitlines())
        return {name: value for name, _, value in found}

    assert found_in(model, book=book) == []
