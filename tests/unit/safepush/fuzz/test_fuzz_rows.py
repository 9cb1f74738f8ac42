"""Items, rows and files that others of them push out: blanks, groups, namesakes, orders."""

import io
import itertools
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from safepush.compare import File
from safepush.fuzz.corpus import media
from safepush.fuzz.fields import fields_of
from safepush.fuzz.probe import Probe
from safepush.fuzz.promises.promise import Made, kept
from safepush.fuzz.promises.said import ranked
from safepush.fuzz.promises.said.sentences import Said
from safepush.fuzz.relations.blanks import Blanks
from safepush.fuzz.relations.groups import Groups
from safepush.fuzz.relations.namesakes import Namesakes
from safepush.fuzz.relations.ordered import Ordered
from safepush.fuzz.runs import Runs
from tests.unit.safepush.fuzz.test_fuzz_campaign import Bench
from tests.unit.safepush.fuzz.test_fuzz_containers import file
from tests.unit.safepush.fuzz.test_fuzz_inputs import document, source_of
from tests.unit.safepush.fuzz.test_fuzz_promises import FILE, LIST

TEXT = {"type": "string", "description": "Some text."}


def held(
    relation: Any,
    model: Callable[..., Any],
    properties: dict[str, Any],
    code: str = "",
    **sent: Any,
) -> list[str]:
    """What one relation finds in a model."""
    runs = Runs(Bench(model).predict, lambda one: one.output, parallel=1, longest_s=60)
    fields = fields_of(document(properties, []))
    first = runs.first(Probe(inputs=sent, layer="usual"))
    assert first.succeeded, first.error
    given = (fields, first, runs)
    return [one.cause for one in relation(*given, source_of(code)).suspicions()]


# A blank one among others


def scored(texts: list[str], *, squeezed: bool) -> list[int]:
    kept = [one for one in texts if one.strip() or not squeezed]
    found = [len(one.split()) for one in kept]
    return found + [0] * (len(texts) - len(found))


NOTES = ["one two", "three", "four five six"]


@pytest.mark.parametrize(
    ("model", "said", "count"),
    [
        (lambda texts: scored(texts, squeezed=True), "Notes.", 1),
        (lambda texts: [{"text": "", "n": n} for n in scored(texts, squeezed=True)], "Notes.", 1),
        (lambda texts: {"n": scored(texts, squeezed=True)}, "Notes.", 1),
        (lambda texts: scored(texts, squeezed=False), "Notes.", 0),
        (lambda texts: [len(one) for one in texts if one], "Notes.", 0),  # left out
        (lambda texts: scored(texts, squeezed=True), "Notes; a blank one begins a part.", 0),
        (
            lambda texts: [at * len(one) for at, one in enumerate(texts)],
            "Notes.",
            0,
        ),  # by its place
    ],
)
def test_results_that_a_blank_item_moves_are_found(model: Any, said: str, count: int) -> None:
    properties = {"texts": {**LIST, "description": said, "default": NOTES}}

    told = "a blank item of 'texts' gives those behind it what is not theirs"
    assert held(Blanks, lambda texts=NOTES: model(texts), properties) == [told] * count


def test_numbers_of_items_may_go_on_over_a_blank_one() -> None:
    def model(texts: list[str] = NOTES) -> list[Any]:
        return [{"index": at, "n": len(one)} for at, one in enumerate(texts)]

    assert held(Blanks, model, {"texts": {**LIST, "default": NOTES}}) == []


# Groups whose rows stand apart

ROWS = "kind,price\nfig,3\nfig,4\npear,2\n"


def summed(table: str, way: str) -> Any:
    rows = [line.split(",") for line in table.split()[1:]]
    if way == "first":
        return {kind: int(price) for kind, price in rows[::-1]}
    if way == "place":
        kinds = [kind for kind, _ in rows]
        return {kind: kinds.index(kind) for kind in kinds}
    if way == "each":
        return [[kind, int(price)] for kind, price in rows]
    if way == "whole":
        rows.sort()
    groups = itertools.groupby(rows, key=lambda row: row[0])
    found = [(kind, sum(int(one[1]) for one in members)) for kind, members in groups]
    return [{"kind": k, "sum": n} for k, n in found] if way == "listed" else dict(found)


@pytest.mark.parametrize(
    ("way", "said", "count"),
    [
        ("runs", "The sum of each kind.", 1),
        ("listed", "The sum of each kind.", 1),
        ("whole", "The sum of each kind.", 0),
        ("first", "The first price of each kind.", 0),
        ("place", "The row at which each kind begins.", 0),
        ("each", "Every row.", 0),
        ("runs", "The sum of the last run of each kind.", 0),
    ],
)
def test_groups_that_lose_rows_are_found(way: str, said: str, count: int) -> None:
    described = "CSV with the columns kind and price."
    properties = {"table": {**TEXT, "description": described, "default": ROWS}}
    code = f'"""{said}"""\ndef predict(self, table):\n    "{said}"'

    told = "rows of one group in 'table' that stand apart are not all in it"
    made = held(Groups, lambda table=ROWS: summed(table, way), properties, code)
    assert made == [told] * count


# Numbers in order

SORTS = "The values sorted; numbers by their value"


@pytest.mark.parametrize(
    ("key", "said", "count"),
    [
        (lambda one: one, f"{SORTS}.", 1),
        (lambda one: (not one.isdigit(), int(one) if one.isdigit() else 0), f"{SORTS}.", 0),
        (lambda one: int(one) if one.isdigit() else 0, f"{SORTS}, negative or decimal.", 1),
        (float, f"{SORTS}, negative or decimal.", 0),
        (lambda one: -float(one), f"{SORTS}, the largest first.", 0),
        (lambda one: one, "The values in alphabetical order.", 0),
    ],
)
@pytest.mark.parametrize("is_table", [False, True])
def test_numbers_that_are_sorted_as_texts_are_found(
    key: Any, said: str, count: int, is_table: bool
) -> None:
    def rows(values: str = "name,n\nfig,3\npear,1\n") -> str:
        head, *rest = values.split()
        return "\n".join([head, *sorted(rest, key=lambda row: key(row.split(",")[1]))])

    some = {**TEXT, "description": f"CSV. {said}", "default": "name,n\nfig,3\npear,1\n"}
    listed = {**LIST, "description": said, "default": ["3", "1"]}
    model = rows if is_table else lambda values=("3", "1"): sorted(values, key=key)

    made = held(Ordered, model, {"values": some if is_table else listed})
    assert made == ["numbers in 'values' do not come in the order of their values"] * count


# Files of one name


def sizes(archive: str, way: str) -> Any:
    with zipfile.ZipFile(file(archive)) as packed:
        found = {one.filename: one.file_size for one in packed.infolist()}
    if way == "whole":
        return found
    short = {name.rpartition("/")[2]: size for name, size in found.items()}
    if way == "short":
        return short
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        for name in short if way == "packed" else found:
            packed.writestr(name, b"1")
    return File(content.getvalue())


@pytest.mark.parametrize(
    ("way", "said", "count"),
    [
        ("short", "A zip.", 1),
        ("packed", "A zip.", 1),
        ("whole", "A zip.", 0),
        ("repacked", "A zip.", 0),
        ("short", "A zip; of two files of the same name the last counts.", 0),
    ],
)
def test_one_of_two_files_of_one_name_that_is_lost_is_found(
    way: str, said: str, count: int
) -> None:
    properties = {"archive": {**FILE, "description": said}}
    sent = media.usual("archive").uri

    made = held(Namesakes, lambda archive: sizes(archive, way), properties, archive=sent)
    assert made == ["of two files of one name in 'archive' one is lost"] * count


# Scores that are texts

BEST = "The likeliest labels, best first, and how likely each is."
LETTERS = "scores come in the order of their letters, and not of their numbers, as is told"


def misplaced(outputs: list[Any], said: str) -> int:
    """How many of the outputs are not in order; the first one is the usual one."""
    usual, *rest = [Made(inputs={}, changed=frozenset(), output=one) for one in outputs]
    told = kept(ranked.promises([Said(said.lower())], usual), usual)
    assert {one.broken for one in told} <= {LETTERS}
    return sum(one.kept(made) is False for made in (usual, *rest) for one in told)


def shares(*numbers: str) -> dict[str, Any]:
    return {"labels": [*"abcdef"][: len(numbers)], "shares": [*numbers]}


MIXED, RIGHT = ("9.1%", "45.5%", "3.2%"), ("45.5%", "9.1%", "3.2%")


@pytest.mark.parametrize(
    ("outputs", "said", "count"),
    [
        ([shares(*RIGHT), shares(*MIXED)], BEST, 1),
        ([shares(*MIXED), shares(*RIGHT)], BEST, 1),  # nobody means it, so the usual one counts too
        ([{"hits": []}, shares(*MIXED)], BEST, 1),
        ([shares(*RIGHT), shares("9.1%", "9.1%", "3.2%")], BEST, 0),
        ([shares(*RIGHT), shares(*MIXED)], "The likeliest labels.", 0),
        ([shares(*RIGHT), shares(*MIXED)], "Best first within each group.", 0),
        ([shares(*RIGHT), shares(*MIXED)], "Not best first.", 0),
        ([shares(*RIGHT), shares("9.1%", "45.5%")], BEST, 0),  # two may be so by chance
        ([shares("3.2%", "45.5%", "9.1%"), shares(*MIXED)], BEST, 0),  # sorted by something else
        ([shares(*RIGHT), shares("9", "80", "700")], BEST, 0),  # the least may be the best
        ([[{"label": "a", "score": one} for one in MIXED]], BEST, 1),
        ([[{"label": "a", "score": one} for one in RIGHT]], BEST, 0),
        ([[["a", one] for one in MIXED]], BEST, 1),
        ([[f"a: {one}" for one in MIXED]], BEST, 1),
        ([[f"a {one}" for one in ("9", "45", "3")]], BEST, 0),  # a part of a name, maybe
        ([shares("987", "56", "1,234")], BEST, 1),
        ([shares("1,234", "987", "56")], BEST, 0),
        ([{"votes": ["45 votes", "9 votes", "30 votes"]}], BEST, 0),  # in neither order
        ([{"votes": ["9 votes", "45 votes", "30 votes"]}], BEST, 1),
        ([{"votes": ["900", "1.2k", "1.1k"]}], BEST, 0),  # of two units
        ([{"years": ["9", "45", "30"]}], BEST, 0),  # not what they are sorted by
        ([{"prices": ["$1,200", "$30", "$900"]}], "By prices, cheapest first.", 1),
        ([{"prices": ["$9", "$30", "$1,200"]}], "By prices, cheapest first.", 0),
        ([{"prices": ["$9", "$45", "$30"]}], "Prices in descending order.", 1),
    ],
)
def test_scores_in_the_order_of_their_letters_are_found(
    outputs: list[Any], said: str, count: int
) -> None:
    assert misplaced(outputs, said) == count
