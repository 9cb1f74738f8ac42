"""What an input is about, by its name and description, and values that mean something there."""

import re
from dataclasses import dataclass
from typing import Any

from safepush.fuzz.fields import Field


@dataclass(frozen=True)
class Meaning:
    """A kind of text: how names and descriptions speak of it, good values, and odd ones."""

    words: re.Pattern[str]
    usual: tuple[str, ...]
    odd: tuple[str, ...]


def _words(*words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{'|'.join(words)})(?![a-z])")


MEANINGS = (
    Meaning(
        _words("dates?", "day", "birthday", "deadline", "yyyy", "when", "since", "until"),
        ("2024-05-17", "17.05.2024", "05/17/2024", "20240517"),
        (
            *("2024-02-29", "2024-01-31", "2100-01-31", "2023-12-31", "2024-03-31", "2023-02-29"),
            *("2024-02-30", "2024-13-01", "0001-01-01", "9999-12-31", "2100-02-28"),
        ),
    ),
    Meaning(
        _words("time", "times?tamp", "datetime", "iso ?8601", "moment", "at", "when", "start"),
        ("2024-05-17T12:00:00", "2024-05-17T12:00:00Z", "12:30", "12:30:00"),
        (
            *("2024-05-17T12:00:00Z", "2024-05-17T12:00:00+14:00", "2024-05-17 12:00:00.123456"),
            *("2024-12-31T23:59:60Z", "1969-12-31T23:59:59", "2024-05-17T24:00:00", "24:00"),
            *("0001-01-01T00:00:00", "9999-12-31T23:59:59Z", "2024-05-17"),
        ),
    ),
    Meaning(
        _words("time ?zones?", "tz"),
        ("UTC", "Europe/Berlin"),
        ("Asia/Kathmandu", "America/New_York", "Etc/GMT+12", "utc", "Mars/Olympus"),
    ),
    Meaning(
        _words("durations?", "intervals?", "hh:mm:ss"),
        ("00:01:30", "1:30", "90", "90s"),
        ("0", "00:00:00", "-1:00", "99:59:59", "1:2:3:4"),
    ),
    Meaning(
        _words("urls?", "uri", "links?", "website", "address", "endpoint"),
        ("https://example.com/a?b=c", "example.com"),
        ("http://", "https://example.com:99999/", "https://[::1", "//example.com", "mailto:a@b.c"),
    ),
    Meaning(
        _words("e-?mails?", "mail"),
        ("someone@example.com",),
        ("@example.com", "a@b", "a@@b.c", "ünï@exämple.de", '"a b"@example.com'),
    ),
    Meaning(
        _words("colou?rs?", "rgb", "hex", "background", "fill"),
        ("#3366cc", "red", "rgb(1, 2, 3)"),
        ("#36c", "#3366CCFF", "#", "#ggg", "transparent", "rgba(0,0,0,0)", "RED"),
    ),
    Meaning(
        _words("json", "settings", "options", "config(?:uration)?", "params", "metadata"),
        ('{"a": 1}', "{}"),
        ("[]", "null", "1", '"text"', '{"a": null}', '{"a": {"b": []}}', "{", "NaN", "[[[[]]]]"),
    ),
    Meaning(
        _words("lang(?:uages?)?", "locale", "country"),
        ("en", "de", "English", "US"),
        ("EN", "en-US", "en-AU", "de-AT", "en_US", "zh-Hant", "xx", "deu", "English"),
    ),
    Meaning(
        _words("file ?names?", "names?", "paths?", "folder", "directory", "slug", "title", "key"),
        ("note", "picture.png"),
        ("../note", "a/b", "/etc/passwd", ".", "..", "CON", "a" * 300, ".hidden", "a\x00.png"),
    ),
    Meaning(
        _words("regex(?:p|es)?", "patterns?", "expressions?", "formulas?", "search", "match"),
        ("a+", "1 + 2", "x"),
        ("(", "[", "*", "a{2,1}", "(?P<a>", "\\", "1/0", "2**9999", "()" * 50, "((((1))))"),
    ),
    Meaning(
        _words("csv", "table", "comma", "separated", "rows?", "list", "tags", "labels", "ids"),
        ("a,b,c", "a,b\n1,2\n3,4\n", "1, 2, 3", "1,2"),
        (",", ",,", "a,,b", 'a,"b', "a", "a,a", "a,b\n1\n", "\n\n", ";", "1,2,x"),
    ),
    Meaning(
        _words("size", "resolution", "dimensions?", "aspect", "ratio", "wxh"),
        ("512x512", "16:9", "1:1"),
        ("0x0", "0:0", "16:0", "1x", "x", "-1x5", "512\u00d7512", "512X512", "1:1:1"),
    ),
    Meaning(
        _words("box", "bbox", "coordinates?", "coords?", "points?", "position", "crop", "region"),
        ("0,0,10,10", "1,2", "[0, 0, 10, 10]"),
        ("0,0,0,0", "10,10,0,0", "-1,-1,5,5", "0,0,1e9,1e9", "0,0", "nan,0,1,1"),
    ),
    Meaning(
        _words("numbers?", "values?", "amounts?", "prices?", "versions?", "digits?"),
        ("12", "1.5", "1,2,3", "1.2.3"),
        ("-1", "0", "1e400", "nan", "1,5", "0x10", "\uff11\uff12", "²", "1_000", "+1", "1."),
    ),
    Meaning(
        _words("html", "xml", "svg", "markup"),
        ("<p>one</p>", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("<p>", "</p>", "<!--", "<a><b></a></b>", "&nope;", "<![CDATA[", "<p " + "x " * 500 + ">"),
    ),
    Meaning(
        _words("templates?", "formats?", "placeholders?"),
        ("Dear {name}",),
        ("{", "}", "{}", "{0}", "{missing}", "{name.x}", "{name!x}", "{name:999999999}", "%s", "$"),
    ),
    Meaning(
        _words("base64", "encoded", "data"),
        ("aGVsbG8=",),
        ("aGVsbG8", "====", "a", "aGVs bG8=", "💥"),
    ),
)  # fmt: skip

_QUOTED = re.compile(r"""["'`“\u2018]([^"'`”\u2019]{1,60})["'`”\u2019]""")
_LIKE = re.compile(r"(?:like|such as|e\.g\.|for example|example:?|as)\s+([^\s,;)]{2,40})", re.I)


def usual(field: Field) -> list[str]:
    """Texts that such an input may well be meant for, the likeliest first."""
    told = [match for pattern in (_QUOTED, _LIKE) for match in pattern.findall(field.description)]
    known = [value for meaning in of(field) for value in meaning.usual]
    return list(dict.fromkeys([*told, *known]))


def odd(field: Field) -> list[str]:
    """Texts that are good or nearly so, and that are easily forgotten.

    Those that are written as its default is come first.
    """
    found = list(dict.fromkeys(value for meaning in of(field) for value in meaning.odd))
    written = form(field.default)
    return sorted(found, key=lambda value: form(value) != written) if written else found


def alike(field: Field) -> list[str]:
    """Those of them that are written as its default is."""
    own = form(field.default)
    return [value for value in odd(field) if own and form(value) == own]


def all_usual() -> list[str]:
    """A text of each kind, for an input that nothing is known of."""
    return [meaning.usual[0] for meaning in MEANINGS]


def of(field: Field) -> list[Meaning]:
    """The kinds that its default is written as, that its name speaks of, and its description."""
    name = re.sub(r"[_\W]+", " ", re.sub(r"([a-z])([A-Z])", r"\1 \2", field.name)).lower()
    said = field.description.lower()
    own = form(field.default)
    written = [one for one in MEANINGS if own and own in map(form, one.usual)]
    named = [one for one in MEANINGS if one.words.search(name)]
    told = [one for one in MEANINGS if one.words.search(said)]
    return list({id(one): one for one in (*written, *named, *told)}.values())


def form(text: Any) -> str | None:
    """How a text is written, whatever its words and numbers: none of what is only words."""
    if not isinstance(text, str) or not re.search(r"\d.*[^\w\s]|[^\w\s].*\d", text):
        return None
    return re.sub(r"\d+", "0", re.sub(r"[^\W\d_]+", "a", text))
