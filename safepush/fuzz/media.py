"""A corpus of files, made when they are asked for: sound ones of odd kinds, and damaged ones."""

import base64
import io
import json
import wave
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from PIL import Image

from safepush.fuzz import videos
from safepush.fuzz.fields import Field

PNG, JPEG, GIF, WAV, TEXT = "image/png", "image/jpeg", "image/gif", "audio/x-wav", "text/plain"
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


@dataclass(frozen=True)
class Medium:
    """A file; `sound` is whether one that expects its kind has to be able to read it."""

    name: str
    kind: str
    mime: str
    content: bytes
    sound: bool = True

    @property
    def uri(self) -> str:
        """The file as an address that holds it."""
        return f"data:{self.mime};base64,{base64.b64encode(self.content).decode()}"


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
        "image": lambda: _image("picture", _scene(96, 64)),
        "sound": lambda: _sound("sound", seconds=0.5),
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
        turned = _image("another picture", _scene(96, 64).rotate(180))
        return turned, _image("larger picture", _scene(640, 480))
    if kind == "sound":
        another = _sound("another sound", seconds=0.5, hertz=330)
        return another, _sound("longer sound", seconds=5, beats=True)
    if kind == "text":
        return _text("another text", "Other words.\nOn two lines.\n"), _text("longer text", _PROSE)
    return ()


_PROSE = "It rained all day, and the river rose. Nobody had seen it so high before. " * 20


@lru_cache
def recorded(channels: int) -> Medium:
    """A recording of three seconds, in so many channels that are the same."""
    return _sound(f"sound of three seconds, channels: {channels}", seconds=3, channels=channels)


@lru_cache
def corpus(kind: str) -> tuple[Medium, ...]:
    """Files of a kind and files that are not what they seem, the most telling first."""
    return tuple(_dealt(kind))


def _dealt(kind: str) -> Iterator[Medium]:
    sound, broken = _SOUND.get(kind, _texts)(), _broken(kind)
    # two that should be read for each that need not be
    while True:
        dealt = [one for one in (next(sound, None), next(sound, None), next(broken, None)) if one]
        if not dealt:
            return
        yield from dealt


@lru_cache(1)
def known() -> Mapping[str, Medium]:
    """Every file that is made here, by its address."""
    kinds = [kind for kind in SPEECH if kind != VIDEO or videos.is_available()]
    made = [medium for kind in kinds for medium in (usual(kind), *others(kind), *corpus(kind))]
    made += [one for pair in stored() for one in pair]
    return {medium.uri: medium for medium in (*made, recorded(1), recorded(2))}


def of(value: object) -> Medium | None:
    """The file of the corpus that a value names."""
    return known().get(value) if isinstance(value, str) and value.startswith("data:") else None


# Pictures


def _scene(width: int, height: int) -> Image.Image:
    """A picture with something in it, the same each time."""
    rows, columns = np.mgrid[0:height, 0:width]
    red = columns * 255 // max(width - 1, 1)
    green = rows * 255 // max(height - 1, 1)
    blue = ((rows // 8 + columns // 8) % 2) * 200
    return Image.fromarray(np.stack([red, green, blue], axis=-1).astype(np.uint8))


def _image(name: str, picture: Image.Image, mime: str = PNG, **options: object) -> Medium:
    content = io.BytesIO()
    picture.save(content, mime.partition("/")[2].replace("jpg", "jpeg"), **options)
    return Medium(name, "image", mime, content.getvalue())


@lru_cache(1)
def stored() -> tuple[tuple[Medium, Medium], ...]:
    """Pictures in RGB, each with the same one stored in another way."""
    grey = Image.fromarray(np.linspace(0, 255, 48 * 64).reshape(48, 64).astype(np.uint8))
    flat = grey.convert("RGB").quantize(16).convert("RGB")
    clear = flat.copy()
    clear.putalpha(255)
    red, green, blue = flat.split()
    few = Image.merge("RGB", [red, green.rotate(180), blue])
    few = few.quantize(200, dither=Image.Dither.NONE)
    told = {"picture with a palette": few, "picture in grey": grey, "picture with alpha": clear}
    return tuple(
        (_image(f"{name}, in RGB", one.convert("RGB")), _image(name, one))
        for name, one in told.items()
    )


def _exif(orientation: int) -> Medium:
    facts = Image.Exif()
    facts[274] = orientation
    return _image(f"JPEG with EXIF orientation {orientation}", _scene(64, 48), JPEG, exif=facts)


def _animation(name: str, frames: list[Image.Image], **options: object) -> Medium:
    first, *rest = frames
    return _image(name, first, GIF, save_all=True, append_images=rest, loop=0, **options)


def _images() -> Iterator[Medium]:
    scene = _scene(64, 48)
    alpha = scene.copy()
    alpha.putalpha(Image.linear_gradient("L").resize(scene.size))
    yield _image("grey PNG", scene.convert("L"))
    yield _image("PNG with alpha", alpha)
    yield _image("PNG of one pixel", _scene(1, 1))
    yield _image("palette PNG", scene.convert("P", palette=Image.Palette.ADAPTIVE))
    turned = [scene.rotate(turn) for turn in (0, 90, 180)]
    yield _animation("animated GIF of three frames", turned, duration=100)
    yield _exif(8)
    yield _image("16-bit grey PNG", Image.fromarray(np.linspace(0, 65535, 3072).astype(np.uint16)))
    yield _image("CMYK JPEG", scene.convert("CMYK"), JPEG)
    yield _image("very wide PNG", _scene(1000, 1))
    yield _image("very high PNG", _scene(1, 1000))
    yield _image("grey PNG with alpha", alpha.convert("LA"))
    yield _image("black and white PNG", scene.convert("1"))
    yield _image("PNG with one colour, black", Image.new("RGB", (32, 32)))
    yield from map(_exif, (6, 3, 5, 2, 4, 7))
    clear = scene.convert("P")
    clear.info["transparency"] = 0
    yield _image("palette PNG with a clear colour", clear, transparency=0)
    yield _image("wholly transparent PNG", Image.new("RGBA", (32, 32)))
    yield _animation("animated GIF without a duration", turned, duration=0)
    yield _image("large PNG, 4000 x 3000", Image.new("RGB", (4000, 3000), "teal"))
    yield _image("JPEG, grey", scene.convert("L"), JPEG)
    yield _image("lossless WebP", alpha, "image/webp", lossless=True)
    yield _image("BMP", scene, "image/bmp")
    yield _image("TIFF of floats", Image.fromarray(np.ones((8, 8), np.float32)), "image/tiff")
    yield _image("PNG of odd size", _scene(63, 47))
    yield _image("white PNG", Image.new("RGB", (32, 32), "white"))


# Sounds


def _sound(
    name: str,
    *,
    seconds: float,
    rate: int = 16000,
    channels: int = 1,
    width: int = 2,
    hertz: int = 440,
    beats: bool = False,
) -> Medium:
    count = int(seconds * rate)
    tone = np.sin(np.arange(count) * hertz * 2 * np.pi / rate) * 0.5
    if beats:  # two each second, each fading away
        tone = tone * np.exp(-(np.arange(count) % (rate // 2)) / (rate / 10))
    if width == 1:
        frames = (tone * 127 + 128).astype("<u1")
    else:
        frames = (tone * (2 ** (8 * width - 1) - 1)).astype("<i4" if width == 4 else "<i2")
    return _wav(name, np.repeat(frames, channels).tobytes(), rate, channels, width)


def _wav(name: str, frames: bytes, rate: int, channels: int, width: int) -> Medium:
    content = io.BytesIO()
    with wave.open(content, "wb") as sound:
        sound.setparams((channels, width, rate, 0, "NONE", ""))
        sound.writeframes(frames)
    return Medium(name, "sound", WAV, content.getvalue())


def _sounds() -> Iterator[Medium]:
    yield _wav("WAV without a sample", b"", 16000, 1, 2)
    yield _sound("stereo WAV", seconds=0.25, channels=2)
    yield _wav("WAV of one sample", b"\0\1", 16000, 1, 2)
    yield _wav("silent WAV", bytes(8000), 16000, 1, 2)
    yield _sound("8-bit WAV of an odd length", seconds=0.2501, width=1)
    yield _sound("WAV of 44.1 kHz", seconds=0.25, rate=44100)
    yield _sound("32-bit WAV", seconds=0.25, width=4)
    yield _wav("24-bit WAV of an odd length", bytes(range(1, 244)) * 3, 16000, 1, 3)
    yield _sound("WAV of 8 kHz", seconds=0.25, rate=8000)
    yield _sound("WAV of ten seconds", seconds=10, rate=8000)
    yield _sound("WAV of six channels", seconds=0.1, channels=6)


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


def _pictures(count: int) -> list[Entry]:
    return [(f"{at}.png", _image("", _scene(64 + at, 48)).content) for at in range(1, count + 1)]


def _text(name: str, text: str, encoding: str = "utf-8", kind: str = "text") -> Medium:
    mime = {"table": "text/csv", "json": "application/json"}.get(kind, TEXT)
    return Medium(name, kind, mime, text.encode(encoding))


def _texts() -> Iterator[Medium]:
    yield _text("text file of one word", "word")
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
    grey = _image("", _scene(64, 48).convert("L")).content
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
    "image": _images,
    "sound": _sounds,
    "table": _tables,
    "json": _jsons,
    "archive": _archives,
    "gallery": _galleries,
    "text": _texts,
    VIDEO: _videos,
}


def _broken(kind: str) -> Iterator[Medium]:
    """What is not what it seems to be; it may be refused in any clear words."""
    whole = usual(kind)
    mime = whole.mime
    yield Medium(f"{kind} file of no bytes", kind, mime, b"", sound=False)
    half = whole.content[: len(whole.content) // 2]
    yield Medium(f"{kind} file cut in half", kind, mime, half, sound=False)
    other = usual("text" if kind == "image" else "image")
    yield Medium(f"{other.kind} file as {kind}", kind, mime, other.content, sound=False)
    yield Medium(f"{kind} file of one byte", kind, mime, b"\x89", sound=False)
    noise = np.random.default_rng(1).bytes(400)
    yield Medium(f"{kind} file of noise", kind, mime, noise, sound=False)
    yield Medium(f"first bytes of {kind} file", kind, mime, whole.content[:12], sound=False)
