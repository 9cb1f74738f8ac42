"""Reads a manifest once: good rows in blocks, and for bad lines what is wrong and where."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from jobs.core.checker import MAX_ID, Check, Fault, kind_of, short_name
from jobs.core.lines import Bad, Broken, blocks, inflated, lines, opened
from jobs.core.rowjson import Parse, parser
from jobs.core.snapshot import Block
from jobs.core.typed import Judge

CAP_BYTES = 16 * 1024 * 1024
_URL = "/v1/predictions"
_SHAPE = 'a row is {"custom_id": "...", "input": {...}}'
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class Row(NamedTuple):
    """One good line. A tuple, since a million of them are made."""

    line: int
    custom_id: str
    input: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong on one line; `column` counts characters from 1."""

    line: int
    column: int | None
    field: str | None
    code: str
    message: str


def read(
    chunks: Iterable[bytes],
    *,
    gzip: bool,
    check: Check,
    judge: Judge | None = None,
    cap_bytes: int = CAP_BYTES,
) -> Iterator[Block | Problem]:
    """Blocks of good rows, and problems, in line order; a bad line gives at least one problem.

    Repeated custom_ids are not seen here, since that takes storage: give the ids to `SeenIds`.

    Args:
        chunks: the bytes of the file, in pieces of any size.
        gzip: whether those bytes are compressed.
        check: what `checker.compile` made of the version's schema.
        judge: what `typed.judge` made of it; without it every line is read by itself.
        cap_bytes: the longest line allowed.
    """
    reader = _Reader(check, cap_bytes)
    notes: list[Bad] = []
    source = opened(inflated(chunks) if gzip else chunks, notes)
    try:
        for text in blocks(source, cap_bytes):
            if notes:
                yield _at(notes.pop(), reader.number + 1)
            ids = judge(text) if judge and text and len(text) <= cap_bytes else None
            if text is None or ids is None:
                yield from reader.one_by_one(text)
            else:
                yield Block(reader.number + 1, ids, text)
                reader.number += len(ids)
        yield from (_at(note, 1) for note in notes)
        if reader.number == 0:
            raise Broken("empty_file", f"the file is empty; {_SHAPE}, one on each line")
    except Broken as broken:
        yield _at(broken, reader.number + 1)


class _Reader:
    """Reads lines one by one, and knows the number of the last one."""

    def __init__(self, check: Check, cap_bytes: int) -> None:
        self.number = 0
        self._check = check
        self._cap_bytes = cap_bytes
        self._parse = parser()
        self._encode = _encoder()

    def one_by_one(self, text: bytes | None) -> Iterator[Block | Problem]:
        """The rows and problems of a block of lines; None is one line over the cap."""
        good: list[Row] = []
        for line in [None] if text is None else lines([text], self._cap_bytes):
            self.number += 1
            row = _judged(self.number, line, self._parse, self._check, self._cap_bytes)
            if row.__class__ is Row:
                good.append(row)
                continue
            if good:
                yield self._block(good)
                good = []
            yield from row  # type: ignore[misc]
        if good:
            yield self._block(good)

    def _block(self, rows: list[Row]) -> Block:
        texts = [self._encode({"custom_id": row.custom_id, "input": row.input}) for row in rows]
        return Block(rows[0].line, [row.custom_id for row in rows], b"\n".join([*texts, b""]))


def _encoder() -> Callable[[Any], bytes]:
    try:
        import msgspec
    except ImportError:
        return lambda row: json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()
    return msgspec.json.Encoder().encode


def _judged(
    number: int, text: bytes | None, parse: Parse, check: Check, cap_bytes: int
) -> Row | Sequence[Problem]:
    try:
        if text is None:
            raise Bad("line_too_long", f"the line is longer than {cap_bytes} bytes")
        document = parse(text)
        plain = _plain_row(document)
        if plain is None:
            return _examined(number, document, check)
    except Bad as bad:
        return (_at(bad, number),)
    faults = check(plain[1])
    if not faults:
        return Row(number, plain[0], plain[1])
    return [_at(_fault("input", fault), number) for fault in faults]


def _plain_row(document: Any) -> tuple[str, dict[str, Any]] | None:
    """The row, if it is in the usual form and nothing about it needs a second look."""
    if document.__class__ is not dict or len(document) != 2:
        return None
    custom_id, row_input = document.get("custom_id"), document.get("input")
    if custom_id.__class__ is not str or row_input.__class__ is not dict:
        return None
    if not 0 < len(custom_id) <= MAX_ID or not custom_id.isprintable():
        return None
    return custom_id, row_input


# --- the shape of a row ---------------------------------------------------------------------


def _examined(number: int, document: Any, check: Check) -> Row | Sequence[Problem]:
    """Everything that is wrong with a row, or the row if it is only in OpenAI's form."""
    if not isinstance(document, dict):
        raise Bad("not_an_object", f"expected a JSON object, not {kind_of(document)}; {_SHAPE}")
    bads = _id_problems(document)
    if "body" in document or "method" in document or "url" in document:
        bads += _envelope_problems(document)
        place, holder = "body.input", document.get("body")
    else:
        bads += _unknown_keys(document, ("custom_id", "input"), "")
        place, holder = "input", document
    row_input: Any = None
    if isinstance(holder, dict):
        row_input = holder.get("input")
        if not isinstance(row_input, dict):
            bads.append(_input_problem(place, "input" in holder, row_input))
        else:
            bads += [_fault(place, fault) for fault in check(row_input)]
    if bads:
        return [_at(bad, number) for bad in bads]
    return Row(number, document["custom_id"], row_input)


def _id_problems(document: Mapping[str, Any]) -> list[Bad]:
    custom_id = document.get("custom_id")
    if "custom_id" not in document:
        code, message = "missing_custom_id", f"custom_id is required; {_SHAPE}"
    elif not isinstance(custom_id, str):
        code = "invalid_custom_id"
        message = f"custom_id must be a string, not {kind_of(custom_id)}"
    elif not custom_id:
        code, message = "empty_custom_id", "custom_id must not be empty"
    elif len(custom_id) > MAX_ID:
        code, message = "long_custom_id", f"custom_id must have at most {MAX_ID} characters"
    elif _CONTROL.search(custom_id):
        code, message = "invalid_custom_id", "custom_id must not hold control characters"
    else:
        return []
    return [Bad(code, message, field="custom_id")]


def _envelope_problems(document: Mapping[str, Any]) -> list[Bad]:
    bads = _unknown_keys(document, ("custom_id", "method", "url", "body"), "")
    if document.get("method", "POST") != "POST":
        bads.append(Bad("invalid_method", 'method must be "POST"', field="method"))
    if document.get("url", _URL) != _URL:
        bads.append(Bad("invalid_url", f'url must be "{_URL}"', field="url"))
    body = document.get("body")
    if isinstance(body, dict):
        return bads + _unknown_keys(body, ("input",), "body.")
    if "body" not in document:
        return [*bads, Bad("missing_body", 'body is required: {"input": {...}}', field="body")]
    message = f"body must be an object, not {kind_of(body)}"
    return [*bads, Bad("invalid_body", message, field="body")]


def _unknown_keys(document: Mapping[str, Any], known: Sequence[str], place: str) -> list[Bad]:
    end = f"is not known; the names here are: {', '.join(known)}"
    fields = [place + short_name(key) for key in document if key not in known]
    return [Bad("unknown_key", f"{field} {end}", field=field) for field in fields]


def _input_problem(place: str, present: bool, value: Any) -> Bad:
    if not present:
        return Bad("missing_input", f"{place} is required; {_SHAPE}", field=place)
    return Bad("invalid_input", f"{place} must be an object, not {kind_of(value)}", field=place)


def _fault(place: str, fault: Fault) -> Bad:
    field = f"{place}.{fault.field}" if fault.field else place
    return Bad(fault.code, f"{field} {fault.message}", field=field)


def _at(bad: Bad, line: int) -> Problem:
    place = f"line {line}" if bad.column is None else f"line {line}, column {bad.column}"
    return Problem(line, bad.column, bad.field, bad.code, f"{place}: {bad}")


def duplicate(line: int, first_line: int) -> Problem:
    """The problem that a pair from `SeenIds.duplicates` stands for."""
    message = f"custom_id is the same as on line {first_line}; each row needs its own"
    return _at(Bad("duplicate_custom_id", message, field="custom_id"), line)
