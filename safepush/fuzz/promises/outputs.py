"""What is wrong with an output by itself: against its schema, in its texts, in its files."""

import io
import json
import re
import wave
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from PIL import Image

from safepush.compare import File
from safepush.compare.files import media_type
from safepush.compat.contract import contract
from safepush.compat.shapes import Branch, Lists, Objects, Shape
from safepush.compat.values import accepts
from safepush.errors import SchemaInvalid
from safepush.fuzz.facts import fact
from safepush.fuzz.promises.formats import read_xml
from safepush.fuzz.sent import SEEN_OR_HEARD, file_of, sent_files
from safepush.fuzz.sent import given as everything

Wrong = tuple[str, str]
MAX_PIXELS = 20_000_000
MAX_UNPACKED = 64 << 20
#: texts that a file is only by its name
_TEXTS = {"json": "application/json", "svg": "image/svg+xml", "xml": "application/xml"}
_NAN = re.compile(r"(?<![\w.])[-+]?(?:nan|NaN|inf|Infinity)(?![\w.])")
#: without any of these there is none, and no object of a program either
_WORDS = ("nan", "NaN", "inf", "Infinity", " object at 0x")
_PASSWORDS = "root:x:0:0:"
_REPLACED = "\ufffd"
#: what says that it may be there
_REPLACES = re.compile(
    r"\breplacement (?:character|letter|sign)s?\b|u\+fffd|\ufffd"
    r"|\b(?:bytes?|letters?|characters?|signs?|surrogates?)\b[^.;]*\b(?:is|are|gets?) replaced\b"
)
_OBJECT = re.compile(r"<?\b[\w.]+ object at 0x[0-9a-f]{6,}>?")
#: of each text that was sent, so much is looked for in what comes back
MOST_LETTERS = 400
SUFFIXES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "wav": "audio/wav",
    "zip": "application/zip",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "avi": "video/avi",
    "mov": "video/mp4",
    "m4a": "video/mp4",
    "mp3": "audio/mpeg",
    "flac": "audio/flac",
    "ogg": "audio/ogg",
    "bmp": "image/bmp",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "avif": "image/avif",
    "pdf": "application/pdf",
    "gz": "application/gzip",
    "npz": "application/zip",
}
_NUMBERED = re.compile(r"(?P<head>\D*)(?P<number>\d{1,6})(?P<tail>\D*)")
#: text files that are whole with nothing in them: always, and where there is nothing to write
_CUES = frozenset({"srt", "vtt", "lrc", "sbv"})
_PLAIN = _CUES | {"txt", "csv", "tsv", "md", "log", "jsonl", "ndjson", "text", "lab", "rttm", "tab"}
#: of these some have first bytes that are not known here
_LOOSE = ("audio/mpeg", "image/avif", "image/bmp", "video/mp4")  # fmt: skip


def output_shape(document: Any) -> Shape | None:
    """What a model's document says of its output; None where it says nothing that can be read."""
    try:
        return contract(document, "the schema").outputs.get("output")
    except SchemaInvalid:
        return None


def wrong(
    raw: Any,
    opened: Any,
    shape: Shape | None,
    inputs: Mapping[str, Any],
    *,
    damaged: bool,
    said: str = "",
    bare: bool = False,
) -> Iterator[Wrong]:
    """(rule, what is wrong) of an output.

    `raw` is what the server gave, `opened` the same with files in the place of their addresses.
    `damaged`: a file was sent that nobody has to be able to read, so its text may come out odd.
    `said`: the words of the model's inputs.
    `bare`: it is told that there may be nothing in a file.
    """
    if shape is not None and accepts(shape, raw) is False:
        yield "fuzz-output-schema", _mismatch(shape, raw, "the output")
    texts = list(_texts(opened))
    if texts:
        replaces = damaged or _REPLACES.search(said.lower()) is not None
        yield from _said(texts, inputs, replaces=replaces)
    bare = bare or _is_blank(inputs)
    named = list(_files(raw, opened))
    if isinstance(raw, list) and is_by_name([name for name, _ in named]):
        yield "fuzz-output-parts", "numbered files come in the order of their names: 10 before 2"
    for name, file in named:
        if file.content or not _is_whole(_suffix(name), bare=bare):
            yield from _file(name, file.content)


def _mismatch(shape: Shape, value: Any, place: str) -> str:
    """Where an output is not what its schema says."""
    for branch in shape.branches:
        for inner, each, where in _parts(branch, value, place):
            if accepts(inner, each) is False:
                return _mismatch(inner, each, where)
        missing = [
            name
            for name, member in (branch.members.items() if isinstance(branch, Objects) else ())
            if member.required and isinstance(value, dict) and name not in value
        ]
        if missing:
            return f"{place} has no {missing[0]!a}, which its schema requires"
    kind = "null" if value is None else type(value).__name__
    return f"{place} ({kind}) is not what its schema says"


def _parts(branch: Branch, value: Any, place: str) -> Iterator[tuple[Shape, Any, str]]:
    """Each part of a value with what it should be."""
    if isinstance(branch, Lists) and isinstance(value, list):
        yield from ((branch.items, item, f"an item of {place}") for item in value)
    if isinstance(branch, Objects) and isinstance(value, dict):
        for name, member in branch.members.items():
            if name in value:
                yield member.shape, value[name], f"{name!a} of {place}"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            if isinstance(each, str):
                yield each
            elif isinstance(each, list | dict):
                yield from _texts(each)


def _said(texts: Sequence[str], inputs: Mapping[str, Any], *, replaces: bool) -> Iterator[Wrong]:
    """What is wrong with the texts of an output; there may be thousands, and one set of inputs."""
    misread = [one for one in _misread(inputs) if len(one) > 1]
    if not _is_odd("\0".join(texts), misread):
        return
    given = everything(inputs).lower()
    # whose letters all were sent may come from these
    misread = [one for one in misread if not {*one.lower()} <= {*given}]
    whole = replaces or _REPLACED in given or "\\ufffd" in given or _is_foreign(inputs)
    for text in texts:
        yield from (("fuzz-output-text", told) for told in _text(text, given, misread))
        if _REPLACED in text and not whole:
            yield "fuzz-output-text", "the output holds U+FFFD, the replacement for a broken letter"


def _is_odd(said: str, misread: Sequence[str]) -> bool:
    """Whether any of it may be wrong: of thousands of texts most often none is."""
    if any(one in said for one in (_REPLACED, _PASSWORDS, *misread)):
        return True
    # to look for words is far quicker than to look for patterns
    is_likely = any(one in said for one in _WORDS)
    return is_likely and any(one.search(said) for one in (_NAN, _OBJECT))


def _is_foreign(inputs: Mapping[str, Any]) -> bool:
    """Whether a file is among them, no picture and no sound, that is not in UTF-8."""
    for text in _texts(dict(inputs)):
        file = file_of(text)
        if file is not None and not text.startswith(SEEN_OR_HEARD):
            try:
                file.content.decode()
            except UnicodeDecodeError:
                return True
    return False


def _text(text: str, given: str, misread: Sequence[str]) -> Iterator[str]:
    """What no honest model says, unless it was told to."""
    found = _NAN.search(text)
    if found and found[0].strip("+-").lower() not in given:
        yield f"the output says {found[0].strip('+-')}, which is no number"
    if _PASSWORDS in text and _PASSWORDS not in given:
        yield "the output holds a file of the machine that it runs on"
    if _OBJECT.search(text) and not _OBJECT.search(given):
        yield "the output says `object at 0x…`, which is for programmers"
    if any(one in text for one in misread):
        yield "letters of an input come out as others: UTF-8 read as Latin-1"


def _misread(inputs: Mapping[str, Any]) -> Iterator[str]:
    """Letters that were sent as they look where their bytes are read the wrong way."""
    letters = dict.fromkeys(one for text in _texts(dict(inputs)) for one in text[:MOST_LETTERS])
    for letter in letters:
        if "\x7f" < letter < "\ud800":
            for encoding in ("latin-1", "cp1252"):
                yield letter.encode().decode(encoding, "ignore")


# Files


def _files(raw: Any, opened: Any) -> Iterator[tuple[str, File]]:
    """Each file with the name that its address ends in."""
    if isinstance(opened, File):
        is_address = isinstance(raw, str) and not raw.startswith("data:")
        yield (unquote(raw.rpartition("/")[2]) if is_address else ""), opened
    elif isinstance(opened, list):
        rest = raw if isinstance(raw, list) and len(raw) == len(opened) else [None] * len(opened)
        for one, each in zip(rest, opened, strict=True):
            if isinstance(each, File | list | dict):  # of what is none there may be thousands
                yield from _files(one, each)
    elif isinstance(opened, dict):
        for name, each in opened.items():
            yield from _files(raw.get(name) if isinstance(raw, dict) else None, each)


def is_by_name(names: Sequence[str]) -> bool:
    """Whether numbered names are in the order of the alphabet, and so not in that of numbers."""
    found = [_NUMBERED.fullmatch(one) for one in names]
    told = [(one["head"], one["tail"], one["number"]) for one in found if one is not None]
    if len(told) < len(names) or len({(head, tail) for head, tail, _ in told}) != 1:
        return False
    numbers = [number for _, _, number in told]
    return sorted(numbers) == numbers != sorted(numbers, key=int)


def _suffix(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _is_whole(suffix: str, *, bare: bool) -> bool:
    """Whether a file of no bytes is one of its kind: nobody spoke, or there was no text."""
    return suffix in (_PLAIN if bare else _CUES)


def _is_blank(inputs: Mapping[str, Any]) -> bool:
    """Whether a text, a list or a file among the inputs has nothing in it."""
    texts = any(isinstance(one, str) and not one.strip() for one in inputs.values())
    files = any(not one.content.strip() for one in sent_files(inputs).values())
    return texts or files or [] in inputs.values()


def _file(name: str, content: bytes) -> Iterator[Wrong]:
    suffix = _suffix(name)
    # the name may come from the inputs: the cause does not
    called = f"the output file (.{suffix})" if suffix.isalnum() else "the output file"
    if not content:
        yield "fuzz-output-file", f"{called} is empty"
        return
    kind, wanted = media_type(content), SUFFIXES.get(suffix)
    is_unknown = wanted in _LOOSE and kind == "application/octet-stream"
    if wanted is not None and kind != wanted and not is_unknown:
        yield "fuzz-output-file", f"{called} is not {wanted} but {kind}"
        return
    told = _TEXTS.get(suffix, "text/plain" if kind == "application/json" else kind)
    read = _READERS.get(told)
    reason = None if read is None else _unreadable(read, content)
    if reason is not None:
        yield "fuzz-output-file", f"{called} cannot be read ({reason})"


def _unreadable(read: Callable[[bytes], object], content: bytes) -> str | None:
    return _unseen(content) if read is _picture else _reason(read, content)


@fact  # it is unpacked for it
def _unseen(content: bytes) -> str | None:
    return _reason(_picture, content)


def _reason(read: Callable[[bytes], object], content: bytes) -> str | None:
    try:
        read(content)
    except Image.DecompressionBombError:
        return None  # larger than we look into, which is not wrong
    except Exception as exc:  # decoders raise what they like at bytes they did not expect
        return type(exc).__name__
    return None


def _picture(content: bytes) -> None:
    with Image.open(io.BytesIO(content)) as picture:
        if picture.width * picture.height <= MAX_PIXELS:
            picture.load()


def _sound(content: bytes) -> None:
    try:
        with wave.open(io.BytesIO(content)) as sound:
            width = sound.getnchannels() * sound.getsampwidth()
            if len(sound.readframes(sound.getnframes())) < sound.getnframes() * width:
                raise EOFError
    except wave.Error as exc:
        if "unknown format" not in str(exc):
            raise


def _video(content: bytes) -> None:
    try:
        from safepush.compare.videos import play
    except ModuleNotFoundError:
        return  # without PyAV nobody can tell
    play(content)


def _archive(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [one.filename for one in archive.infolist()]
        if any(name.startswith("/") or ".." in name.split("/") for name in names):
            raise LeadsOut
        if len(set(names)) < len(names):  # who unpacks it gets the last of them
            raise TwoOfOneName
        if sum(one.file_size for one in archive.infolist()) <= MAX_UNPACKED and archive.testzip():
            raise zipfile.BadZipFile


class LeadsOut(Exception):
    """An archive holds a file that is written elsewhere when it is unpacked."""


class TwoOfOneName(Exception):
    """An archive holds two files of one name."""


def _json(content: bytes) -> None:
    def refuse(word: str) -> None:
        raise ValueError(word)

    json.loads(content, parse_constant=refuse)


_READERS: Mapping[str, Callable[[bytes], object]] = {
    **dict.fromkeys(("image/png", "image/jpeg", "image/gif", "image/webp"), _picture),
    "audio/wav": _sound,
    **dict.fromkeys(("video/mp4", "video/webm", "video/avi"), _video),
    "application/zip": _archive,
    "application/json": _json,
    **dict.fromkeys(("image/svg+xml", "application/xml"), read_xml),
}
