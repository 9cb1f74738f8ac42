"""What an input for a table or records is sent as a rule: as it has to look, if that is told."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from safepush.fuzz.code.source import Source
from safepush.fuzz.corpus import media
from safepush.fuzz.fields import Field
from safepush.fuzz.tables import cells, coded, constants, described, formats, table
from safepush.fuzz.tables.cells import Hint
from safepush.fuzz.tables.table import Table

#: rows of a table that is made up; and of one for models that want more
ROWS, MANY = 6, 30
#: and so many words in it, where several rows are to have the same
GROUPS = 2
#: kinds of cells that all of a table is made of, where one by the names of columns is refused
KINDS = ("number", "word", "part", "whole")
_NO_NAMES = ("x", "y", "z")
MIMES = {
    "text": "text/plain",
    "json": "application/json",
    "lines": "application/x-ndjson",
    "table": "text/csv",
}
#: files that nobody reads as a table
_WEIGHTS = re.compile(r"\b(?:lora|weights|checkpoint|adapter|fonts?)(?:_|\b)")
_BY_NAME = re.compile(r"DictReader|read_csv|\.index\(|zip\(\s*(?:head|column|field|name)")


@dataclass(frozen=True, eq=False)
class Example:
    """An ordinary text of one form: `table`, `json`, `lines` or `text`, with what it holds."""

    text: str
    form: str
    data: Any
    #: whether a description or the code tells that it has to look so
    is_told: bool = True

    @property
    def mime(self) -> str:
        """Of what kind a file with it is."""
        is_tabs = isinstance(self.data, Table) and self.data.between == "\t"
        return "text/tab-separated-values" if is_tabs else MIMES[self.form]


def of_text(text: str, form: str = "") -> Example | None:
    """The example that a text is; of any form where none is told."""
    if form in ("", "lines") and (told := constants.lines(text)) is not None:
        return Example(text, "lines", told)
    if form in ("", "json") and (told := constants.records(text)) is not None:
        return Example(text, "json", told)
    if form == "text":
        return Example(text, form, text)
    found = table.read(text) if form in ("", "table") else None
    return None if found is None else Example(text, "table", found)


def written(data: Any, form: str) -> str:
    """Data as a text of that form."""
    if isinstance(data, Table):
        return data.text()
    if form == "text":
        return str(data)
    if form == "lines":
        return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in data)
    return json.dumps(data, ensure_ascii=False)


def made(field: Field, source: Source) -> list[Example]:
    """Those that an input may be sent, the likeliest first; none where nothing is told of it."""
    form = form_of(field, source)
    if form is None:
        return []
    if isinstance(field.default, str):
        return [one for one in (of_text(field.default),) if one is not None]
    said = field.description
    found = [*map(_of, described.examples(said)), *map(of_text, _known(source).texts)]
    told = [one for one in found if one is not None and one.form == form]
    if form == "text":
        said = f"{field.name.replace('_', ' ')} {said}"
    build = {"table": _tables, "json": _records, "lines": _lines, "text": _texts}[form]
    return list({one.text: one for one in (*told, *build(said, source))}.values())


def _of(told: Table | str) -> Example | None:
    return of_text(told) if isinstance(told, str) else Example(told.text(), "table", told)


def form_of(field: Field, source: Source) -> str | None:
    """Which form an input is in, by what is said of it, its default, and the code."""
    said = f"{field.name.replace('_', ' ')} {field.description}".lower()
    if isinstance(field.default, str) and field.is_free_text:
        found = of_text(field.default)
        if found is None:
            is_strict = formats.told(said, is_file=False) and "\n" in field.default
            return "text" if is_strict else None
        return found.form if _is_read(found, field, source) else None
    if not (field.is_file or field.is_free_text) or field.default is not None:
        return None
    return _by_words(said, field, source)


def _by_words(said: str, field: Field, source: Source) -> str | None:
    if described.LINES.search(said):
        return "lines"
    if described.JSON.search(said):
        return "json"
    if described.TABLE.search(said) and (field.is_file or described.is_clear(said)):
        return "table"
    if formats.told(said, is_file=field.is_file):
        return "text"
    return _by_kind(field, source) if field.is_file else None


def _by_kind(field: Field, source: Source) -> str | None:
    kind = media.kinds_of(field)[0]
    if kind in ("table", "json"):
        return kind
    said = f"{field.name} {field.description}".lower()
    is_told = kind != "text" and any(word in said for word in media.SPEECH[kind])
    is_plain = not (is_told or _WEIGHTS.search(said))
    reads = {"table": ("csv.", "read_csv"), "json": ("json.load",)}
    forms = [form for form, words in reads.items() if any(one in source.text for one in words)]
    if is_plain and not forms and any(formats.samples(source)):
        return "text"
    return forms[0] if is_plain and forms else None


def _is_read(found: Example, field: Field, source: Source) -> bool:
    """Whether a text with commas is meant for a table."""
    said = f"{field.name} {field.description}".lower()
    return found.form != "table" or bool(
        described.TABLE.search(said) or "csv" in source.text or "split(" in source.text
    )


# What the code says


@dataclass(frozen=True)
class Known:
    """What the whole code says of tables and records."""

    texts: tuple[str, ...]
    headings: tuple[constants.Heading, ...]
    followed: coded.Followed


@lru_cache(8)
def _known(source: Source) -> Known:
    found = coded.Followed(source)
    return Known(tuple(constants.examples(source)), tuple(constants.headings(source)), found)


def columns(said: str, source: Source) -> tuple[dict[str, Hint], str]:
    """(the columns that are asked for by their names, what stands between cells)."""
    known = _known(source)
    asked = known.followed.rows.members
    told = described.columns(said)
    head = next((one for one in known.headings if one.names), constants.Heading(()))
    found = {**(told or dict.fromkeys(head.names, Hint())), **_without(asked, told, head)}
    between = described.between(said)
    if between == "," and not told:
        between = head.between or _between(source)
    hints = {name: asked[name].hint if name in asked else hint for name, hint in found.items()}
    kept = {
        name: told.get(name, Hint()) if _is_open(hint) else hint for name, hint in hints.items()
    }
    return kept, between


def _without(
    asked: dict[str, coded.Node], told: dict[str, Hint], head: constants.Heading
) -> dict[str, Hint]:
    """Columns that the code reads and nobody listed: those may as well be there."""
    listed = {*told, *head.names}
    return {name: Hint() for name in asked if name not in listed}


def _is_open(hint: Hint) -> bool:
    return not (hint.kind or hint.choices)


def _between(source: Source) -> str:
    for told in ('delimiter="\\t"', "delimiter='\\t'", 'sep="\\t"', 'split("\\t")'):
        if told in source.text:
            return "\t"
    for sign in ";|":
        if f'delimiter="{sign}"' in source.text or f'sep="{sign}"' in source.text:
            return sign
    return ","


# What is made up


def _tables(said: str, source: Source) -> Iterator[Example]:
    hints, between = columns(said, source)
    names = tuple(hints) or _NO_NAMES
    if hints:
        yield _table(names, hints, between, ROWS)
        yield _table(names, hints, between, ROWS, groups=GROUPS)
        yield from (_table(names, hints, between, ROWS, kind) for kind in KINDS[:2])
        yield _table(names, hints, between, MANY)
        yield from (_table(names, hints, between, ROWS, kind) for kind in KINDS[2:])
    else:
        made = (_table(names, {}, between, ROWS, kind) for kind in KINDS[:2])
        yield from (replace(one, is_told=False) for one in made)


def _table(
    names: tuple[str, ...],
    hints: dict[str, Hint],
    between: str,
    count: int,
    every: str = "",
    groups: int = 0,
) -> Example:
    made = Table(names, tuple(cells.rows(names, count, hints, every, groups)), between)
    return Example(made.text(), "table", made)


def _records(said: str, source: Source) -> Iterator[Example]:
    node = _known(source).followed.json
    for found in (described.record(said, ROWS), _by_code(node)):
        if found:
            yield Example(written(found, "json"), "json", found)


def _by_code(node: coded.Node) -> Any:
    return node.made("", 0, ROWS) if node.members or node.item is not None else None


def _lines(said: str, source: Source) -> Iterator[Example]:
    node = _known(source).followed.json
    hints = described.columns(said)
    if hints:
        told = [
            {name: cells.value(name, at, hint) for name, hint in hints.items()}
            for at in range(ROWS)
        ]
        yield Example(written(told, "lines"), "lines", told)
    if node.members:
        told = [node.made("", at, ROWS) for at in range(ROWS)]
        yield Example(written(told, "lines"), "lines", told)


def _texts(said: str, source: Source) -> Iterator[Example]:
    found = [*formats.samples(source), formats.told(said)]
    yield from (Example(one, "text", one) for one in found if one is not None)


def is_named(found: Example, source: Source) -> bool:
    """Whether the code reads each column of a table by its name, so that places say nothing."""
    if not isinstance(found.data, Table) or not found.data.columns:
        return False
    texts = {*constants.strings(source), *_known(source).followed.rows.members}
    names = {name for one in _known(source).headings for name in one.names} | texts
    return (
        all(name in names for name in found.data.columns)
        and _BY_NAME.search(source.text) is not None
    )
