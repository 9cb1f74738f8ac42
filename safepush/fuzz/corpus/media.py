"""A corpus of files, made when they are asked for: sound ones of odd kinds, and damaged ones."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

import numpy as np

from safepush.fuzz.corpus import pictures, recordings, videos
from safepush.fuzz.corpus.medium import TEXT, Medium
from safepush.fuzz.corpus.pictures import image, images, scene, stored
from safepush.fuzz.corpus.recordings import recorded, sound, sounds
from safepush.fuzz.fields import Field

__all__ = [
    "Medium",
    "animations",
    "broken",
    "corpus",
    "dealt",
    "entries",
    "kinds_of",
    "known",
    "namesakes",
    "of",
    "others",
    "own",
    "recorded",
    "same",
    "stored",
    "untold",
    "usual",
]

#: words in names, descriptions and code that tell what kind of file is meant
SPEECH = {
    "image": ("image", "photo", "picture", "mask", "img", "portrait", "logo", "sketch", "frame"),
    "sound": ("audio", "sound", "wav", "speech", "voice", "recording", "music", "song"),
    "table": ("csv", "table", "spreadsheet", "dataset"),
    "json": ("json", "settings", "config"),
    "archive": ("zip", "archive"),
    "gallery": ("zip", "archive", "images", "photos", "pictures", "faces"),
    "text": ("text", "document", "transcript", "subtitle", "srt", "markdown", "file"),
    "video": ("video", "clip", "movie", "footage", "film"),
}
#: what a video's name may say too, such as "frame"
VIDEO = "video"


def kinds_of(field: Field, source: str = "") -> list[str]:
    """The kinds of file that an input may be meant for, the likeliest first; all of them come.

    `source` is the model's code, which is asked where its name and description say nothing.
    """
    said = f"{field.name} {field.description}".lower()
    found = [kind for kind, words in SPEECH.items() if any(word in said for word in words)]
    found.sort(key=lambda kind: kind != VIDEO)
    hints = {
        "image": ("PIL", "cv2", "imageio"),
        "sound": ("wave", "soundfile", "librosa", "torchaudio"),
        "table": ("csv", "pandas"),
        "json": ("json.load",),
        "archive": ("zipfile",),
        "gallery": ("zipfile",),
    }
    found += [kind for kind, words in hints.items() if any(word in source for word in words)]
    made = dict.fromkeys([*found, *SPEECH])
    return [kind for kind in made if kind != VIDEO or videos.is_available()]


_ANIMATED = re.compile(r"\bgifs?\b|\banimat(?:ion|ed)\b")
_STILL = re.compile(r"\bpng\b|\bjpe?g\b|\bphoto|\bpicture|\bimage|\bwebp\b|\bvideo|\bmp4\b")


def animations(field: Field) -> list[Medium]:
    """An animated picture, where one is spoken of and nothing else."""
    said = f"{field.name} {field.description}".lower().replace("_", " ")
    wanted = _ANIMATED.search(said) and not _STILL.search(said)
    return [own(pictures.animated())] if wanted else []


def untold(fields: Iterable[Field]) -> str | None:
    """What kind of file an input seems to want that cannot be made here."""
    said = [f"{one.name} {one.description}".lower() for one in fields if one.is_file]
    wants = any(word in text for text in said for word in SPEECH[VIDEO])
    told = "videos (pip install '.[video]' in a checkout of Penstock)"
    return None if videos.is_available() or not wants else told


@lru_cache
def usual(kind: str) -> Medium:
    """An ordinary file of a kind."""
    return {
        "image": lambda: image("picture", scene(96, 64)),
        "sound": lambda: sound("sound", seconds=0.5),
        "table": lambda: Medium("table", "table", "text/csv", b"name,value\none,1\ntwo,2\n"),
        "json": lambda: Medium("json", "json", "application/json", b'{"a": 1, "b": [1, 2]}'),
        "archive": lambda: _archive("archive", _ONE, _TWO),
        "gallery": lambda: _archive("archive of pictures", *_pictures(2), kind="gallery"),
        "text": lambda: Medium("text", "text", TEXT, b"A few words.\nAnd another line.\n"),
        VIDEO: lambda: _video(videos.usual()),
    }[kind]()


@lru_cache
def others(kind: str) -> tuple[Medium, ...]:
    """(another ordinary one of the same size, a larger one), where such are made here."""
    if kind == "image":
        turned = image("another picture", scene(96, 64).rotate(180))
        return turned, image("larger picture", scene(640, 480))
    if kind == "sound":
        another = sound("another sound", seconds=0.5, hertz=330)
        return another, sound("longer sound", seconds=5, beats=True)
    if kind == "text":
        return _text("another text", "Other words.\nOn two lines.\n"), _text("longer text", _PROSE)
    return ()


_PROSE = "It rained all day, and the river rose. Nobody had seen it so high before. " * 20


@lru_cache
def corpus(kind: str) -> tuple[Medium, ...]:
    """Files of a kind and files that are not what they seem, the most telling first."""
    return tuple(_dealt(kind))


def _dealt(kind: str) -> Iterator[Medium]:
    return dealt(_SOUND.get(kind, _texts)(), broken(usual(kind)))


def dealt(whole: Iterator[Medium], broken: Iterator[Medium]) -> Iterator[Medium]:
    """Two that should be read for each that need not be."""
    while True:
        dealt = [one for one in (next(whole, None), next(whole, None), next(broken, None)) if one]
        if not dealt:
            return
        yield from dealt


def same(kind: str) -> tuple[tuple[Medium, tuple[Medium, ...]], ...]:
    """Files of a kind, each with others of the corpus that hold the same."""
    return {"image": pictures.same, "sound": recordings.same}.get(kind, tuple)()


@lru_cache(1)
def known() -> Mapping[str, Medium]:
    """Every file that is made here, by its address."""
    kinds = [kind for kind in SPEECH if kind != VIDEO or videos.is_available()]
    made = [medium for kind in kinds for medium in (usual(kind), *others(kind), *corpus(kind))]
    made += [one for pair in stored() for one in pair]
    return {medium.uri: medium for medium in (*made, recorded(1), recorded(2))}


def of(value: object) -> Medium | None:
    """The file of the corpus, or made for the model, that a value names."""
    if not isinstance(value, str) or not value.startswith("data:"):
        return None
    return known().get(value) or _OWN.get(value)


#: files that were made for one model: what is known of them is not in their addresses
_OWN: dict[str, Medium] = {}


def own(medium: Medium) -> Medium:
    """A file that was made for one model, which `of` knows from then on."""
    return _OWN.setdefault(medium.uri, medium)


# Videos


def _video(clip: videos.Clip) -> Medium:
    name, mime, content = clip
    return Medium(name, VIDEO, mime, content)


def _videos() -> Iterator[Medium]:
    yield from map(_video, videos.odd())


# Texts and data


Entry = tuple[str, bytes]
_ONE, _TWO = ("one.txt", b"one"), ("two.txt", b"two three")


def _archive(name: str, *entries: Entry, kind: str = "archive") -> Medium:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path, told in entries:
            archive.writestr(zipfile.ZipInfo(path), told)
    return Medium(name, kind, "application/zip", content.getvalue())


@lru_cache
def namesakes(kind: str) -> tuple[Medium, Medium] | None:
    """An archive of two files in two folders, and the same where both have one name."""
    files = {"archive": [_ONE, _TWO], "gallery": _pictures(2)}.get(kind)
    if files is None:
        return None
    (one, first), (two, second) = files
    apart = _archive("ZIP of two folders", (f"a/{one}", first), (f"b/{two}", second), kind=kind)
    alike = [(f"a/{one}", first), (f"b/{one}", second)]
    return own(apart), own(_archive("ZIP of two folders, one name", *alike, kind=kind))


def entries(content: bytes) -> list[str]:
    """The names in an archive, each once; none in what is no archive."""
    if not content.startswith(b"PK"):
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return sorted({one.filename for one in archive.infolist()})
    except zipfile.BadZipFile:
        return []


def _pictures(count: int) -> list[Entry]:
    return [(f"{at}.png", image("", scene(64 + at, 48)).content) for at in range(1, count + 1)]


def _text(name: str, text: str, encoding: str = "utf-8", kind: str = "text") -> Medium:
    mime = {"table": "text/csv", "json": "application/json"}.get(kind, TEXT)
    return Medium(name, kind, mime, text.encode(encoding))


def _texts() -> Iterator[Medium]:
    yield _text("text file of one word", "word")
    yield _text("text file of some hundred words", _PROSE)
    yield _text("text file of a line break", "\n")
    yield _text("text file with letters of many kinds", "Straße 漢字 🙂 e\u0301 שלום\n")
    latin = "Plain words, and then a caf\u00e9.\n"
    yield _text("text file in Latin-1 with one accent", latin, "latin-1")
    yield _text("text file in UTF-16", "A few words.\nAnd another line.\n", "utf-16")
    yield _text("text file with CR LF", "one\r\ntwo\r\n\r\nthree")
    yield _text("text file with a byte order mark", "\ufeffone two\n")
    yield _text("text file of 20,000 words", "several words " * 10_000)
    yield _text("text file of one long line", "x" * 200_000)


def _tables() -> Iterator[Medium]:
    for name, text in {
        "CSV of a heading only": "name,value\n",
        "CSV of one row": "name,value\none,1\n",
        "CSV with a missing cell": "name,value\none,\n,2\n",
        "CSV with a quoted comma": 'name,value\n"a, b",1\n',
        "CSV with text for a number": "name,value\none,many\n",
        "CSV with rows of other lengths": "name,value\none\ntwo,2,3\n",
        "CSV with a repeated heading": "name,name\none,1\n",
    }.items():
        yield _text(name, text, kind="table")
    yield _text("CSV in Latin-1", "name,value\ncaf\u00e9,1\n", "latin-1", kind="table")
    yield _text("CSV in UTF-16", "name,value\none,1\n", "utf-16", kind="table")


def _jsons() -> Iterator[Medium]:
    for text in ("{}", "[]", "null", '"text"', "1", json.dumps({"a": None, "é": [[]]})):
        yield _text(f"JSON file {text}", text, kind="json")


def _archives() -> Iterator[Medium]:
    yield from _packed([_ONE, _TWO], "archive")
    yield _archive("ZIP with a text in Latin-1", _ONE, ("three.txt", b"caf\xe9"))


def _galleries() -> Iterator[Medium]:
    yield from _packed(_pictures(2), "gallery")
    grey = image("", scene(64, 48).convert("L")).content
    yield _archive(
        "ZIP of a picture and a grey one", *_pictures(1), ("g.png", grey), kind="gallery"
    )


def _packed(usual: list[Entry], kind: str) -> Iterator[Medium]:
    """As people and their programs pack them."""
    path, told = usual[0]
    for name, entries in {
        "empty ZIP": [],
        "ZIP of one file": usual[:1],
        "ZIP with a folder": [("more/", b""), (f"more/{path}", told), *usual[1:]],
        "ZIP with a file in a folder that is not listed": [(f"more/{path}", told), *usual[1:]],
        "ZIP with letters of many kinds": [*usual, (f"Straße 漢字 {path}", told)],
        "ZIP with capitals": [(path.upper(), told), *usual[1:]],
    }.items():
        yield _archive(name, *entries, kind=kind)
    # a library's clear word on these will do
    for name, entry in {
        "ZIP with a file of no bytes": (f"empty-{path}", b""),
        "ZIP with what macOS adds": (f"__MACOSX/._{path}", b"\0"),
    }.items():
        yield replace(_archive(name, *usual, entry, kind=kind), sound=False)


_SOUND: dict[str, Callable[[], Iterator[Medium]]] = {
    "image": images,
    "sound": sounds,
    "table": _tables,
    "json": _jsons,
    "archive": _archives,
    "gallery": _galleries,
    "text": _texts,
    VIDEO: _videos,
}


def broken(whole: Medium) -> Iterator[Medium]:
    """What is not what it seems to be; it may be refused in any clear words."""
    kind, mime = whole.kind, whole.mime
    yield Medium(f"{kind} file of no bytes", kind, mime, b"", sound=False)
    half = whole.content[: len(whole.content) // 2]
    yield Medium(f"{kind} file cut in half", kind, mime, half, sound=False)
    other = usual("text" if kind == "image" else "image")
    yield Medium(f"{other.kind} file as {kind}", kind, mime, other.content, sound=False)
    yield Medium(f"{kind} file of one byte", kind, mime, b"\x89", sound=False)
    noise = np.random.default_rng(1).bytes(400)
    yield Medium(f"{kind} file of noise", kind, mime, noise, sound=False)
    yield Medium(f"first bytes of {kind} file", kind, mime, whole.content[:12], sound=False)
