"""What a description says of a table or of records: columns, keys, and what stands between."""

import json
import re
from collections.abc import Iterator
from typing import Any

from safepush.fuzz.tables import table
from safepush.fuzz.tables.cells import Hint
from safepush.fuzz.tables.table import Table

_QUOTES = "`'\"\u2018\u2019\u201c\u201d"
#: a name, in quotes or not, and what is said of it in brackets
_NAME = (
    rf"(?:(?:an? |the )?(?:[{_QUOTES}][\w][\w .-]{{0,30}}[{_QUOTES}]|[A-Za-z_]\w*)"
    r"(?:\s?\([^)]*\))?)"
)
_MORE = rf"(?:\s*(?:,\s*(?:and\s|or\s|then\s)?|/|\band\b|&)\s*{_NAME})"
_AFTER = (
    r"(?=\s*(?:[.,;:)\u2013-]|$|\b(?:for|in|as|with|of|per|where|which|from|on|one|each|at|to|is"
    r"|are|below|above|separated|then|that|whose|by|and|columns?|fields?|keys?)\b))"
)
_COLUMNS = re.compile(
    r"\b(?:columns?|headers?|heading|head|header row|fields?|keys?|members?|names)"
    r"(?:\s+(?:of|are|is|named|called|row|line|must be|must have|has to be|with|has|be|have))*"
    rf"\s*[:=(\u2013-]?\s*(?P<all>{_NAME}{_MORE}*){_AFTER}",
    re.IGNORECASE,
)
_BEFORE = re.compile(rf"(?P<all>{_NAME}{_MORE}+)\s+(?:columns|fields|keys)\b")
_EACH = re.compile(rf"[{_QUOTES}](\w+)[{_QUOTES}] (?:column|field|key)\b")
_HELD = re.compile(
    r"\b(?:objects?|records?|entries|items|mappings?|dict(?:ionarie)?s|rows?|lines?|one|json|points)"
    r"(?:,?\s+each)?\s+(?:with|of|that have|having)\s+(?:the\s)?"
    rf"(?:keys?\s|fields?\s|members?\s)?(?P<all>{_NAME}{_MORE}*){_AFTER}",
    re.IGNORECASE,
)
_COMPACT = re.compile(
    rf"(?<![\w,;|{_QUOTES}])[{_QUOTES}]?(?P<all>[A-Za-z_]\w*(?P<sign>[,;|])[A-Za-z_]\w*"
    rf"(?:(?P=sign)[A-Za-z_]\w*)*)[{_QUOTES}]?(?![\w,;|])"
)
_ONE = re.compile(
    rf"(?P<q>[{_QUOTES}])?(?P<name>(?(q)[\w][\w .-]*|[A-Za-z_]\w*))(?(q)[{_QUOTES}])"
    r"(?:\s?\((?P<said>[^)]*)\))?"
)
_NO_NAMES = frozenset(
    [
        *(
            "an",
            "the",
            "and",
            "or",
            "in",
            "any",
            "order",
            "one",
            "each",
            "with",
            "of",
            "for",
            "row",
        ),
        *("rows", "line", "lines", "column", "columns", "header", "heading", "separated", "file"),
        *("text_", "this", "that", "which", "there", "it", "its", "first", "optional", "cell"),
        *("cells", "names", "csv", "tsv", "json", "below", "above", "then", "at", "least", "most"),
        *("be", "is", "are", "to", "not", "no", "all", "other", "more", "by", "only", "number"),
        *("numbers", "dates", "string", "strings", "same", "blank", "empty", "ignored", "whose"),
        *("objects", "list", "keys", "fields"),
    ]
)
_SIGNS = (
    (";", re.compile(r"semicolon|;-separated|separated by ;|['\"`];['\"`]")),
    ("\t", re.compile(r"\btabs?\b|\btsv\b|\\t")),
    ("|", re.compile(r"\bpipes?\b|\bbars?\b|['\"`]\|['\"`]")),
)
TABLE = re.compile(r"\bcsv\b|\btsv\b|\btables?\b|\bspreadsheet|\bcomma[- ]separated|\bcolumns?\b")
_CLEAR = re.compile(r"\bcsv\b|\btsv\b|\b(?:comma|semicolon|tab)s?[- ]separated")
LINES = re.compile(r"\bjson ?lines\b|\bjsonl\b|\bndjson\b|\bjson .{0,20}(?:per|on each|a) line\b")
JSON = re.compile(r"\bjson\b")
_NUMBER = re.compile(r"\bnumbers?\b|\bamount|\bfloat|\bdecimal")
_WHOLE = re.compile(r"\bwhole\b|\binteger|\bint\b|\bcount")
_DATE = re.compile(r"\bdate|\bday\b|yyyy-mm-dd|iso ?8601")


def is_clear(said: str) -> bool:
    """Whether a text holds a table for certain: a table may have a name, too."""
    return bool(_CLEAR.search(said) or (columns(said) and re.search(r"\brows?\b|\blines?\b", said)))


def columns(said: str) -> dict[str, Hint]:
    """The columns that a description names, with what it says of each."""
    for match in _COMPACT.finditer(said):
        names = match["all"].split(match["sign"])
        if table.is_heading(names):
            return dict.fromkeys(names, Hint())
    for pattern in (_COLUMNS, _BEFORE, _HELD):
        for match in pattern.finditer(said):
            if found := _named(match["all"]):
                return found
    return dict.fromkeys(_EACH.findall(said), Hint())


def _named(text: str) -> dict[str, Hint]:
    """The names of a list, if it is one: several words, or one in quotes."""
    found: dict[str, Hint] = {}
    is_quoted = text.strip()[:1] in _QUOTES
    for one in _ONE.finditer(re.sub(r"\b(?:and|or|then|an?|the) ", " ", text)):
        if one["q"] or one["name"].lower() not in _NO_NAMES:
            found[one["name"].strip()] = _hint(one["said"] or "")
    return found if len(found) > 1 or (found and is_quoted) else {}


def _hint(said: str) -> Hint:
    words = said.lower()
    for kind, pattern in (("date", _DATE), ("whole", _WHOLE), ("number", _NUMBER)):
        if pattern.search(words):
            return Hint(kind)
    return Hint()


def between(said: str) -> str:
    """What stands between cells: a comma where nothing is said."""
    for match in _COMPACT.finditer(said):
        if table.is_heading(match["all"].split(match["sign"])):
            return match["sign"]
    return next((sign for sign, words in _SIGNS if words.search(said.lower())), ",")


def examples(said: str) -> Iterator[Table | str]:
    """Tables and JSON that stand in a description."""
    for text in re.findall(r"[`'\"]([^`'\"]*\n[^`'\"]*)[`'\"]", said.replace("\\n", "\n")):
        if (found := table.read(text)) is not None:
            yield found
    yield from _objects(said)


def _objects(said: str) -> Iterator[str]:
    for match in re.finditer(r"[{\[](?=\s*[\[{\"])", said):
        try:
            _, end = json.JSONDecoder().raw_decode(said, match.start())
        except (ValueError, RecursionError):
            continue
        yield said[match.start() : end]
        return


# Records


_LIST = re.compile(
    r"\b(?:list|array)s? of (?:\w+ )?(?P<what>objects|records|items|entries|dicts|mappings|rows"
    r"|points|numbers|integers|floats|texts|strings|words|names)"
)
_KEY = re.compile(rf"[{_QUOTES}](\w+)[{_QUOTES}]")
_KEYS = re.compile(r'"(\w+)"\s*:')


def record(said: str, count: int) -> Any:
    """The JSON that a description speaks of, made up; None where it names no keys."""
    found = _LIST.search(said.lower())
    if found is None:
        held = {**dict.fromkeys(_KEYS.findall(said), Hint()), **columns(said)}
        return _object(held, 0) if held else None
    before, after = said[: found.start()], said[found.start() :]
    outer = dict.fromkeys(_KEY.findall(before), Hint())
    items = _items(found["what"], after, count)
    if not outer or items is None:
        return items
    *first, last = outer
    return {**_object(dict.fromkeys(first, Hint()), 0), last: items}


def _items(what: str, after: str, count: int) -> list[Any] | None:
    if what in ("numbers", "integers", "floats"):
        return [4.5 + at if what == "floats" else 4 + at for at in range(count)]
    if what in ("texts", "strings", "words", "names"):
        return ["amber", "birch", "cedar", "delta", "ember", "fjord"][:count]
    held = columns(after) or dict.fromkeys(_KEY.findall(after), Hint())
    return [_object(held, at) for at in range(count)] if held else None


def _object(held: dict[str, Hint], at: int) -> dict[str, Any]:
    from safepush.fuzz.tables.cells import value

    return {name: value(name, at, hint) for name, hint in held.items()}
