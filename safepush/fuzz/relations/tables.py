"""What holds of every table: how it is written changes nothing, nor where a column stands.

What is not held to by the usual inputs is not looked into; a refusal is always fine.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from safepush.compare import File, Tolerance, compare
from safepush.fuzz.code.source import Source
from safepush.fuzz.fields import Field
from safepush.fuzz.probe import Probe, Suspicion, Tried
from safepush.fuzz.promises.parts import is_number, texts
from safepush.fuzz.promises.promise import RULE
from safepush.fuzz.promises.said.sentences import sentences
from safepush.fuzz.runs import Runs
from safepush.fuzz.tables import examples, odd, own, refusals, table
from safepush.fuzz.tables.examples import Example
from safepush.fuzz.tables.table import Table

Step = tuple[Tried, Suspicion | None]

#: code that looks at the text itself may tell of it
_BYTES = re.compile(
    r"st_size|getsize|hashlib|crc32|adler32|base64|len\((?:raw|text|data|content|source|body|file)\)"
)
#: and so may members of the output by these names
_OF_TEXT = re.compile(
    r"line|byte|size|char|letter|length|blank|empty|hash|digest|checksum|raw|source|rows_read"
)
#: sentences by which one way of writing is another one
_ENDS = re.compile(
    r"line (?:ends?|breaks?)|ends? of (?:a |the |each )?lines?|newline|crlf|trailing"
)
_MARKED = re.compile(r"byte order|\bbom\b")
_SKIPPED = re.compile(
    r"(?:blank|empty) (?:lines|rows) (?:are (?:ignored|skipped|passed over)|make no difference"
    r"|do not matter)"
)
_QUOTES = re.compile(r"\bquot")
_PLACES = re.compile(
    r"in (?:this|that|the same|exactly this) order|order of (?:the |its )?columns"
    r"|(?:first|second|third|last) column|position|left to right"
)
_ANY_ORDER = re.compile(
    r"in any order|whatever (?:the|their) order|order (?:of (?:the |its )?columns )?"
    r"(?:makes no difference|does not matter)"
)
_WALKS = re.compile(r"\.(?:items|values|keys)\(\)|list\(row\b|iloc|to_numpy|\.values\b")
#: members that say how many rows there were
_ROWS = re.compile(r"(?:n_|num_|total_|number_of_)?(?:rows?|records?|entries)(?:_count)?|count|n")
#: how many rows are sent to see whether each has its result
COUNTS = (33, 9, 64, 17, 5)
#: results and rows have to go together so often before anything is made of once that they do not
FEWEST = 3
#: sentences that are looked into
MOST_SAID = 6
#: then a row that is like another one may well have no result of its own
_ONCE = re.compile(r"\b(?:unique|distinct|duplicat|once|merg|group|first|top|most|best|filter)")


#: how what does not hold is told
_TAKEN, _MOVED, _UNEVEN = "though it says:", "changes what comes out", "not as many results as rows"


@dataclass(frozen=True)
class Tables:
    """Makes a few predictions of its own; `first` are the usual inputs and what they gave."""

    fields: Sequence[Field]
    first: Tried
    runs: Runs
    source: Source
    alike: Tolerance

    def steps(self) -> Iterator[Step]:
        """Each prediction that is made, with what does not hold by then, twice."""
        for field in self.fields:
            told = self.first.probe.inputs.get(field.name, field.default)
            example = own.sent(field, told, self.source)
            if example is not None:
                yield from self._refused(field, example)
                yield from self._written(field, example)
                yield from self._turned(field, example)
                yield from self._counted(field, example)

    def is_so(self, tried: Tried, cause: str) -> bool:
        """Whether what was told of a table is still so with these inputs."""
        if not tried.succeeded:
            return False
        if _MOVED in cause:
            return self._is_other(tried)
        return _TAKEN in cause or any(self._is_uneven(tried, field) for field in self.fields)

    def _is_uneven(self, tried: Tried, field: Field) -> bool:
        """Whether results are more or fewer than rows, where the usual ones are not."""
        sent = [
            own.sent(field, one.probe.inputs.get(field.name, field.default), self.source)
            for one in (self.first, tried)
        ]
        data = [one.data for one in sent if one is not None and isinstance(one.data, Table)]
        if len(data) < 2:
            return False
        usual, made = (_measures(one.output) for one in (self.first, tried))
        even = [name for name, got in usual.items() if got == len(data[0].rows)]
        return any(name in made and made[name] != len(data[1].rows) for name in even)

    # Predictions

    def _again(self, field: Field, example: Example, text: str) -> Tried:
        value = own.value(field, text, example)
        inputs = {**self.first.probe.inputs, field.name: value}
        return self.runs.one(Probe(inputs=inputs, layer="tables", changed=(field.name,)))

    def _made(self, field: Field, example: Example, text: str) -> tuple[Tried, bool]:
        """(the prediction of a text, whether it had to be made)."""
        value = own.value(field, text, example)
        inputs = {**self.first.probe.inputs, field.name: value}
        known = (one for one in self.runs.history if one.probe.inputs == inputs)
        found = next(known, None) if field.takes(value) else self.first
        return (found, False) if found is not None else (self._again(field, example, text), True)

    def _suspicion(self, told: str, tried: Tried) -> Suspicion:
        return Suspicion(rule=RULE, cause=told, detail=told, tried=tried, is_proven=True)

    # Sentences

    @cached_property
    def _sentences(self) -> list[str]:
        return [one.text for one in sentences(self.fields, self.source)]

    def _says(self, pattern: re.Pattern[str]) -> bool:
        return any(pattern.search(one) for one in self._sentences)

    def _refused(self, field: Field, example: Example) -> Iterator[Step]:
        """What a sentence refuses, and is taken."""
        said = [
            one.text
            for one in sentences(self.fields, self.source)
            if one.field is None or one.field == field
        ]
        for one in list(refusals.breaches(said, example))[:MOST_SAID]:
            tried, is_new = self._made(field, example, one.text)
            is_taken = tried.succeeded and tried is not self.first
            again = self._again(field, example, one.text) if is_taken else tried
            told = f"{field.name!a} takes {one.what}, {_TAKEN} {one.sentence}"
            broken = is_taken and again.succeeded
            if is_new or broken:
                yield tried, self._suspicion(told, tried) if broken else None

    # How it is written

    def _written(self, field: Field, example: Example) -> Iterator[Step]:
        if example.form == "text" or _BYTES.search(self.source.text):
            return
        for what, text in self._ways(field, example):
            told = f"{what} in {field.name!a} {_MOVED}"
            yield from self._unmoved(field, example, text, told)

    def _ways(self, field: Field, example: Example) -> Iterator[tuple[str, str]]:
        text = example.text
        if example.form != "json":
            if not self._says(_ENDS):
                bare = text.rstrip("\r\n")
                yield "the end of the last line", bare if bare != text else f"{text}\n"
                yield "CR LF", text.replace("\r\n", "\n").replace("\n", "\r\n")
            if self._says(_SKIPPED):
                lines = text.splitlines(keepends=True)
                yield "an empty line", "".join([*lines[:2], "\n", *lines[2:]])
        if field.is_file and not self._says(_MARKED):
            yield "a byte order mark", odd.MARK + text
        if isinstance(example.data, Table) and self._reads_quotes:
            yield "quotes around cells", example.data.text(quoted=True)

    @property
    def _reads_quotes(self) -> bool:
        reads = any(one in self.source.text for one in ("csv.reader", "DictReader", "read_csv"))
        return (reads or self._says(_QUOTES)) and "QUOTE_" not in self.source.text

    def _unmoved(self, field: Field, example: Example, text: str, told: str) -> Iterator[Step]:
        tried, is_new = self._made(field, example, text)
        broken = self._is_other(tried)
        if broken:
            again = self._again(field, example, example.text), self._again(field, example, text)
            broken = self._is_other(again[1]) and not self._is_other(again[0])
        if is_new or broken:
            yield tried, self._suspicion(told, tried) if broken else None

    def _is_other(self, tried: Tried) -> bool:
        one, other = _plain(self.first.output), _plain(tried.output)
        return tried.succeeded and bool(compare(one, other, self.alike))

    # The order of columns

    def _turned(self, field: Field, example: Example) -> Iterator[Step]:
        """Columns by their names are where they are."""
        is_told = self._says(_ANY_ORDER)
        if not is_told and (self._says(_PLACES) or _WALKS.search(self.source.text)):
            return
        if not examples.is_named(example, self.source) or self._shows(example.data):
            return
        told = f"the order of the columns in {field.name!a} {_MOVED}"
        yield from self._unmoved(field, example, example.data.turned().text(), told)

    def _shows(self, data: Table) -> bool:
        """Whether the output has the columns beside each other, as they were sent."""
        shown = [text for _, text in texts(_opened(self.first.output))]
        rows = [data.columns, *data.rows[:2]]
        names = [
            one for one in _lists(self.first.output) if {*data.columns[:2]} <= {*map(str, one)}
        ]
        return bool(names) or any(
            sum(bool(cell) and cell in text for cell in row) > 1 for text in shown for row in rows
        )

    # As many results as rows

    def _counted(self, field: Field, example: Example) -> Iterator[Step]:
        data = example.data
        if not isinstance(data, Table) or table.wordy(data) is None or self._says(_ONCE):
            return
        measures = [
            name for name, got in _measures(self.first.output).items() if got == len(data.rows)
        ]
        if not measures:
            return
        made = [(len(data.rows), self.first)]
        for count in COUNTS:
            tried, is_new = self._made(field, example, table.grown(data, count).text())
            made.append((count, tried))
            if is_new:
                yield tried, None
        for name in measures:
            yield from self._uneven(field, example, name, made)

    def _uneven(
        self, field: Field, example: Example, name: str, made: Sequence[tuple[int, Tried]]
    ) -> Iterator[Step]:
        """Where results and rows do not go together, between numbers of rows where they do."""
        told = [(n, _measures(one.output).get(name), one) for n, one in made if one.succeeded]
        even = [n for n, got, _ in told if n == got]
        if len(even) < FEWEST:
            return
        cause = f"there are {_UNEVEN} in {field.name!a}, as else there are"
        for n, got, tried in told:
            if got is not None and got != n and min(even) < n < max(even):
                text = table.grown(example.data, n).text()
                if _measures(self._again(field, example, text).output).get(name) == got:
                    yield tried, self._suspicion(cause, tried)
                    return
        yield from self._broken_rows(field, example, name, cause)

    def _broken_rows(self, field: Field, example: Example, name: str, cause: str) -> Iterator[Step]:
        """Cells in quotes that hold what else ends a cell or a row."""
        data, at = example.data, table.wordy(example.data)
        if at is None or not self._reads_quotes or self._says(_ENDS):
            return
        for cell in ("amber\nbirch", "amber, birch"):
            text = data.put(len(data.rows) // 2, at, cell).text()
            tried, is_new = self._made(field, example, text)
            got = _measures(tried.output).get(name) if tried.succeeded else None
            broken = got is not None and got > len(data.rows)
            if broken:
                again = self._again(field, example, text)
                broken = _measures(again.output).get(name) == got
            if is_new or broken:
                yield tried, self._suspicion(cause, tried) if broken else None


def tries(
    fields: Sequence[Field], first: Tried, runs: Runs, source: Source, alike: Tolerance
) -> Iterator[Step]:
    """Everything that is held of tables."""
    return Tables(fields, first, runs, source, alike).steps()


def is_told(cause: str) -> bool:
    """Whether a finding is of this kind."""
    return any(one in cause for one in (_TAKEN, _MOVED, _UNEVEN))


def _plain(output: Any) -> Any:
    """An output without members that tell how a text is written."""
    if isinstance(output, Mapping):
        return {
            name: _plain(each) for name, each in output.items() if not _OF_TEXT.search(name.lower())
        }
    return [*map(_plain, output)] if isinstance(output, list) else output


def _opened(output: Any) -> Any:
    return output.content.decode(errors="replace") if isinstance(output, File) else output


def _lists(output: Any) -> Iterator[list[Any]]:
    if isinstance(output, list):
        yield output
    for each in output.values() if isinstance(output, Mapping) else ():
        yield from _lists(each)


def _measures(output: Any) -> Mapping[str, int]:
    """How many results there are, in each way that they may be counted."""
    if isinstance(output, list):
        return {"items": len(output)}
    if isinstance(output, Mapping):
        lists = {name: len(one) for name, one in output.items() if isinstance(one, list)}
        told = {
            name: int(one)
            for name, one in output.items()
            if is_number(one) and _ROWS.fullmatch(name.lower())
        }
        return {**lists, **told}
    if isinstance(output, File):
        found = examples.of_text(_opened(output))
        rows = found.data.rows if found is not None and isinstance(found.data, Table) else None
        return {} if rows is None else {"rows": len(rows)}
    return {}
