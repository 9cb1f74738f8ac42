"""What speaks against a model and what does not: refusals, outputs, and how findings get small."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import pytest

from safepush.answers import Prediction
from safepush.compare import File
from safepush.compat.contract import contract
from safepush.fuzz import failure
from safepush.fuzz.code.source import Source
from safepush.fuzz.corpus.media import corpus, usual
from safepush.fuzz.oracles import Oracle
from safepush.fuzz.probe import Probe, Suspicion, Tried
from safepush.fuzz.promises import formats, outputs
from safepush.fuzz.shrink import shrunk

NAMES = ("text", "num_steps", "image")
SOURCE = Source((("predict.py", ""),))


def logs(line: str, *, inside: str = "", error: str) -> str:
    """A traceback as a host prints it; `inside` is a library's frame below the model's."""
    deeper = (
        f'  File "/usr/lib/python3.11/json/x.py", line 3, in f\n    {inside}\n' if inside else ""
    )
    return (
        "some words\nTraceback (most recent call last):\n"
        '  File "/srv/jobs/host/items.py", line 9, in _each\n    output = predict()\n'
        f'  File "/tmp/bundle/predict.py", line 7, in predict\n    {line}\n{deeper}{error}\n'
    )


RAISED = "raise ValueError(why)"


@pytest.mark.parametrize(
    ("error", "line", "inside", "refused"),
    [
        ("ValueError: text is empty", 'raise ValueError("text is empty")', "", True),
        ("ValueError: must not be blank", "raise ValueError(reason) from None", "", True),
        ("NoFace: no face in image", 'raise NoFace("no face in image")', "", True),
        ("InvalidInput: too long", 'raise InvalidInput("too long")', "", True),
        ("AssertionError: steps must be even", "assert ok, why", "", True),
        ("RuntimeError: index out of range", 'raise RuntimeError("index…")', "", False),
        ("RuntimeError: num_steps too large", "raise RuntimeError(why)", "", True),
        ("ValueError: boom", 'raise ValueError("boom")', "", False),
        ("AssertionError", "assert text", "", False),
        ("IndexError: list index out of range", "first = words[0]", "", False),
        ("ValueError: text is not in list", "words.index(text)", "", False),
        ("ValueError: text must be JSON", "json.loads(text)", "raise ValueError(why)", False),
        ("KeyError: 'text'", "raise KeyError(text)", "", True),
        ("ValueError: text is empty", 'if not text: raise ValueError("text is empty")', "", True),
        ("ValueError: text is not in list", 'if a[text]: raise ValueError("too long")', "", False),
        ("ValueError: The height of a bar is from 0 to 10.", RAISED, "", True),
        ("ValueError: the moment is outside the years 1 to 9999", RAISED, "", True),
        ("ValueError: the state of the cache went wrong", RAISED, "", False),
        ("ValueError: shapes differ", RAISED, "", False),
        ("ValueError: ask something", RAISED, "", True),
        ("ValueError: write a sentence", RAISED, "", True),
        ("RuntimeError: ask something", "raise RuntimeError(why)", "", False),
        ("RuntimeError: the height of a bar is large", "raise RuntimeError(why)", "", False),
    ],
)
def test_a_refusal_is_raised_on_purpose_and_says_why(
    error: str, line: str, inside: str, refused: bool
) -> None:
    found = failure.read(error, logs(line, inside=inside, error=error), SOURCE)

    assert failure.is_refusal(found, NAMES, damaged=False) is refused


@pytest.mark.parametrize(
    ("error", "refused"),
    [("ValueError: text is empty", True), ("ValueError: math domain error", False)],
)
def test_without_a_traceback_a_refusal_names_an_input(error: str, refused: bool) -> None:
    found = failure.read(error, "", Source())

    assert failure.is_refusal(found, NAMES, damaged=False) is refused


@pytest.mark.parametrize(
    ("error", "refused"),
    [
        ("UnidentifiedImageError: cannot identify image file '/tmp/a.png'", True),
        ("OSError: image file is truncated (3 bytes not processed)", True),
        ("Error: file does not start with RIFF id", True),
        ("IndexError: index out of range", False),
        ("ZeroDivisionError: division by zero", False),
    ],
)
def test_a_damaged_file_may_be_refused_in_a_librarys_words(error: str, refused: bool) -> None:
    found = failure.read(error, logs("Image.open(image)", error=error), SOURCE)

    assert failure.is_refusal(found, NAMES, damaged=True) is refused
    assert not failure.is_refusal(found, NAMES, damaged=False)


def test_what_the_service_says_is_no_error_of_the_models_code() -> None:
    said = {
        "on this row the model process was killed by SIGSEGV": "process",
        "on this row it took longer than the time allowed": "time",
        "the model's output is not the string that its schema declares": "output",
        "input.image: the server answered 404": "files",
    }
    assert {error: failure.read(error, "", SOURCE).kind for error in said} == said


def test_of_shared_logs_the_own_traceback_is_read() -> None:
    error = "IndexError: one"
    both = logs("a = words[0]", error=error) + logs("raise ValueError(x)", error="ValueError: two")

    found = failure.read(error, both, SOURCE)

    assert (found.line, found.on_purpose) == ("a = words[0]", False)


def test_the_cause_is_the_same_wherever_the_line_is() -> None:
    error = "KeyError: 'a'"
    first = failure.read(error, logs("x = y[z]", error=error), SOURCE)
    moved = failure.read(error, logs("x = y[z]", error=error).replace("line 7", "line 9"), SOURCE)

    assert first.cause == moved.cause == "KeyError predict.py in predict: x = y[z]"


def test_files_that_are_not_there_are_one_cause_whatever_their_names() -> None:
    judge = Oracle(fields=(), base={}, source=SOURCE, shape=None).judge
    found: list[Suspicion] = []
    for name in ("8d0adf9c.txt", "e48f11a1.txt"):
        error = f"the output names a file that is not there: {name}"
        failed = Prediction(id="p", status="failed", error=error)
        found += judge(Tried(probe=Probe(inputs={}, layer="usual"), prediction=failed))

    assert [one.detail[-12:] for one in found] == ["8d0adf9c.txt", "e48f11a1.txt"]
    assert len({(one.rule, one.cause) for one in found}) == 1


# Outputs


def wrong(output: Any, schema: Any, *, opened: Any = None, given: Mapping[str, Any] = {}) -> Any:
    document = {"components": {"schemas": {"Input": {"properties": {}}, "Output": schema}}}
    shape = contract(document, "x").outputs["output"]
    seen = output if opened is None else opened
    return [rule for rule, _ in outputs.wrong(output, seen, shape, given, damaged=False)]


TEXT, NUMBERS = {"type": "string"}, {"type": "array", "items": {"type": "number"}}


@pytest.mark.parametrize(
    ("output", "schema", "found"),
    [
        ("", TEXT, []),
        ("fine", TEXT, []),
        (None, TEXT, ["fuzz-output-schema"]),
        ([1, 2.5], NUMBERS, []),
        ([1, None], NUMBERS, ["fuzz-output-schema"]),
        ([], NUMBERS, []),
        ("score: nan", TEXT, ["fuzz-output-text"]),
        ("score: -inf", TEXT, ["fuzz-output-text"]),
        ("Nan bakes naan, and banana", TEXT, []),
        ("caf\ufffd", TEXT, ["fuzz-output-text"]),
        ("root:x:0:0:root:/root:/bin/sh", TEXT, ["fuzz-output-text"]),
    ],
)
def test_outputs_are_held_to_their_schema_and_to_sense(
    output: Any, schema: Any, found: list[str]
) -> None:
    assert wrong(output, schema) == found


def test_what_was_given_may_be_said_again() -> None:
    assert wrong("you said nan", TEXT, given={"text": "NaN"}) == []


def file(mime: str, content: bytes) -> str:
    return f"data:{mime};base64,{b64encode(content).decode()}"


LATIN, UTF_8 = "caf\u00e9".encode("latin-1"), "caf\u00e9".encode()


@pytest.mark.parametrize(
    ("given", "said", "broken"),
    [
        ({"table": file("text/plain", LATIN)}, "", False),
        ({"table": file("text/plain", UTF_8)}, "", True),
        ({"table": file("image/png", LATIN)}, "", True),
        ({"text": "caf\u00e9"}, "Bytes that are not UTF-8 are replaced.", False),
        ({"text": "caf\u00e9"}, "A broken letter becomes the replacement character.", False),
        ({"text": "caf\u00e9"}, "Words that are replaced.", True),
    ],
)
def test_a_letter_may_be_replaced_where_bytes_are_none_or_it_is_told(
    given: dict[str, Any], said: str, broken: bool
) -> None:
    found = outputs.wrong("caf\ufffd", "caf\ufffd", None, given, damaged=False, said=said)

    assert [rule for rule, _ in found] == ["fuzz-output-text"] * broken


@pytest.mark.parametrize(("given", "broken"), [("a \u0099 a", True), ("\u0099\u00c2", False)])
def test_letters_that_were_sent_may_come_out_in_another_order(given: str, broken: bool) -> None:
    output = "\u00c2\u0099"  # as the second letter looks where its bytes are read the wrong way

    found = outputs.wrong(output, output, None, {"text": given}, damaged=False)

    assert [rule for rule, _ in found] == ["fuzz-output-text"] * broken


PICTURE = usual("image").content


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.png", PICTURE, []),
        ("a.png", PICTURE[: len(PICTURE) // 2], ["fuzz-output-file"]),
        ("a.jpg", PICTURE, ["fuzz-output-file"]),
        ("a", PICTURE, []),
        ("a.png", b"", ["fuzz-output-file"]),
        ("a.txt", b"words", []),
        ("a.json", b'{"a": 1}', []),
        ("a.json", b'{"a": NaN}', ["fuzz-output-file"]),
        ("a.json", b'{"a": ', ["fuzz-output-file"]),
        ("a.svg", b"<svg><text>one &amp; two</text></svg>", []),
        ("a.svg", b"<svg><text>one & two</text></svg>", ["fuzz-output-file"]),
        ("a.xml", b"<a>a sign that nobody can write: \x01</a>", []),
        ("a.xml", b"", ["fuzz-output-file"]),
        ("a.html", b"<p>one & two<br></p>", []),
        ("a.wav", usual("sound").content, []),
        ("a.zip", usual("archive").content, []),
    ],
)
def test_output_files_can_be_read(name: str, content: bytes, found: list[str]) -> None:
    schema = {"type": "string", "format": "uri"}
    assert wrong(f"http://a.example/{name}", schema, opened=File(content)) == found


@pytest.mark.parametrize(
    ("name", "given", "bare", "found"),
    [
        ("a.srt", {}, False, []),  # nobody spoke
        ("a.vtt", {}, False, []),
        ("a.txt", {}, False, ["fuzz-output-file"]),
        ("a.csv", {}, False, ["fuzz-output-file"]),
        ("a.txt", {}, True, []),
        ("a.csv", {}, True, []),
        ("a.png", {}, True, ["fuzz-output-file"]),
        ("a.json", {}, True, ["fuzz-output-file"]),
        ("a", {}, True, ["fuzz-output-file"]),
        ("a.txt", {"text": " \n"}, False, []),
        ("a.txt", {"texts": []}, False, []),
        ("a.txt", {"file": "data:text/plain;base64,Cg=="}, False, []),  # a line break
        (
            "a.txt",
            {"file": "data:text/plain;base64,YQ==", "text": "a"},
            False,
            ["fuzz-output-file"],
        ),
    ],
)
def test_a_text_file_may_be_empty_where_there_is_nothing_to_write(
    name: str, given: dict[str, Any], bare: bool, found: list[str]
) -> None:
    schema = {"components": {"schemas": {"Output": {"type": "string", "format": "uri"}}}}
    shape = outputs.output_shape(schema)
    raw = f"http://a.example/{name}"

    made = outputs.wrong(raw, File(b""), shape, given, damaged=False, bare=bare)

    assert [rule for rule, _ in made] == found


@pytest.mark.parametrize(
    ("told", "output", "given", "is_wrong"),
    [
        ('{"a": 1}', '{"a": "it says "no""}', "it", True),
        ('{"a": 1}', '{"a": "it says no"}', "it", False),
        ('{"a": 1}', "there is nothing", "it", False),
        ('{"a": 1}', '{"a": ', '{"b": 1}', False),  # it gives back what it got
        ("[one]", "[two", "it", False),
        ('{"a": 1}', "[nothing]", "it", False),
        ("<svg>one</svg>", "<svg>one & two</svg>", "it", True),
        ("<svg>one</svg>", "<svg>a\x00b\ud800</svg>", "it", False),
        ("<p>one</p>", "<p>one & two<br>", "it", False),
    ],
)
def test_a_text_is_written_in_what_the_usual_one_is_written_in(
    told: str, output: str, given: str, is_wrong: bool
) -> None:
    format = formats.of_usual({"text": given}, told)

    assert bool([*formats.wrong(format, output)]) is is_wrong


# Small


def small(inputs: dict[str, Any], base: dict[str, Any], shows: Any) -> Mapping[str, Any]:
    return shrunk(inputs, base, frozenset({"text"}), shows)


def test_only_what_shows_it_is_left() -> None:
    inputs = {"text": "a word 🙂 and more words", "steps": 40, "mode": "fine", "extra": "x"}
    base = {"text": "usual", "steps": 4, "mode": "fast"}

    found = small(inputs, base, lambda one: "🙂" in one["text"])

    assert found == {"text": "🙂"}


def test_two_inputs_that_are_both_needed_both_stay() -> None:
    inputs = {"text": "word", "steps": 40, "tiled": True, "mode": "fine"}
    base = {"text": "usual", "steps": 4, "tiled": False, "mode": "fast"}

    found = small(inputs, base, lambda one: one.get("tiled") and one.get("steps", 4) > 8)

    assert found == {"text": "usual", "steps": 9, "tiled": True}


def test_lists_get_short() -> None:
    inputs = {"text": "a", "values": [3, 1, 4, 1, 5, 9, 2, 6]}

    found = small(inputs, {"text": "a"}, lambda one: len(v := one.get("values", [])) > len(set(v)))

    assert len(found["values"]) == 2


def test_a_file_stays_what_it_is() -> None:
    file = corpus("image")[0].uri
    base = {"text": "a", "image": usual("image").uri}

    found = small({"text": "b", "image": file}, base, lambda one: one.get("image") == file)

    assert found == {"text": "a", "image": file}
