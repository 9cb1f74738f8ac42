"""Reads a manifest once: good rows in blocks, and for bad lines what is wrong and where."""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from jobs.core.checker import MAX_ID, Check, Fault, kind_of, short_name
from jobs.core.envelope import opener
from jobs.core.errors import BadRequest
from jobs.core.lines import Bad, Broken, blocks, cut, inflated, lines, opened
from jobs.core.request import ENDPOINT, endpoint_fault, version_ref
from jobs.core.rowjson import Parse, parser, strict
from jobs.core.seen import Ids
from jobs.core.snapshot import Block
from jobs.core.typed import Judge

CAP_BYTES = 16 * 1024 * 1024
#: so much is judged at a time: what is made of more leaves the processor's cache
BLOCK_BYTES = 2**17
_GZIP = b"\x1f\x8b"
_SHAPE = 'a row is {"custom_id": "...", "input": {...}}'
_NAMED = '{"custom_id": "...", "body": {"model": "owner/name", "input": {...}}}'
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class Row(NamedTuple):
    """One good line. A tuple, since a million of them are made."""

    line: int
    custom_id: str
    input: dict[str, Any]


#: of a block whose rows are all good their ids, and the rows as plain ones; no ids if it is to be
#: read by line
Verdict = tuple[Ids | None, bytes]
Judged = Callable[[bytes | None], Verdict]
#: blocks with the verdict on each, in their order
Each = Callable[[Iterator[bytes | None], Judged], Iterator[tuple[bytes | None, Verdict]]]


def alone(blocks: Iterator[bytes | None], judged: Judged) -> Iterator[tuple[bytes | None, Verdict]]:
    """One after the other."""
    return ((text, judged(text)) for text in blocks)


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
    spellings: Collection[str] = (),
    cap_bytes: int = CAP_BYTES,
    each: Each = alone,
) -> Iterator[Block | Problem]:
    """Blocks of good rows, and problems, in line order; a bad line gives at least one problem.

    Repeated custom_ids are not seen here, since that takes storage: give the ids to `SeenIds`.

    Args:
        chunks: the bytes of the file, in pieces of any size.
        gzip: whether those bytes are compressed.
        check: what `checker.compile` made of the version's schema.
        judge: what `typed.judge` made of it; without it every line is read by itself.
        spellings: how a row in OpenAI's form may name the version that runs it.
        cap_bytes: the longest line allowed.
        each: who judges the blocks, and where.
    """
    reader = _Reader(Rules(check, frozenset(spellings)), cap_bytes)
    notes: list[Bad] = []
    source = opened(inflated(chunks) if gzip else chunks, notes)
    try:
        judged = judging(judge, spellings, cap_bytes)
        for text, (ids, rows) in each(_blocks(source, cap_bytes), judged):
            if notes:
                yield _at(notes.pop(), reader.number + 1)
            if ids is None:
                yield from reader.one_by_one(text)
            else:
                yield Block(reader.number + 1, ids, rows)
                reader.number += ids.rows
        yield from (_at(note, 1) for note in notes)
        if reader.number == 0:
            raise Broken("empty_file", f"the file is empty; {_SHAPE}, one on each line")
    except Broken as broken:
        yield _at(broken, reader.number + 1)


def _blocks(chunks: Iterable[bytes], cap_bytes: int) -> Iterator[bytes | None]:
    for block in blocks(chunks, cap_bytes):
        yield from (None,) if block is None else cut(block, BLOCK_BYTES)


def judging(judge: Judge | None, spellings: Collection[str], cap_bytes: int = CAP_BYTES) -> Judged:
    """What judges a block of rows, of which some may be in OpenAI's form."""
    opened = opener(spellings)

    def judged(text: bytes | None) -> Verdict:
        if judge is None or not text or len(text) > cap_bytes:
            return None, b""
        ids = judge(text)
        if ids is not None:
            return Ids.of(ids), text
        rows = opened(text) if opened is not None else None
        ids = judge(rows) if rows is not None else None
        return (None, b"") if ids is None or rows is None else (Ids.of(ids), rows)

    return judged


class Rules(NamedTuple):
    """What a row is judged by: its input, and the version that it may name."""

    check: Check
    spellings: Collection[str]


class _Reader:
    """Reads lines one by one, and knows the number of the last one."""

    def __init__(self, rules: Rules, cap_bytes: int) -> None:
        self.number = 0
        self._rules = rules
        self._cap_bytes = cap_bytes
        self._parse = parser()
        self._encode = _encoder()

    def one_by_one(self, text: bytes | None) -> Iterator[Block | Problem]:
        """The rows and problems of a block of lines; None is one line over the cap."""
        good: list[Row] = []
        for line in [None] if text is None else lines([text], self._cap_bytes):
            self.number += 1
            row = _judged(self.number, line, self._parse, self._rules, self._cap_bytes)
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
        ids = Ids.of([row.custom_id for row in rows])
        return Block(rows[0].line, ids, b"\n".join([*texts, b""]))


def _encoder() -> Callable[[Any], bytes]:
    try:
        import msgspec
    except ImportError:
        return lambda row: json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()
    return msgspec.json.Encoder().encode


def _judged(
    number: int, text: bytes | None, parse: Parse, rules: Rules, cap_bytes: int
) -> Row | Sequence[Problem]:
    try:
        if text is None:
            raise Bad("line_too_long", f"the line is longer than {cap_bytes} bytes")
        document = parse(text)
        plain = _plain_row(document)
        if plain is None:
            return _examined(number, document, rules)
    except Bad as bad:
        return (_at(bad, number),)
    faults = rules.check(plain[1])
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


def _examined(number: int, document: Any, rules: Rules) -> Row | Sequence[Problem]:
    """Everything that is wrong with a row, or the row if it is only in OpenAI's form."""
    if not isinstance(document, dict):
        raise Bad("not_an_object", f"expected a JSON object, not {kind_of(document)}; {_SHAPE}")
    bads = _id_problems(document)
    if "body" in document or "method" in document or "url" in document:
        bads += _envelope_problems(document, rules.spellings)
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
            bads += [_fault(place, fault) for fault in rules.check(row_input)]
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


def _envelope_problems(document: Mapping[str, Any], spellings: Collection[str]) -> list[Bad]:
    bads = _unknown_keys(document, ("custom_id", "method", "url", "body"), "")
    if document.get("method", "POST") != "POST":
        bads.append(Bad("invalid_method", 'method must be "POST"', field="method"))
    if fault := endpoint_fault(document.get("url", ENDPOINT)):
        bads.append(Bad("invalid_url", f"url {fault}", field="url"))
    body = document.get("body")
    if isinstance(body, dict):
        bads += _unknown_keys(body, ("model", "version", "input"), "body.")
        return bads + _version_problems(body, spellings)
    if "body" not in document:
        return [*bads, Bad("missing_body", 'body is required: {"input": {...}}', field="body")]
    message = f"body must be an object, not {kind_of(body)}"
    return [*bads, Bad("invalid_body", message, field="body")]


def _version_problems(body: dict[str, Any], spellings: Collection[str]) -> list[Bad]:
    """A row need not name the version; if it does, it is the batch's."""
    try:
        ref = version_ref(body)
    except BadRequest as error:
        return [Bad("invalid_version", f"body.version: {error}", field="body.version")]
    if ref is None or (isinstance(ref, str) and ref in spellings):
        return []
    field = _version_field(body)
    message = f"{field} is not the version that this batch runs, which all its rows share"
    return [Bad("other_version", f"{message}: give other versions a file each", field=field)]


def _version_field(body: Mapping[str, Any]) -> str:
    return "body.version" if body.get("model") is None else "body.model"


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


def named_version(start: bytes, *, is_whole: bool) -> tuple[str, str]:
    """What the first row of a manifest says is to run it, and in which field.

    `start` is what it begins with.

    Raises:
        Bad: it cannot be read, is longer than that, or names none.
    """
    notes: list[Bad] = []
    chunks = inflated([start]) if start.startswith(_GZIP) else [start]
    line = next(lines(opened(chunks, notes), CAP_BYTES), None)
    if notes:
        raise notes[0]
    if line is None:
        raise Bad("empty_file", f"there is no row; {_SHAPE}")
    if not is_whole and len(line) >= len(start):
        raise Bad("line_too_long", "it is too long to look for a version in it; name it as model")
    document = strict(line)
    body = document.get("body") if isinstance(document, dict) else None
    ref = version_ref(body) if isinstance(body, dict) else None
    if not isinstance(ref, str):
        raise Bad("missing_model", "name what runs it: in the request, or in each row: " + _NAMED)
    return ref, _version_field(document["body"])


def duplicate(line: int, first_line: int) -> Problem:
    """The problem that a pair from `SeenIds.duplicates` stands for."""
    message = f"custom_id is the same as on line {first_line}; each row needs its own"
    return _at(Bad("duplicate_custom_id", message, field="custom_id"), line)
