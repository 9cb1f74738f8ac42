"""Other texts that models read in a format: an ordinary one of each, and odd ones of any."""

import re
from collections.abc import Iterator

from safepush.fuzz.code.source import Source, constants_of
from safepush.fuzz.tables.odd import LETTERS, MARK, Odd

#: how names and descriptions speak of a format, and a text in it
FORMATS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"\bweb ?vtt\b|\bvtt\b"),
        "WEBVTT\n\n00:00:01.000 --> 00:00:03.500\nIt rained all day.\n\n"
        "00:00:04.000 --> 00:00:06.200\nThe river rose.\n\n"
        "00:00:07.000 --> 00:00:09.000\nNobody slept.\n",
    ),
    (
        re.compile(r"\bsrt\b|\bsubrip\b|\bsubtitles?\b"),
        "1\n00:00:01,000 --> 00:00:03,500\nIt rained all day.\n\n"
        "2\n00:00:04,000 --> 00:00:06,200\nThe river rose.\n\n"
        "3\n00:00:07,000 --> 00:00:09,000\nNobody slept.\n",
    ),
    (re.compile(r"\blrc\b"), "[00:01.00]It rained all day\n[00:04.50]The river rose\n"),
    (
        re.compile(r"\bini\b"),
        "[main]\nname = amber\ncount = 3\n\n[more]\nname = birch\ncount = 5\n",
    ),
    (re.compile(r"\btoml\b"), '[main]\nname = "amber"\ncount = 3\n\n[more]\nname = "birch"\n'),
    (re.compile(r"\bya?ml\b"), "name: amber\ncount: 3\nitems:\n  - birch\n  - cedar\n"),
    (
        re.compile(r"\bgpx\b"),
        '<gpx version="1.1"><trk><trkseg>\n<trkpt lat="47.1" lon="8.5"><ele>450</ele></trkpt>\n'
        '<trkpt lat="47.2" lon="8.6"><ele>470</ele></trkpt>\n</trkseg></trk></gpx>\n',
    ),
    (
        re.compile(r"\bics\b|\bicalendar\b"),
        "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\nDTSTART:20240517T120000Z\n"
        "DTEND:20240517T130000Z\nSUMMARY:Lunch\nEND:VEVENT\nEND:VCALENDAR\n",
    ),
    (re.compile(r"\bfasta\b"), ">one\nACGTACGTAC\n>two\nGGCATTAC\n"),
    (
        re.compile(r"\bxml\b"),
        '<items>\n<item id="1"><name>amber</name></item>\n'
        '<item id="2"><name>birch</name></item>\n</items>\n',
    ),
    (re.compile(r"\bmarkdown\b"), "# One\n\nSome words.\n\n## Two\n\n- amber\n- birch\n"),
)
#: the last ones of these are spoken of where any text will do
LOOSE = 2
_SAMPLE = re.compile(r"sample|example|demo")
#: lines that are left out, and numbers that are others, one at a time
MOST_LINES, MOST_NUMBERS = 6, 4


def told(said: str, *, is_file: bool = True) -> str | None:
    """An ordinary text in the format that is spoken of; where it is no file, in a strict one."""
    known = FORMATS if is_file else FORMATS[:-LOOSE]
    return next((text for words, text in known if words.search(said.lower())), None)


def samples(source: Source) -> Iterator[str]:
    """Texts of several lines that the code calls a sample."""
    for name, text in constants_of(source):
        if isinstance(text, str) and "\n" in text.strip() and _SAMPLE.search(name.lower()):
            yield text


def of(text: str) -> Iterator[Odd]:
    """Odd ones of a text, the most telling first; those that may be in its format no more last."""
    bare = text.strip("\n")
    parts = bare.split("\n\n")
    gap = "\n\n" if len(parts) > 1 else "\n"
    parts = parts if len(parts) > 1 else bare.split("\n")
    yield Odd("of its first part", f"{parts[0]}\n")
    yield Odd("whose last line has no end", bare)
    yield Odd("in Latin-1", _lettered(text, "caf\u00e9"), "latin-1", is_for_files=True)
    yield Odd("with CR LF", bare.replace("\n", "\r\n") + "\r\n")
    yield Odd("with a byte order mark", MARK + text, is_for_files=True)
    yield Odd("with letters of many kinds", _lettered(text, LETTERS))
    is_free = "-->" not in text  # the times of what is shown go up
    for name, made in {
        "with a part twice": [*parts, parts[-1]],
        "with its parts turned round": parts[::-1],
        "of 400 parts": [*parts, *parts[1:] * 400][:400],
    }.items():
        yield Odd(name, gap.join(made) + "\n", sound=is_free)
    yield Odd("in UTF-16", text, "utf-16", is_for_files=True)
    yield from _broken(text)


def _broken(text: str) -> Iterator[Odd]:
    bare = text.strip("\n")
    lines = bare.split("\n")
    yield from _numbered(text)
    yield Odd("cut in half", text[: len(text) // 2], sound=False)
    for at in range(min(len(lines), MOST_LINES)):
        less = "\n".join([*lines[:at], *lines[at + 1 :], ""])
        yield Odd(f"without line {at + 1}", less, sound=False)
    apart = bare.replace("\n", "\n\n")
    yield Odd("with empty lines", f"{apart}\n\n\n", sound=False)
    wide = bare.replace("\n", "  \n")
    yield Odd("with blanks at the ends of lines", f"{wide}  \n", sound=False)


def _numbered(text: str) -> Iterator[Odd]:
    found = [*re.finditer(r"\d+", text)]
    places = found if len(found) <= MOST_NUMBERS else [*found[:2], *found[-2:]]
    for new in ("0", "99999", "x"):
        for at, one in enumerate(places):
            made = text[: one.start()] + new + text[one.end() :]
            yield Odd(f"with {new} for number {at + 1}", made, sound=False)


def _lettered(text: str, letters: str) -> str:
    words = [*re.finditer(r"[A-Za-z]{4,}", text)]
    last = words[-1].span() if words else (len(text), len(text))
    return text[: last[0]] + letters + text[last[1] :]
