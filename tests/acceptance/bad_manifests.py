"""Kinds of bad manifest, and what a user is told about each."""

import gzip
import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any

CAP_BYTES = 16 * 2**20
ROW_SHAPE = 'a row is {"custom_id": "...", "input": {...}}'
URI = (
    "must be an s3:// or https:// address, a data: URI, the id of an uploaded file (file_...) "
    "or a path relative to the manifest"
)
#: one problem: line, column, field, code, message after "line N: " or "line N, column M: "
Told = tuple[int, int | None, str | None, str, str]


@dataclass(frozen=True)
class Kind:
    """One kind: the bytes, and every problem that they have."""

    what: str
    content: bytes
    told: tuple[Told, ...]
    name: str = "rows.jsonl"


def row(custom_id: Any = "a", **inputs: Any) -> bytes:
    """A good row, or one with these inputs."""
    return json.dumps({"custom_id": custom_id, "input": {"prompt": "hi", **inputs}}).encode()


GOOD = row("good")


def after_a_good_line(
    what: str,
    line: bytes,
    code: str,
    message: str,
    *,
    field: str | None = None,
    column: int | None = None,
) -> Kind:
    """A kind whose second line is bad, once."""
    told: Told = (2, column, field, code, message)
    return Kind(what, GOOD + b"\n" + line + b"\n", (told,))


def whole_file(what: str, content: bytes, code: str, message: str, **more: Any) -> Kind:
    """A kind whose file is bad from its first byte."""
    name = more.pop("name", "rows.jsonl")
    told: Told = (more.pop("line", 1), more.pop("column", None), None, code, message)
    return Kind(what, content, (told,), name)


def _zipped(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("rows.jsonl", content)
    return file.getvalue()


def _not_json(reason: str) -> str:
    return f"this is not JSON ({reason}); each line must hold one whole object"


def _far_apart(rows: int) -> Kind:
    lines = [row(f"row-{number}") for number in range(rows)]
    lines[-1] = row("row-0")
    lines[rows // 2] = row("row-7")
    told = tuple(
        (line, None, "custom_id", "duplicate_custom_id",
         f"custom_id is the same as on line {first}; each row needs its own")
        for line, first in ((rows // 2 + 1, 8), (rows, 1))
    )  # fmt: skip
    return Kind(f"the same custom_id far apart among {rows:,}", b"\n".join(lines), told)


FILES = [
    whole_file(
        "an empty file", b"", "empty_file", f"the file is empty; {ROW_SHAPE}, one on each line"
    ),
    Kind(
        "only blank lines",
        b"\n \n\r\n",
        tuple((n, None, None, "blank_line", "the line is blank; remove it") for n in (1, 2, 3)),
    ),
    whole_file(
        "a byte order mark",
        b"\xef\xbb\xbf" + GOOD,
        "byte_order_mark",
        "the file starts with a byte order mark; save it as UTF-8 without BOM",
        column=1,
    ),
    whole_file(
        "UTF-16, little end first",
        b"\xff\xfe" + GOOD.decode().encode("utf-16-le"),
        "utf16",
        "the file is UTF-16 or UTF-32; save it as UTF-8",
    ),
    whole_file(
        "UTF-16, big end first, no mark",
        GOOD.decode().encode("utf-16-be"),
        "utf16",
        "the file is UTF-16 or UTF-32; save it as UTF-8",
    ),
    whole_file(
        "NUL bytes at the begin",
        b"\0" * 4096 + GOOD,
        "nul_bytes",
        "the file starts with NUL bytes: write it again, whole",
    ),
    whole_file(
        "gzip, cut off",
        gzip.compress(GOOD)[:-12],
        "truncated_gzip",
        "the compressed file ends too early; upload it again, whole",
        name="rows.jsonl.gz",
    ),
    whole_file(
        "named .gz, not gzip",
        GOOD,
        "invalid_gzip",
        "the file is not gzip, or its bytes are damaged; compress it again",
        name="rows.jsonl.gz",
    ),
    whole_file(
        "gzip, damaged inside",
        gzip.compress(GOOD)[:-8] + b"damaged!",
        "invalid_gzip",
        "the file is not gzip, or its bytes are damaged; compress it again",
        name="rows.jsonl.gz",
    ),
    whole_file(
        "a gzip bomb",
        # it is told by its first 64 MiB
        gzip.compress(b" " * 96 * 2**20, compresslevel=1),
        "gzip_bomb",
        "the compressed file is more than 200 times as long unpacked; send it plain",
        name="rows.jsonl.gz",
    ),
    whole_file(
        "a zip archive",
        _zipped(GOOD),
        "unexpected_zip",
        "the file is a zip archive; send JSON Lines or gzip",
    ),
    whole_file(
        "a JSON array instead of lines",
        b"[" + GOOD + b"]",
        "not_an_object",
        f"expected a JSON object, not an array; {ROW_SHAPE}",
    ),
]

LINES = [
    after_a_good_line(
        "Latin-1 bytes",
        '{"custom_id": "a", "input": {"prompt": "sch\u00f6n"}}'.encode("latin-1"),
        "invalid_utf8",
        "the bytes here are not UTF-8; save the file as UTF-8",
        column=44,
    ),
    after_a_good_line(
        "a NUL byte in a line",
        b'{"custom_id": "a", "input": {"prompt": "\0"}}',
        "invalid_json",
        _not_json("Invalid control character"),
        column=41,
    ),
    after_a_good_line("not JSON", b"hello", "invalid_json", _not_json("Expecting value"), column=1),
    after_a_good_line(
        "a trailing comma",
        b'{"custom_id": "a", "input": {"prompt": "x"},}',
        "invalid_json",
        _not_json("Expecting property name enclosed in double quotes"),
        column=45,
    ),
    after_a_good_line(
        "a last line that breaks off",
        b'{"custom_id": "a", "input": {"prom',
        "invalid_json",
        _not_json("Unterminated string"),
        column=30,
    ),
    after_a_good_line(
        "two objects on a line",
        GOOD + GOOD,
        "invalid_json",
        _not_json("Extra data"),
        column=len(GOOD) + 1,
    ),
    after_a_good_line(
        "a line that is a number",
        b"5",
        "not_an_object",
        f"expected a JSON object, not an integer; {ROW_SHAPE}",
    ),
    after_a_good_line(
        "no custom_id",
        b'{"input": {"prompt": "x"}}',
        "missing_custom_id",
        f"custom_id is required; {ROW_SHAPE}",
        field="custom_id",
    ),
    after_a_good_line(
        "custom_id null",
        row(None),
        "invalid_custom_id",
        "custom_id must be a string, not null",
        field="custom_id",
    ),
    after_a_good_line(
        "custom_id a number",
        row(7),
        "invalid_custom_id",
        "custom_id must be a string, not an integer",
        field="custom_id",
    ),
    after_a_good_line(
        "custom_id empty",
        row(""),
        "empty_custom_id",
        "custom_id must not be empty",
        field="custom_id",
    ),
    after_a_good_line(
        "custom_id over 512 characters",
        row("x" * 513),
        "long_custom_id",
        "custom_id must have at most 512 characters",
        field="custom_id",
    ),
    after_a_good_line(
        "custom_id with a line feed",
        row("a\nb"),
        "invalid_custom_id",
        "custom_id must not hold control characters",
        field="custom_id",
    ),
    after_a_good_line(
        "the same custom_id twice",
        row("good"),
        "duplicate_custom_id",
        "custom_id is the same as on line 1; each row needs its own",
        field="custom_id",
    ),
    _far_apart(20_000),
    after_a_good_line(
        "no input",
        b'{"custom_id": "a"}',
        "missing_input",
        f"input is required; {ROW_SHAPE}",
        field="input",
    ),
    after_a_good_line(
        "an input that is no object",
        b'{"custom_id": "a", "input": "hi"}',
        "invalid_input",
        "input must be an object, not a string",
        field="input",
    ),
    after_a_good_line(
        "a name that a row has not",
        b'{"custom_id": "a", "input": {"prompt": "x"}, "model": "m"}',
        "unknown_key",
        "model is not known; the names here are: custom_id, input",
        field="model",
    ),
    after_a_good_line(
        "a key twice",
        b'{"custom_id": "a", "custom_id": "b", "input": {"prompt": "x"}}',
        "duplicate_key",
        "custom_id stands twice in one object",
        field="custom_id",
    ),
    after_a_good_line(
        "a line over 16 MiB",
        row("a", code="A" * CAP_BYTES),
        "line_too_long",
        f"the line is longer than {CAP_BYTES} bytes",
    ),
    after_a_good_line(
        "NaN",
        b'{"custom_id": "a", "input": {"prompt": "x", "scale": NaN}}',
        "not_a_number",
        "NaN and Infinity are not JSON numbers",
        column=54,
    ),
    after_a_good_line(
        "Infinity",
        b'{"custom_id": "a", "input": {"prompt": "x", "scale": -Infinity}}',
        "not_a_number",
        "NaN and Infinity are not JSON numbers",
        column=54,
    ),
    after_a_good_line(
        "an integer over 64 bits",
        row("a", steps=10**30),
        "number_too_large",
        "a number is too large; integers have at most 64 bits",
    ),
    after_a_good_line(
        "a fraction that is no double",
        b'{"custom_id": "a", "input": {"prompt": "x", "scale": 1e999}}',
        "number_too_large",
        "a number is too large; integers have at most 64 bits",
    ),
    after_a_good_line(
        "half a surrogate pair",
        rb'{"custom_id": "a", "input": {"prompt": "\ud83d"}}',
        "lone_surrogate",
        r"a \uD800-\uDFFF escape stands without its other half",
    ),
    after_a_good_line(
        "nested too deep",
        b'{"custom_id": "a", "input": {"prompt": ' + b"[" * 200 + b"]" * 200 + b"}}",
        "too_deep",
        "objects and arrays are nested more than 100 deep",
    ),
]

INPUTS = [
    after_a_good_line(
        "an input missing",
        b'{"custom_id": "a", "input": {}}',
        "missing_field",
        "input.prompt is required",
        field="input.prompt",
    ),
    after_a_good_line(
        "an input the model has not",
        row("a", stps=5),
        "unknown_field",
        "input.stps is not known; the names here are:"
        " code, flag, image, prompt, scale, size, steps, tags",
        field="input.stps",
    ),
    after_a_good_line(
        "of the wrong type",
        row("a", steps="10"),
        "wrong_type",
        "input.steps must be an integer, not a string",
        field="input.steps",
    ),
    after_a_good_line(
        "a boolean for an integer",
        row("a", steps=True),
        "wrong_type",
        "input.steps must be an integer, not a boolean",
        field="input.steps",
    ),
    after_a_good_line(
        "an item of the wrong type",
        row("a", tags=["x", 5]),
        "wrong_type",
        "input.tags[1] must be a string, not an integer",
        field="input.tags[1]",
    ),
    after_a_good_line(
        "too small",
        row("a", steps=0),
        "too_small",
        "input.steps must be at least 1",
        field="input.steps",
    ),
    after_a_good_line(
        "too large",
        row("a", scale=1.5),
        "too_large",
        "input.scale must be at most 1",
        field="input.scale",
    ),
    after_a_good_line(
        "not a choice",
        row("a", size="medium"),
        "not_a_choice",
        "input.size must be one of: 'small', 'large'",
        field="input.size",
    ),
    after_a_good_line(
        "a text too long",
        row("a", prompt="x" * 501),
        "too_long",
        "input.prompt must have at most 500 characters",
        field="input.prompt",
    ),
    after_a_good_line(
        "against its pattern",
        row("a", code="abc"),
        "pattern_mismatch",
        "input.code must match the pattern ^[A-Z]{3}$",
        field="input.code",
    ),
    after_a_good_line(
        "a path with ..",
        row("a", image="../secret.png"),
        "invalid_uri",
        "input.image must not contain '..'",
        field="input.image",
    ),
    after_a_good_line(
        "an s3:// address with ..",
        row("a", image="s3://b/x/../y"),
        "invalid_uri",
        "input.image must not contain '..'",
        field="input.image",
    ),
    after_a_good_line(
        "an s3:// address without a key",
        row("a", image="s3://bucket"),
        "invalid_uri",
        "input.image must be s3://BUCKET/KEY",
        field="input.image",
    ),
    after_a_good_line(
        "a path on the machine",
        row("a", image="/etc/passwd"),
        "invalid_uri",
        f"input.image {URI}",
        field="input.image",
    ),
    after_a_good_line(
        "an address of another kind",
        row("a", image="ftp://example.com/x"),
        "invalid_uri",
        f"input.image {URI}",
        field="input.image",
    ),
    after_a_good_line(
        "plain http",
        row("a", image="http://example.com/x.png"),
        "invalid_uri",
        "input.image must use https://; http:// is not allowed here",
        field="input.image",
    ),
]


def _openai(**parts: Any) -> bytes:
    whole = {"method": "POST", "url": "/v1/predictions", "body": {"input": {"prompt": "x"}}}
    return json.dumps({"custom_id": "a", **whole, **parts}).encode()


OPENAI = [
    after_a_good_line(
        "OpenAI's form, wrong method",
        _openai(method="GET"),
        "invalid_method",
        'method must be "POST"',
        field="method",
    ),
    after_a_good_line(
        "OpenAI's form, wrong url",
        _openai(url="/v1/elsewhere"),
        "invalid_url",
        'url must be "/v1/predictions"',
        field="url",
    ),
    after_a_good_line(
        "OpenAI's form, chat",
        _openai(url="/v1/chat/completions"),
        "invalid_url",
        "url is /v1/chat/completions, which is not served here: a batch runs predictions of one"
        ' model, with the url "/v1/predictions" and the body'
        ' {"model": "owner/name", "input": {...}}',
        field="url",
    ),
    after_a_good_line(
        "OpenAI's form, another version",
        _openai(body={"model": "some/other", "input": {"prompt": "x"}}),
        "other_version",
        "body.model is not the version that this batch runs, which all its rows share: give other"
        " versions a file each",
        field="body.model",
    ),
    after_a_good_line(
        "OpenAI's form, no body",
        b'{"custom_id": "a", "method": "POST"}',
        "missing_body",
        'body is required: {"input": {...}}',
        field="body",
    ),
    after_a_good_line(
        "OpenAI's form, a wrong input",
        _openai(body={"input": {"prompt": 5}}),
        "wrong_type",
        "body.input.prompt must be a string, not an integer",
        field="body.input.prompt",
    ),
]

KINDS = [*FILES, *LINES, *INPUTS, *OPENAI]


def place(line: int, column: int | None) -> str:
    """How a message says where."""
    return f"line {line}" if column is None else f"line {line}, column {column}"


def problems(kind: Kind) -> list[dict[str, Any]]:
    """The problems as the batch shows them."""
    return [
        {
            "line": line,
            "column": column,
            "field": field,
            "code": code,
            "message": f"{place(line, column)}: {message}",
        }
        for line, column, field, code, message in kind.told
    ]


def markdown(rows: list[tuple[str, str, str]]) -> str:
    """A table of (kind, code, message)."""
    lines = ["| manifest | code | what the user is told |", "| --- | --- | --- |"]
    lines += [
        f"| {what} | `{code}` | {message.replace('|', '&#124;')} |" for what, code, message in rows
    ]
    return "\n".join(lines) + "\n"
