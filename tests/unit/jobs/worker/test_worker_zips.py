"""Hostile zips, each refused with a reason before anything of it is unpacked to a name."""

import io
import os
import random
import stat
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from jobs.worker import zips
from jobs.worker.zips import Limits, ZipRefused

Make = Callable[[], bytes]
SMALL = Limits(small_bytes=1 << 20, entry_bytes=8 << 20, total_bytes=16 << 20)


def packed(*entries: tuple[str | zipfile.ZipInfo, bytes], way: int = zipfile.ZIP_DEFLATED) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", way) as archive:
        for name, content in entries:
            archive.writestr(name, content, compress_type=way)
    return whole.getvalue()


def entry(name: str, mode: int) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.external_attr = mode << 16
    return made


def bomb(size_bytes: int = 6 << 20) -> bytes:
    return packed(("zeros", bytes(size_bytes)))


def renamed(old: bytes, new: bytes, whole: bytes) -> bytes:
    assert len(old) == len(new)
    assert old in whole
    return whole.replace(old, new)


def many_entries(count: int) -> bytes:
    record = b"PK\1\2" + bytes(24) + struct.pack("<3H", 1, 0, 0) + bytes(12) + b"x"
    directory = record * count
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(directory), 4, 0)
    return b"PK\3\4" + directory + end


def a_million_declared() -> bytes:
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 10**6, 10**6, 46 * 10**6, 0)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, 0, 1)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return b"PK\3\4" + end64 + locator + end


def overlapping() -> bytes:
    """Two entries that share the bytes of one: what makes a small zip say that it is large."""
    whole = bytearray(packed(("a", os.urandom(1000)), ("b", os.urandom(1000))))
    second = whole.rindex(b"PK\1\2")
    struct.pack_into("<L", whole, second + 42, 0)  # where the first one begins
    whole[second + 46 : second + 47] = b"c"
    return bytes(whole)


def lying(size_bytes: int) -> bytes:
    """An entry that unpacks to more than it says."""
    whole = bytearray(packed(("zeros", bytes(2 << 20))))
    for place, at in ((0, 22), (whole.rindex(b"PK\1\2"), 24)):
        struct.pack_into("<L", whole, place + at, size_bytes)
    return bytes(whole)


def encrypted() -> bytes:
    whole = bytearray(packed(("secret.txt", b"x" * 50)))
    for place, at in ((0, 6), (whole.rindex(b"PK\1\2"), 8)):
        struct.pack_into("<H", whole, place + at, 1)
    return bytes(whole)


def twice() -> bytes:
    return renamed(b"b.png", b"a.png", packed(("a.png", b"1"), ("b.png", b"2")))


def nested(levels: int) -> bytes:
    whole = packed(("x", b"x"))
    for level in range(levels):
        whole = packed((f"{level}.zip", whole))
    return whole


HOSTILE: dict[str, tuple[Make, str]] = {
    "bomb": (bomb, r"would unpack to 6.3 MB, and may to"),
    "nested bomb": (
        lambda: packed(*((f"{n}.zip", bomb(1 << 20)) for n in range(9)), way=zipfile.ZIP_STORED),
        r"\d.zip in the zip would unpack to",
    ),
    "one large entry": (lambda: packed(("big", bytes(9 << 20))), r"big has 9.4 MB, and may have"),
    "traversal": (lambda: packed(("../../etc/cron.d/x", b"x")), r"\.\./\.\./etc/cron.d/x cannot"),
    "hidden traversal": (lambda: packed(("a/../../x", b"x")), r"without '\.', '\.\.'"),
    "absolute path": (lambda: packed(("/etc/passwd", b"x")), "/etc/passwd cannot be unpacked"),
    "drive": (lambda: packed(("C:/windows/x", b"x")), "must not begin with a drive"),
    "backslash": (lambda: renamed(b"aaa", b"..\\", packed(("aaax", b"x"))), "backslash"),
    "NUL in a name": (lambda: renamed(b"aaab", b"a\0.b", packed(("aaab", b"x"))), "NUL"),
    "link": (
        lambda: packed((entry("l", stat.S_IFLNK | 0o777), b"/etc/passwd")),
        "l is a link: pack the file",
    ),
    "device": (lambda: packed((entry("d", stat.S_IFCHR | 0o600), b"")), "no file and no folder"),
    "a million entries": (
        lambda: many_entries(1_000_000),
        "has a directory of 47,000,000 bytes, and may have 33,554,432",
    ),
    "more entries than it says": (lambda: many_entries(60_000), "has more than 50,000 entries"),
    "a million entries, it says": (a_million_declared, "has 1,000,000 entries, and may have"),
    "duplicate names": (twice, r"a.png is there twice"),
    "a file that is a folder": (lambda: packed(("a", b"1"), ("a/b", b"2")), "also a file"),
    "too deep": (lambda: packed(("a/" * 100 + "x", b"x")), "more than 64 folders deep"),
    "encrypted": (encrypted, "secret.txt is encrypted: pack it without a password"),
    "odd packing": (
        lambda: packed(("x", b"x" * 99), way=zipfile.ZIP_LZMA),
        "x is packed in a way that is not taken",
    ),
    "overlap": (overlapping, "overlaps with what follows"),
    "says less than it has": (lambda: lying(1000), "zeros is damaged, or cut short"),
    "zips in zips in zips": (lambda: nested(2), "a zip within a zip within a zip"),
    "truncated": (lambda: packed(("a", os.urandom(5000)))[:3000], "cut short"),
    "truncated in the middle": (
        lambda: (whole := packed(("a", os.urandom(5000))))[:1000] + whole[2000:],
        "its directory lies elsewhere",
    ),
    "behind other bytes": (lambda: b"\x89PNG" + packed(("a", b"x")), "stands behind other bytes"),
    "damaged bytes": (
        lambda: renamed(b"yyyy", b"yzyy", packed(("a", b"yyyy"), way=zipfile.ZIP_STORED)),
        "a is damaged",
    ),
    "an end, and nothing before it": (lambda: b"PK\3\4" + bytes(200), "is cut short"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_zip_is_refused_and_nothing_of_it_is_written(name: str, tmp_path: Path) -> None:
    make, why = HOSTILE[name]
    folder = tmp_path / "only"
    folder.mkdir()
    path = folder / "images.zip"
    path.write_bytes(make())
    tracemalloc.start()
    try:
        with pytest.raises(ZipRefused, match=why) as refused:
            zips.check(path, SMALL)
        assert tracemalloc.get_traced_memory()[1] < 8 << 20  # bytes, at the most
    finally:
        tracemalloc.stop()
    assert [one.name for one in tmp_path.rglob("*")] == ["only", "images.zip"]
    assert len(str(refused.value)) < 300


def test_good_zips_and_files_that_are_none_pass(tmp_path: Path) -> None:
    path = tmp_path / "file"
    picture = random.Random(1).randbytes(200_000)
    good = [
        packed(("a.png", picture), ("deep/er/b.png", picture), ("caption.csv", b"a.png,a cat\n")),
        packed(("folder/", b""), ("folder/a", b"1"), ("./b", b"2"), way=zipfile.ZIP_STORED),
        packed(("weights.npz", packed(("w.npy", b"12")))),  # arrays are zips too
        packed(),
        b"",
        b"\x89PNG" + picture,
        b"text that says PK\5\6 at its end" + bytes(30),
    ]
    for content in good:
        path.write_bytes(content)
        zips.check(path, SMALL)


def test_whatever_bytes_are_changed_it_is_refused_or_it_can_be_unpacked(tmp_path: Path) -> None:
    """Nothing else than a refusal leaves, and what passes leads nowhere outside."""
    whole = packed(("a.txt", b"some text" * 20), ("b/c.txt", b"other text" * 20))
    path, luck = tmp_path / "file.zip", random.Random(7)
    for number in range(600):
        changed = bytearray(whole)
        for _ in range(luck.randint(1, 3)):
            changed[luck.randrange(len(changed))] = luck.choice((0, 1, 0x2F, 0x7F, 0xFF))
        path.write_bytes(changed)
        try:
            zips.check(path, SMALL)
        except ZipRefused:
            continue
        try:
            archive = zipfile.ZipFile(path)
        except zipfile.BadZipFile:  # by now it is none to anybody
            continue
        archive.extractall(tmp_path / f"{number}")
    assert {one.name for one in tmp_path.iterdir() if not one.name.isdigit()} == {"file.zip"}
