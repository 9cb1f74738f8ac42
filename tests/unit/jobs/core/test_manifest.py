"""Each kind of bad manifest has its own message, and good rows are never lost."""

import gzip as gz
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.core import checker, manifest, rowjson
from jobs.core.lines import Bad, Broken, inflated
from jobs.core.manifest import Problem, Row
from jobs.core.snapshot import Block

SCHEMA = {
    "components": {
        "schemas": {
            "Input": {
                "type": "object",
                "required": ["text"],
                "properties": {
                    "text": {"type": "string", "minLength": 1},
                    "steps": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
                    "extra": {"type": "object"},
                },
            }
        }
    }
}
CHECK = checker.compile(SCHEMA)
GOOD = b'{"custom_id": "a", "input": {"text": "hi"}}'
SECRET = "sup3r-s3cret"
#: without the time of day, so that tests have the same names in every process
zipped = partial(gz.compress, mtime=0)


@pytest.fixture(params=["msgspec", "json"], autouse=True)
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every rule holds with and without the fast reader."""
    if request.param == "json":
        monkeypatch.setitem(sys.modules, "msgspec", None)


def read(
    data: bytes, *, gzip: bool = False, size: int = 7, cap: int = 10_000
) -> list[Row | Problem]:
    chunks = (data[at : at + size] for at in range(0, len(data), size))
    return list(apart(manifest.read(chunks, gzip=gzip, check=CHECK, cap_bytes=cap)))


def apart(entries: Iterable[Block | Problem]) -> Iterator[Row | Problem]:
    """Blocks as the rows that are in them."""
    for entry in entries:
        if isinstance(entry, Problem):
            yield entry
            continue
        rows = [json.loads(text) for text in entry.text.splitlines()]
        assert [row["custom_id"] for row in rows] == entry.ids.apart()
        for line, row in enumerate(rows, start=entry.line):
            yield Row(line, row["custom_id"], row["input"])


def row(**changes: object) -> bytes:
    return json.dumps({"custom_id": "a", "input": {"text": SECRET}} | changes).encode()


BAD_LINES = [
    (b"", "blank_line", None, None),
    (b"  \t ", "blank_line", None, None),
    (b"{'custom_id': 'a'}", "invalid_json", 2, None),
    (b'{"custom_id": "a", "input": {"text": "hi"}', "invalid_json", 43, None),
    (b'{"custom_id": "a" "input": {}}', "invalid_json", 19, None),
    (GOOD + b"," + GOOD, "invalid_json", 44, None),
    (b'[{"custom_id": "a", "input": {"text": "x"}}]', "not_an_object", None, None),
    (b'"sup3r-s3cret"', "not_an_object", None, None),
    (b"null", "not_an_object", None, None),
    (b'{"custom_id": "a", "input": {"text": NaN}}', "not_a_number", 38, None),
    (b'{"custom_id": "NaN", "input": {"text": -Infinity}}', "not_a_number", 40, None),
    (b'{"custom_id": "a", "custom_id": "b", "input": {}}', "duplicate_key", None, "custom_id"),
    (b'{"custom_id": "a", "input": {"text": "x: y", "text" : "z"}}', "duplicate_key", None, "text"),
    (b'{"custom_id": "\xc3\xa9", "input": {"text": "\xff"}}', "invalid_utf8", 39, None),
    (b'{"custom_id": "a", "input": {"text": "\\ud800"}}', "lone_surrogate", None, None),
    (b'{"custom_id": "a", "input": {"text": "x\\uDC00y"}}', "lone_surrogate", None, None),
    (b'{"input": ' + b'{"extra":' * 300 + b"1" + b"}" * 301, "too_deep", None, None),
    (b"[" * 5_000, "too_deep", None, None),
    (row(input={"text": "x", "steps": 2**64}), "number_too_large", None, None),
    (row(input={"text": "x", "extra": {"deep": [-(2**63) - 1]}}), "number_too_large", None, None),
    (b'{"custom_id": "a", "input": {"x": ' + b"9" * 5000 + b"}}", "number_too_large", None, None),
    (b'{"custom_id": "a", "input": {"text": "x", "steps": 1e999}}', "number_too_large", None, None),
    (b'{"input": {"text": "hi"}}', "missing_custom_id", None, "custom_id"),
    (row(custom_id=""), "empty_custom_id", None, "custom_id"),
    (row(custom_id=7), "invalid_custom_id", None, "custom_id"),
    (row(custom_id=None), "invalid_custom_id", None, "custom_id"),
    (row(custom_id="x" * 513), "long_custom_id", None, "custom_id"),
    (row(custom_id="a\nb"), "invalid_custom_id", None, "custom_id"),
    (row(custom_id="a\x7fb"), "invalid_custom_id", None, "custom_id"),
    (b'{"custom_id": "a"}', "missing_input", None, "input"),
    (row(input=[1]), "invalid_input", None, "input"),
    (row(input=None), "invalid_input", None, "input"),
    (row(model="x"), "unknown_key", None, "model"),
    (row(input={}), "missing_field", None, "input.text"),
    (row(input={"text": "x", "nope": SECRET}), "unknown_field", None, "input.nope"),
    (row(input={"text": 5}), "wrong_type", None, "input.text"),
    (row(input={"text": ""}), "too_short", None, "input.text"),
    (row(input={"text": "x", "steps": 0}), "too_small", None, "input.steps"),
    (row(input={"text": "x", "steps": 101}), "too_large", None, "input.steps"),
    (row(input={"text": "x", "steps": 2.0}), "wrong_type", None, "input.steps"),
    (row(input={"text": "x", "steps": True}), "wrong_type", None, "input.steps"),
    (b'{"custom_id": "a", "body": {"text": "x"}}', "unknown_key", None, "body.text"),
    (b'{"custom_id": "a", "body": {}}', "missing_input", None, "body.input"),
    (b'{"custom_id": "a", "body": 3}', "invalid_body", None, "body"),
    (b'{"custom_id": "a", "url": "/v1/predictions"}', "missing_body", None, "body"),
    (b'{"custom_id": "a", "method": "GET", "body": {"input": {"text": "x"}}}', "invalid_method",
     None, "method"),
    (b'{"custom_id": "a", "url": "/v1/chat", "body": {"input": {"text": "x"}}}', "invalid_url",
     None, "url"),
    (b'{"custom_id": "a", "body": {"input": {"text": 1}}}', "wrong_type", None, "body.input.text"),
    (row(custom_id="x" * 11_000), "line_too_long", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("line", "code", "column", "field"), BAD_LINES)
def test_a_bad_line_is_named_and_its_neighbours_live(
    line: bytes, code: str, column: int | None, field: str | None
) -> None:
    found = read(GOOD + b"\n" + line + b"\n" + GOOD + b"\n")
    assert [found[0], found[-1]] == [Row(1, "a", {"text": "hi"}), Row(3, "a", {"text": "hi"})]
    first = found[1]
    assert isinstance(first, Problem)
    assert (first.line, first.code, first.field) == (2, code, field)
    assert first.column == column
    assert first.message.startswith("line 2")
    assert SECRET not in repr(found[1:-1])


BAD_FILES = [
    (b"", False, ["empty_file"]),
    (zipped(b""), True, ["empty_file"]),
    (b"\n", False, ["blank_line"]),
    (b"\xef\xbb\xbf" + GOOD, False, ["byte_order_mark", "Row"]),
    (b"\xef\xbb\xbf", False, ["byte_order_mark", "empty_file"]),
    (GOOD.decode().encode("utf-16"), False, ["utf16"]),
    (GOOD.decode().encode("utf-16-le"), False, ["utf16"]),
    (GOOD.decode().encode("utf-16-be"), False, ["utf16"]),
    (GOOD.decode().encode("utf-32"), False, ["utf16"]),
    (b"\0" * 5000, False, ["nul_bytes"]),
    (b"\0", False, ["nul_bytes"]),
    (zipped(GOOD), False, ["unexpected_gzip"]),
    (b"PK\x03\x04....", False, ["unexpected_zip"]),
    (GOOD, True, ["invalid_gzip"]),
    (b"", True, ["empty_file"]),
    (zipped(GOOD + b"\n") + b"garbage", True, ["Row", "invalid_gzip"]),
    (zipped(GOOD + b"\n")[:-9] + b"xxxxxxxxx", True, ["invalid_gzip"]),
    (zipped(GOOD + b"\n" + GOOD)[:-8], True, ["Row", "truncated_gzip"]),
    (zipped(GOOD)[:5], True, ["truncated_gzip"]),
]


@pytest.mark.parametrize(("data", "gzip", "codes"), BAD_FILES)
@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_a_bad_file(data: bytes, gzip: bool, codes: list[str], size: int) -> None:
    found = read(data, gzip=gzip, size=size)
    named = ["Row" if isinstance(one, Row) else one.code for one in found]
    if codes[0] == "invalid_gzip":  # how much is known before the damage shows is zlib's affair
        named = named[-1:]
    assert named == codes


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_line_ends(end: bytes, last: bool, size: int) -> None:
    data = end.join([GOOD, GOOD]) + (end if last else b"")
    assert read(data, size=size) == [Row(1, "a", {"text": "hi"}), Row(2, "a", {"text": "hi"})]


def test_gzip_in_many_members_and_with_padding() -> None:
    data = zipped(GOOD + b"\n") + b"\0\0\0" + zipped(GOOD) + b"\0" * 20
    assert len(read(data, gzip=True)) == 2
    assert all(isinstance(one, Row) for one in read(data, gzip=True))


def test_openai_rows() -> None:
    line = {"custom_id": "a", "method": "POST", "url": "/v1/predictions", "body": {"input": {}}}
    line["body"] = {"input": {"text": "hi"}}
    assert read(json.dumps(line).encode()) == [Row(1, "a", {"text": "hi"})]


def test_all_that_is_wrong_with_a_line_is_said_at_once() -> None:
    found = read(row(custom_id=3, more=1, input={"steps": 0, "nope": 1}))
    assert [one.code for one in found if isinstance(one, Problem)] == [
        "invalid_custom_id", "unknown_key", "too_small", "unknown_field", "missing_field",
    ]  # fmt: skip


def test_a_message_says_line_field_and_expectation() -> None:
    problem = read(row(input={"text": "x", "steps": 0}))[0]
    assert isinstance(problem, Problem)
    assert problem.message == "line 1: input.steps must be at least 1"


@pytest.mark.parametrize("custom_id", ["x" * 512, "é ñ", "a/b:c", "\u00a0", "名前", "🙂"])
def test_unusual_ids_are_fine(custom_id: str) -> None:
    assert read(row(custom_id=custom_id))[0].custom_id == custom_id  # type: ignore[union-attr]


def test_a_line_of_exactly_the_cap_is_fine() -> None:
    for end in (b"", b"\n", b"\r\n"):
        assert isinstance(read(GOOD + end, cap=len(GOOD))[0], Row)
    assert isinstance(read(GOOD, cap=len(GOOD) - 1)[0], Problem)


def test_a_long_line_is_not_kept() -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(10_000):
            yield b"x" * 10_000  # 100 MB
        yield b"\n" + GOOD

    found = list(apart(manifest.read(endless(), gzip=False, check=CHECK, cap_bytes=50_000)))
    assert [type(one) for one in found] == [Problem, Row]


def test_a_gzip_bomb_stays_small() -> None:
    bomb = zipped(b"0" * 50_000_000)
    found = list(manifest.read([bomb], gzip=True, check=CHECK, cap_bytes=50_000))
    assert [one.code for one in found if isinstance(one, Problem)] == ["line_too_long"]


@given(st.binary(max_size=300), st.booleans())
def test_nothing_makes_it_fail(data: bytes, gzip: bool) -> None:
    for one in read(GOOD[:20] + data, gzip=gzip):
        assert isinstance(one, Row | Problem)


SCALARS = st.none() | st.booleans() | st.integers(-(2**65), 2**65) | st.floats() | st.text()
FLAT = st.lists(SCALARS, max_size=3) | st.dictionaries(st.text(), SCALARS, max_size=3)
JSON = SCALARS | FLAT | st.dictionaries(st.text(), FLAT, max_size=3)


@given(JSON, st.booleans())
def test_the_fast_reader_agrees_with_the_strict_one(value: object, ascii_only: bool) -> None:
    text = json.dumps({"input": value}, ensure_ascii=ascii_only)
    data = text.encode("utf-8", "surrogatepass")
    assert outcome(rowjson.parser(), data) == outcome(rowjson.strict, data)


def outcome(parse: Callable[[bytes], object], data: bytes) -> str:
    try:
        return repr(parse(data))
    except Bad as bad:
        return bad.code


def test_a_duplicate_names_the_first_line() -> None:
    problem = manifest.duplicate(9, 2)
    assert (problem.line, problem.code, problem.field) == (9, "duplicate_custom_id", "custom_id")
    assert "line 2" in problem.message


def test_a_gzip_bomb_is_given_up_before_it_fills_anything() -> None:
    bomb = zipped(b" " * 100_000_000)
    pieces = inflated([bomb])

    seen = sum(len(next(pieces)) for _ in range(64))
    with pytest.raises(Broken, match="200 times as long"):
        next(pieces)

    assert seen == 64 * 1024 * 1024


def test_rows_that_are_much_alike_are_no_bomb() -> None:
    rows = b"".join(b'{"custom_id":"%09d","input":{"text":"hi"}}\n' % n for n in range(2_000_000))
    packed = zipped(rows, 6)

    assert sum(map(len, inflated([packed]))) == len(rows)
