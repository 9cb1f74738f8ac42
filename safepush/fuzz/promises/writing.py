"""Texts of a known shape, and texts that say what only machines say."""

import base64
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from safepush.compare import File
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.promises.formats import is_in
from safepush.fuzz.promises.parts import texts
from safepush.fuzz.promises.promise import Made, Promise

RULE = "fuzz-output-text"
#: a shape: (what a text of it looks like at first, what it has to be)
_SHAPES: Mapping[str, tuple[str, str]] = {
    "a colour (#rrggbb)": (r"#[0-9a-fA-F-]{1,12}", r"#[0-9a-fA-F]{6}(?:[0-9a-fA-F]{2})?"),
    "a date": (r"\d{1,5}-\d{1,2}-\d{1,3}", r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"),
    "a length of time": (
        r"-?\d+:-?\d{1,3}(?::-?\d{1,3}(?:[.,]\d*)?)?",
        r"-?\d+:[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?",
    ),
    "an address": (r"https?://[^\0]*", r"https?://[^\s<>\"{}|\\^`]+"),
    "a slug": (r"[A-Za-z0-9_-]*-[A-Za-z0-9_-]*", r"[a-z0-9_]+(?:-[a-z0-9_]+)*"),
    "a query": (r"[^\0]*=[^\0]*", r"[^\s\"<>]*"),
}
#: shapes that a text may have by chance: the model's code or words have to speak of them
_SAID = {
    "a length of time": re.compile(r"time|second|minute|hour|duration|clock"),
    "a slug": re.compile(r"slug"),
    "a query": re.compile(r"query.?string|urlencode"),
}
_CLASS = re.compile(r"<(?:class|function|module|built-in|bound method|generator object) '?\w")
_NONE = re.compile(r"(?<![\w.])None(?![\w.])")
_MARKUP = re.compile(
    r"\s*<(?:!doctype html|html|body|div|p|ul|ol|table|h[1-6]|span|article)\b", re.I
)
#: then tags may well be sent on purpose
_WRITES = re.compile(r"markdown|html|markup|template|svg|xml")
_TAGS = re.compile(r"<[a-z]+>")
_PATH = re.compile(r"(?<![\w/])/(?:tmp|home|root|var|usr|opt|src)/[\w.-]+")
_SUM, _SUMMED = "7*7", re.compile(r"(?<![\w.:+-])49(?![\w:]|[.,-]\d)")
#: stands beside the sum in what is sent, and in the text that it is a part of: a moment and a count
#: may well have these two digits
_BESIDE = "$HOME"
_BASE64 = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")


def promises(fields: Sequence[Field], usual: Made, source: Source) -> Iterator[Promise]:
    """That texts keep the shape that they have with the usual inputs."""
    said = source.text.lower()
    for name, (loose, strict) in _SHAPES.items():
        if name not in _SAID or _SAID[name].search(said):
            told = f"a text is {name} with the usual inputs, and here it is none"
            kept = partial(_shaped, _places(usual, strict), re.compile(loose), re.compile(strict))
            yield Promise(rule=RULE, broken=told, kept=kept)
    told = "the output says `None`, which is for programmers"
    if "None" not in _literals(source):
        yield Promise(rule=RULE, broken=told, kept=_says_nothing)
    told = "the output says what a part of a program is called"
    yield Promise(rule=RULE, broken=told, kept=_says_class)
    told = "what an input says is run as a template"
    yield Promise(rule=RULE, broken=told, kept=_runs)
    told = "tags of an input are tags of the output, which is a page"
    if not any(_WRITES.search(f"{one.name} {one.description}".lower()) for one in fields):
        yield Promise(rule=RULE, broken=told, kept=_escapes)
    yield Promise(rule=RULE, broken="the output names a file of the machine", kept=_names_file)
    if re.search(r"base64|b64", said):
        yield from _encoded(usual)


def _places(usual: Made, strict: str) -> frozenset[str]:
    """Where all texts are of a shape with the usual inputs, which do not give it themselves."""
    given = {one for _, one in texts(dict(usual.inputs))}
    found: dict[str, list[bool]] = {}
    for place, text in texts(usual.output):
        is_so = re.fullmatch(strict, text) is not None and text not in given
        found.setdefault(place, []).append(is_so)
    return frozenset(place for place, told in found.items() if all(told))


def _shaped(
    places: frozenset[str], loose: re.Pattern[str], strict: re.Pattern[str], made: Made
) -> bool | None:
    found = [text for place, text in made.texts if place in places]
    told = [strict.fullmatch(text) is not None for text in found if loose.fullmatch(text)]
    return all(told) if told else None


def _literals(source: Source) -> str:
    return " ".join(re.findall(r"""["'][^"'\n]*["']""", source.text))


def _says_nothing(made: Made) -> bool | None:
    given = made.given.lower()
    if "none" in given or "null" in given:  # it may be said of that
        return None
    return "None" not in made.said or _NONE.search(made.said) is None


def _says_class(made: Made) -> bool | None:
    return "<class" in made.given or _CLASS.search(made.said) is None


def _names_file(made: Made) -> bool | None:
    found = {*_PATH.findall(made.said)} if "/" in made.said else ()
    return all(one in made.given for one in found)


def _runs(made: Made) -> bool | None:
    """Whether a sum in an input comes out as its result alone."""
    given = made.given
    if _SUM not in given or _BESIDE not in given or _SUMMED.search(given):
        return True
    told = [text for _, text in made.texts if _BESIDE in text and _SUM not in text]
    return not any(map(_SUMMED.search, told))


def _escapes(made: Made) -> bool | None:
    """Whether no tag of an input is one of the output, where that is a page by itself."""
    page = made.output
    if isinstance(page, File):
        page = page.content.decode("utf-8", "replace")
    if not isinstance(page, str) or not _MARKUP.match(page):
        return None
    sent = [one for _, one in texts(dict(made.inputs)) if not one.startswith("data:")]
    tags = {tag for one in sent for tag in _TAGS.findall(one) if "<a><b>" in one or tag == "<b>"}
    return not any(tag in page for tag in tags)


def _encoded(usual: Made) -> Iterator[Promise]:
    if isinstance(usual.output, str) and _BASE64.fullmatch(usual.output):
        told = "a text is Base64 with the usual inputs, and here it is none"
        yield Promise(rule=RULE, broken=told, kept=_is_base64)


def _is_base64(made: Made) -> bool | None:
    if not isinstance(made.output, str):
        return None
    try:
        base64.b64decode(made.output, validate=True)
    except ValueError:
        return False
    return True


# What an input says that a text is written in

_FORMAT = re.compile(r"(?:output_|response_|export_|report_)?(?:format|type|style)|as")
#: then it is rather what the text is written in that is sent
_READS = re.compile(r"\b(?:inputs?|source|given|reads?|pars\w+|sent|incoming|of the \w+)\b")
_WRITTEN: Mapping[str, str] = {
    "json": "JSON", "csv": "CSV", "xml": "XML", "srt": "SRT", "vtt": "WebVTT", "jsonl": "JSONL",
    "webvtt": "WebVTT", "svg": "XML", "tsv": "TSV", "yaml": "YAML",
    "yml": "YAML", "toml": "TOML",
}  # fmt: skip


def asked(fields: Sequence[Field]) -> Iterator[Promise]:
    """That a text is in the format that an input names, whatever it is with the usual ones."""
    for one in fields:
        is_said = "_" in one.name or not _READS.search(one.description.lower())
        if one.choices and is_said and _FORMAT.fullmatch(one.name.lower()):
            told = f"the output is not in the format that {one.name!a} says"
            kept: Callable[[Made], bool | None] = partial(_written, one.name)
            yield Promise(rule=RULE, broken=told, kept=kept, always=True)


def _written(name: str, made: Made) -> bool | None:
    format = _WRITTEN.get(str(made.inputs.get(name)).lower())
    text: Any = made.output
    if isinstance(text, File) or format is None or not isinstance(text, str) or not text.strip():
        return None
    return is_in(format, text)
