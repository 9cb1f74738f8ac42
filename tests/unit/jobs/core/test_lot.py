"""A lot by column gives the same results as one by one."""

import json

from jobs.core.lot import Lot
from jobs.core.outputs import Lines
from jobs.core.prediction import Failed, Succeeded

BAD = Failed("timeout", "it took too long", "so far")


def test_results_come_in_the_order_of_their_rows() -> None:
    lot = Lot(
        [b"1", b"null", b'{"__path__":"/x"}'],
        [b"0.5", b"0.0", b"2.0"],
        "said",
        {1: BAD},
        frozenset([2]),
    )

    assert list(lot) == [
        Succeeded(b"1", 0.5, "said"),
        BAD,
        Succeeded(b'{"__path__":"/x"}', 2.0, "said", files=True),
    ]
    assert len(lot) == 3
    assert not lot.plain


def test_a_result_by_itself_comes_back_as_it_was() -> None:
    noted = Succeeded(b"1", 0.1, metrics={"tokens": 3})
    for result in (BAD, Succeeded(b'"a"', 1.5, "said"), Succeeded(b"[]", 0.1, files=True), noted):
        assert list(Lot.of(result)) == [result]


def test_only_outputs_without_files_are_plain() -> None:
    assert Lot([b"1"], [b"0.5"]).plain
    assert Lot([], []).plain
    assert not Lot([b"1"], [b"0.5"], files=frozenset([0])).plain
    assert not Lot.of(BAD).plain
    assert not Lot([b"1"], [b"0.5"], metrics={0: {"tokens": 3}}).plain


def test_the_first_rows_keep_what_was_noted_of_them() -> None:
    lot = Lot([b"1", b"2"], [b"0.5", b"0.5"], metrics={0: {"a": 1}, 1: {"a": 2}})

    assert [result.metrics for result in lot.first(1)] == [{"a": 1}]


def test_what_is_said_of_one_row_is_in_its_own_log() -> None:
    lot = Lot([b"1", b"2"], [b"0.5", b"0.5"], "printed\n", notes={1: "note\n"})

    assert [one.logs for one in lot] == ["printed\n", "note\nprinted\n"]
    assert [one.logs for one in lot.first(1)] == ["printed\n"]


def test_what_a_model_noted_stands_in_its_row() -> None:
    text = Lines("batch_1", "v").good(
        0, [b'"a"'], [b"null"], [b"0.250000"], {"timing": {"load": 1}}
    )

    assert json.loads(text)["response"]["body"]["metrics"] == {
        "predict_time": 0.25,
        "timing": {"load": 1},
    }


def test_lines_of_many_rows_are_those_of_each() -> None:
    lines = Lines("batch_1", "a" * 64)
    ids, outputs = [b'"%d%%"', b'"\\u00e9"'], [b'"100%s"', b"null"]
    seconds = [b"0.250000", b"0.000000"]

    text = lines.good(7, ids, outputs, seconds)

    each = [lines.good(7 + at, [ids[at]], [outputs[at]], [seconds[at]]) for at in (0, 1)]
    assert text == b"".join(each)
    first, second = map(json.loads, text.splitlines())
    assert (first["id"], second["id"]) == ("batch_1_7", "batch_1_8")
    assert (first["custom_id"], second["custom_id"]) == ("%d%%", "é")
    assert first["response"]["body"]["output"] == "100%s"
    assert first["response"]["body"]["metrics"] == {"predict_time": 0.25}
    assert lines.good(7, [], [], []) == b""


def test_rows_are_numbered_one_by_one() -> None:
    lines = Lines("batch_1", "v")
    for first in (0, 8, 990, 1000, 31_998):
        rows = range(first, first + 2_015)
        text = lines.good(first, [b'"a"'] * 2015, [b"1"] * 2015, [b"0.5"] * 2015)
        told = list(map(json.loads, text.splitlines()))
        assert [row["id"] for row in told] == [f"batch_1_{number}" for number in rows]
        assert all(row["response"]["request_id"] == row["id"] for row in told)
