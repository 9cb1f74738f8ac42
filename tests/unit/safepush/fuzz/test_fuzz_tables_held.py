"""What holds of every table, and what its sentences refuse: told where a model does otherwise."""

import base64
import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from safepush.compare import USUAL
from safepush.fuzz.probe import Probe
from safepush.fuzz.relations import tables
from safepush.fuzz.relations.tables import is_told
from safepush.fuzz.runs import Runs
from safepush.fuzz.tables import own
from tests.unit.safepush.fuzz.test_fuzz_campaign import Bench
from tests.unit.safepush.fuzz.test_fuzz_inputs import source_of
from tests.unit.safepush.fuzz.test_fuzz_tables import (
    CUSTOMERS,
    FILE,
    LIST,
    READER,
    content,
    field,
    read,
    tried,
)


def causes(
    model: Callable[..., Any], said: str = CUSTOMERS, code: str = READER, output: Any = LIST
) -> list[str]:
    found = tried(model, said, code=code, output=output)[0].found
    return [one.cause for one in found if one.rule == "fuzz-output-asked"]


NAMES = "CSV with the columns given and family."
NAMED = f"{READER}\nx = ['given', 'family']"


WRITTEN = [
    f"{what} in 'file' changes what comes out"
    for what in (
        "the order of the columns",
        "a byte order mark",
        "the end of the last line",
        "CR LF",
    )
]
UNEVEN = "there are not as many results as rows in 'file', as else there are"


def named(file: str) -> list[str]:
    return [str(row["family"]) for row in read(file, "given", "family")]


def second_cell(file: str) -> list[str]:
    return [[*row.values()][1] for row in read(file, "given", "family")]


def marked(file: str) -> list[str]:
    text = base64.b64decode(file.partition(",")[2]).decode(errors="replace")
    return [row.get("given") or "nobody" for row in csv.DictReader(io.StringIO(text))]


def without_end(file: str) -> list[str]:
    read(file, "given", "family")
    return content(file).replace("\r\n", "\n").split("\n")[1:-1]


def carriage(file: str) -> list[str]:
    read(file, "given", "family")
    return [one for one in content(file).split("\n")[1:] if one]


def batches(file: str) -> list[str]:
    made = named(file)
    return made if len(made) < 8 else made[: len(made) - len(made) % 8]


def unquoted(file: str) -> list[str]:
    read(file, "given", "family")
    return [one for one in content(file).splitlines()[1:] if one]


@pytest.mark.parametrize(
    ("model", "found"),
    [
        (named, []),
        (second_cell, WRITTEN[0:1]),
        (marked, WRITTEN[1:2]),
        (without_end, WRITTEN[2:3]),
        (carriage, WRITTEN[3:4]),
    ],
)  # fmt: skip
def test_how_a_table_is_written_changes_nothing(model: Any, found: list[str]) -> None:
    assert [one for one in causes(model, NAMES, NAMED) if one in WRITTEN] == found


def test_there_are_as_many_results_as_rows_where_else_there_are() -> None:
    assert causes(batches, NAMES, NAMED) == [UNEVEN]


def test_a_line_break_in_quotes_ends_no_row() -> None:
    assert UNEVEN in causes(unquoted, NAMES, NAMED)
    # code that is not said to know of quotes may well mean lines
    assert causes(unquoted, NAMES.replace("CSV", "A table"), "") == []


@pytest.mark.parametrize(
    ("model", "said", "code"),
    [
        (second_cell, f"{NAMES} The second column is taken.", NAMED),
        (second_cell, NAMES, READER),
        (second_cell, NAMES, f"{NAMED}\n[*row.values()]"),
        (marked, f"{NAMES} A byte order mark is part of it.", NAMED),
        (carriage, f"{NAMES} Line ends stay as they are.", NAMED),
        (carriage, NAMES, f"{NAMED}\nlen(text)"),
    ],
)
def test_what_may_be_meant_is_let_be(model: Any, said: str, code: str) -> None:
    assert not {*causes(model, said, code)} & {*WRITTEN}


def test_columns_that_are_said_to_be_in_any_order_are_so_whatever_the_code_does() -> None:
    code = f"{NAMED}\n[*row.values()]"

    assert causes(second_cell, "CSV with the columns given and family, in any order.", code)


def stops(file: str) -> list[str]:
    made = []
    for line in content(file).splitlines()[1:]:
        if not line:
            break
        made.append(line.partition(",")[0])
    return made


def test_empty_lines_that_are_said_to_be_skipped_change_nothing() -> None:
    said = f"{NAMES} Empty lines are skipped."

    assert causes(stops, said, "") == ["an empty line in 'file' changes what comes out"]
    assert causes(stops, NAMES, "") == []


def test_fewer_results_than_rows_at_some_end_are_let_be() -> None:
    assert causes(lambda file: named(file)[:10], NAMES, NAMED) == []
    assert causes(lambda file: sorted({*named(file)})[:1], NAMES, NAMED) == []


# Sentences that refuse


def priced(file: str) -> list[str]:
    return [row["item"] or "" for row in read(file, "item", "price")]


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("The price must be a number.", "no number in price"),
        ("A price that is not a number is refused.", "no number in price"),
        ("A price must be a whole number.", "a fraction in price"),
        ("Negative prices are refused.", "a number below zero in price"),
        ("An item must not be empty.", "nothing in item"),
        ("The price must be from 1 to 500.", "a number beyond that in price"),
        ("A repeated item is refused.", "the same item twice"),
        ("Rows of other lengths are refused.", "a row that lacks cells"),
        ("Unknown columns are refused.", "a column that nobody named"),
        ("The price must be a number, unless it is free.", None),
        ("A price of 0 is fine.", None),
    ],
)  # fmt: skip
def test_a_cell_that_is_said_to_be_refused_is(said: str, what: str | None) -> None:
    found = causes(priced, f"CSV with the columns item and price. {said}", READER)

    told = f"'file' takes {what}, though it says: {said.lower()}"
    assert [one for one in found if "though it says" in one][:1] == ([told] if what else [])


def test_a_refusal_is_none() -> None:
    def model(file: str) -> list[str]:
        rows = read(file, "item", "price")
        if not all((row["price"] or "").replace(".", "").isdigit() for row in rows):
            raise ValueError("file: price must be a number")
        return [row["item"] for row in rows]

    assert causes(model, "CSV with the columns item and price. A price must be a number.") == []


def test_a_member_of_records_that_is_said_to_be_refused_is() -> None:
    def model(file: str) -> list[str]:
        try:
            return [str(one["id"]) for one in json.loads(content(file))["items"]]
        except (ValueError, KeyError, TypeError):
            raise ValueError("file must be JSON with items") from None

    said = "JSON with `items`, a list of objects with `id` and `price`. A price must be a number."
    assert causes(model, said, "") == [
        "'file' takes no number in price, though it says: a price must be a number."
    ]


# Again


def again(model: Callable[..., Any], mended: Callable[..., Any], said: str) -> list[bool]:
    """Whether what is found is so once more, and in the mended model."""
    source = source_of(NAMED)
    fields = [field({**FILE, "description": said})]
    told = []
    found = next(one for one in tried(model, said, code=NAMED)[0].found if is_told(one.cause))
    for each in (model, mended):
        runs = Runs(Bench(each).predict, lambda one: one.output, parallel=1, longest_s=60)
        usual = {"file": own.usual(fields, source)["file"].first[0]}
        first, last = (runs.one(Probe(inputs=one, layer="x")) for one in (usual, found.inputs))
        told.append(tables.Tables(fields, first, runs, source, USUAL).is_so(last, found.cause))
    return told


def test_what_was_found_of_a_table_can_be_tried_again() -> None:
    def refusing(file: str) -> list[str]:
        raise ValueError("file must have a number in price")

    priced_said = "CSV with the columns item and price. The price must be a number."
    assert again(without_end, named, NAMES) == [True, False]
    assert again(batches, named, NAMES) == [True, False]
    assert again(priced, refusing, priced_said) == [True, False]
