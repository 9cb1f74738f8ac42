"""What a model printed is told once, also when only the end of it is still kept."""

import pytest

from jobs.core.printed import CUT, news


@pytest.mark.parametrize(
    ("before", "now", "new"),
    [
        ("", "one\n", "one\n"),
        ("one\n", "one\n", ""),
        ("one\n", "one\ntwo\n", "two\n"),
        ("one\ntwo\n", f"{CUT}two\nthree\n", "three\n"),
        (f"{CUT}two\nthree\n", f"{CUT}three\nfour\n", "four\n"),
        ("one\n", f"{CUT}three\n", f"{CUT}three\n"),
        ("one\nzw\u00f6lf\n", f"{CUT}\ufffdlf\ntwo\n", "two\n"),
        ("aaaa", f"{CUT}aaab", "b"),
    ],
)
def test_what_is_new(before: str, now: str, new: str) -> None:
    assert news(before, now) == new


def test_a_long_log_is_told_once() -> None:
    """Ten times what is kept, looked at after each piece."""
    lines = [f"line {number}: {'x' * 90}\n" for number in range(1000)]
    whole = kept = told = ""
    for line in lines:
        whole += line
        before, kept = kept, whole if len(whole) < 10_000 else CUT + whole[-10_000:]
        told += news(before, kept)

    assert told == whole
