"""Two outputs, by what is in them: values, texts, sounds, archives, and what is none of these."""

import gzip
import io
import json
import math
import wave
import zipfile
from typing import Any

import pytest

from safepush.compare import EXACT, USUAL, File, Tolerance, archives, compare


def kinds(expected: Any, actual: Any, tolerance: Tolerance = EXACT) -> list[str]:
    return [f"{one.place} {one.kind}" for one in compare(expected, actual, tolerance)]


@pytest.mark.parametrize(
    ("expected", "actual", "found"),
    [
        (1, 1.0, []),
        (True, True, []),
        (True, 1, ["output type"]),
        (None, None, []),
        (None, 0, ["output type"]),
        ("", "", []),
        ("a", "b", ["output text"]),
        (math.nan, math.nan, []),
        (math.nan, 1.0, ["output number"]),
        (math.inf, math.inf, []),
        (1.0, math.inf, ["output number"]),
        (10**400, 10**400, []),
        (10**400, 1, ["output number"]),
        (False, True, ["output value"]),
        ([], [], []),
        ([1, 2], [1], ["output length"]),
        ([1, 2], [1, 3], ["output[1] number"]),
        ({"a": 1}, {"a": 1, "b": 2}, ["output.b extra"]),
        (
            {"a": 1, "b": [{"c": "x"}]},
            {"b": [{"c": "y"}]},
            ["output.a missing", "output.b[0].c text"],
        ),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, []),
        ([1], {"0": 1}, ["output type"]),
        (File(b"a"), "a", ["output type"]),
    ],
)
def test_values_by_their_places(expected: Any, actual: Any, found: list[str]) -> None:
    assert kinds(expected, actual) == found
    assert kinds(actual, expected) != [] or found == []


def test_a_tolerance_covers_numbers_by_their_size_and_nothing_else() -> None:
    tolerance = Tolerance(number=1e-3)

    assert kinds(1_000_000.0, 1_000_900.0, tolerance) == []
    assert kinds(1_000_000.0, 1_002_000.0, tolerance) == ["output number"]
    assert kinds(0.0001, 0.0009, tolerance) == []
    assert kinds(0.001, 0.099, tolerance) == ["output number"]
    assert kinds("1", "1.0", tolerance) == ["output text"]
    assert kinds(1.0, math.nan, Tolerance(number=1e300)) == ["output number"]


def test_a_text_says_where_it_parts_and_how_much_is_other() -> None:
    (found,) = compare("the quick brown fox", "the quick green fox")

    assert found.detail.startswith("at character 11: 'green fox' instead of 'brown fox'")
    assert 0.1 < found.amount < 0.3
    assert kinds("the quick brown fox", "the quick green fox", Tolerance(text=0.3)) == []
    assert "the end of the text" in compare("ab", "a")[0].detail


def test_long_texts_and_many_differences_take_no_time() -> None:
    text = "word " * 400_000
    (found,) = compare(text, text[:-7] + "other w")
    assert found.amount < 0.001
    (found,) = compare("ab" * 500_000, "ba" * 500_001)
    assert found.amount > 0.9
    assert len(compare([0] * 10_000, [1] * 10_000)) == 100


def test_what_is_nested_without_end_is_not_alike() -> None:
    deep: Any = []
    for _ in range(500):
        deep = [deep]

    assert [one.kind for one in compare(deep, json.loads(json.dumps(deep)))] == ["too-deep"]


# Files


def files(expected: bytes, actual: bytes, tolerance: Tolerance = EXACT) -> list[str]:
    return [
        f"{one.place.removeprefix('output')} {one.kind}".strip()
        for one in compare(File(expected), File(actual), tolerance)
    ]


def zipped(entries: dict[str, bytes], **options: Any) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", **options) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def sound(samples: list[int], rate: int = 8000, width: int = 2) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(
            b"".join(one.to_bytes(width, "little", signed=width > 1) for one in samples)
        )
    return buffer.getvalue()


TONE = [round(8000 * math.sin(at / 9)) for at in range(5000)]


@pytest.mark.parametrize(
    ("expected", "actual", "found"),
    [
        (b"", b"", []),
        (b"", b"a", ["media-type"]),
        (b"hello", b"hallo", ["text"]),
        (b"BMW", b"BMX", ["text"]),
        (b'{"a": 1}', b'{ "a" : 1.0 }', []),
        (b'{"a": 1}', b'{"a": 2}', [".a number"]),
        (b'{"a": 1}', b'{"a": 1', ["text"]),
        (b"[" * 100_000, b"[" * 100_001, ["text"]),
        (b"\x00\x01", b"\x00\x02", ["bytes"]),
        (b"\x00\x01", b"\x00\x02\x03", ["bytes"]),
        (b"a" * 4095 + "é".encode(), b"b" + b"a" * 4094 + "é".encode(), ["text"]),
        (b"ID3\x01", b"ID3\x02", ["unreadable"]),
        (b"....ftypisom1", b"....ftypisom2", ["unreadable"]),
        (sound(TONE), sound(TONE), []),
        (sound(TONE), sound(TONE, rate=16000), ["sound"]),
        (sound(TONE), sound(TONE[:-1]), ["duration"]),
        (sound(TONE), sound([*TONE[:3000], *[0] * 400, *TONE[3400:]]), ["samples"]),
        (sound(TONE), sound(TONE)[:200], ["unreadable"]),
        (sound([0, 1, 2], width=1), sound([0, 1, 3], width=1), ["samples"]),
        (sound([0, 1, 2], width=3), sound([0, 1, 3], width=3), ["samples"]),
        (sound([0, 1, 2], width=4), sound([0, 1, 9999], width=4), ["samples"]),
        (gzip.compress(b"hello", mtime=1), gzip.compress(b"hello", mtime=2), []),
        (gzip.compress(b"hello", mtime=1), gzip.compress(b"hallo", mtime=1), ["text"]),
        (gzip.compress(b"hello", mtime=1), gzip.compress(b"hello", mtime=1)[:-9], ["bytes"]),
    ],
)
def test_files_by_what_is_in_them(expected: bytes, actual: bytes, found: list[str]) -> None:
    assert files(expected, actual) == found


def test_one_sample_off_is_nothing_and_a_silent_part_is_something() -> None:
    near = sound([one + 1 for one in TONE])
    silent = sound([*TONE[:3000], *[0] * 400, *TONE[3400:]])

    assert files(sound(TONE), near, USUAL) == []
    assert files(sound(TONE), silent, USUAL) == ["samples"]
    assert "from 3,072 on" in compare(File(sound(TONE)), File(silent))[0].detail


def test_archives_entry_by_entry() -> None:
    entries = {"a.txt": b"one", "b/c.json": b'{"x": [1, 2]}', "d.bin": b"\x00\x01"}
    first = zipped(entries)
    again = zipped(dict(reversed(entries.items())), compression=zipfile.ZIP_DEFLATED)
    other = zipped({"a.txt": b"two", "b/c.json": b'{"x": [1, 3]}', "e": b""})

    assert files(first, again) == []
    assert files(first, other) == [
        "!a.txt text",
        "!b/c.json.x[1] number",
        "!d.bin missing",
        "!e extra",
    ]
    assert files(zipped({"a.zip": first}), zipped({"a.zip": again})) == []


def test_an_archive_that_unfolds_without_end_is_told_and_not_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED_BYTES", 4 << 20)
    bomb = zipped({"a": bytes(5 << 20)}, compression=zipfile.ZIP_DEFLATED)
    many = zipped({str(number): b"" for number in range(2_001)})
    nested = other = b"\x00"
    for number in range(6):
        nested, other = zipped({"a.zip": nested}), zipped({"a.zip": other, str(number): b""})

    (told,) = compare(File(bomb), File(zipped({"a": b""})))
    assert (told.kind, told.detail) == ("unreadable", "unpacks to over 4 MiB")
    assert files(many, zipped({"a": b""})) == ["unreadable"]
    assert "!a.zip!a.zip bytes" in files(nested, other)
    assert files(zipped({"a": b"x" * 99}), zipped({"a": b"x" * 99})[:-20]) == ["unreadable"]
    assert files(bomb, bomb) == []


def test_a_gzip_that_unfolds_without_end_is_told_by_its_bytes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("safepush.compare.files.MAX_BYTES", 4 << 20)

    assert files(gzip.compress(bytes(5 << 20)), gzip.compress(b"a")) == ["bytes"]
    assert files(gzip.compress(bytes(3 << 20)), gzip.compress(b"a")) == ["media-type"]
