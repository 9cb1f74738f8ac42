"""Videos and compressed sound by what is in them."""

import io
import sys
from typing import Any

import av
import numpy as np
import pytest

from safepush.compare import EXACT, USUAL, File, compare
from safepush.fuzz.promises.outputs import wrong

FRAMES, RATE = 20, 10


def scene(width: int = 96) -> list[Any]:
    """Two seconds in which something moves."""
    rows, columns = np.mgrid[0:64, 0:width]
    return [
        np.stack([(columns + 5 * at) % 256, rows * 3, rows * 0 + 90], axis=-1).astype(np.uint8)
        for at in range(FRAMES)
    ]


def tone(loud: float = 0.5) -> Any:
    return np.sin(np.arange(32_000) * 440 * 2 * np.pi / 16_000).astype(np.float32)[None] * loud


def written(
    pictures: list[Any], sound: Any = None, form: str = "mp4", codec: str = "libx264", **said: Any
) -> bytes:
    content = io.BytesIO()
    with av.open(content, "w", format=form) as file:
        video: Any = file.add_stream(codec, rate=said.get("rate", RATE)) if pictures else None
        audio: Any = None
        if sound is not None:
            kind = said.get("audio", "aac")
            audio = file.add_stream(kind, rate=16_000, layout="mono")
        if video is not None:
            video.height, video.width = pictures[0].shape[:2]
            video.pix_fmt, video.options = "yuv420p", {"crf": str(said.get("crf", 10))}
            for one in pictures:
                file.mux(video.encode(av.VideoFrame.from_ndarray(one, format="rgb24")))
            file.mux(video.encode())
        if audio is not None:
            frame = av.AudioFrame.from_ndarray(sound, format="fltp", layout="mono")
            frame.rate, frame.pts = 16_000, 0
            file.mux(audio.encode(frame))
            file.mux(audio.encode())
    return content.getvalue()


WHOLE = written(scene(), tone())


def told(actual: bytes, expected: bytes = WHOLE, tolerance: Any = USUAL) -> list[str]:
    return [
        f"{one.place}: {one.detail}" for one in compare(File(expected), File(actual), tolerance)
    ]


def test_what_is_encoded_a_little_otherwise_is_alike() -> None:
    near = written(scene(), tone(), crf=12)

    assert near != WHOLE
    assert told(near) == []
    assert told(near, tolerance=EXACT)


@pytest.mark.parametrize("at", [0, 7, FRAMES - 1])
def test_one_damaged_frame_is_named_with_its_place(at: int) -> None:
    damaged = scene()
    damaged[at] = damaged[at].copy()
    damaged[at][16:32, 32:48] = 0

    block, tile = told(written(damaged, tone()))

    assert block.startswith(f"output frame {at}: the 8 x 8 block at x ")
    assert tile.endswith("in the 16 x 16 tile at x 32, y 16")


@pytest.mark.parametrize(
    ("actual", "first"),
    [
        (lambda: written(scene(64), tone()), "size 64 x 64 instead of 96 x 64"),
        (lambda: written(scene(), tone(), rate=12), "frame rate 12 instead of 10"),
        (lambda: written(scene()[:15], tone()), "frames 15 instead of 20"),
        (lambda: written(scene()), "sound none instead of 1 x 16000 Hz"),
        (lambda: written(scene(), tone(), codec="mpeg4"), "codec mpeg4 instead of h264"),
        (lambda: written(scene(), tone(), "webm", "libvpx-vp9", audio="opus"), "video/webm inst"),
        (lambda: WHOLE[: len(WHOLE) // 2], "is no video or sound that can be read"),
    ],
)
def test_what_a_video_is_comes_first(actual: Any, first: str) -> None:
    assert told(actual())[0].startswith(f"output: {first}")


def test_a_video_that_is_shorter_says_so() -> None:
    found = told(written(scene()[:15]), written(scene()))

    assert "output: duration 1.50 s instead of 2.00 s" in found


def test_the_sound_of_a_video_is_heard() -> None:
    (quiet,) = told(written(scene(), tone(0.3)))

    assert quiet.startswith("output sound: the 1024 samples from ")


@pytest.mark.parametrize(("form", "kind"), [("mp3", "libmp3lame"), ("flac", "flac")])
def test_compressed_sound_is_compared_by_its_samples(form: str, kind: str) -> None:
    first, second = (
        written([], loud.astype(np.float32), form, audio=kind) for loud in (tone(), tone(0.4))
    )

    assert any("samples from" in one for one in told(second, first))
    assert told(first, first) == []


def test_without_pyav_the_bytes_are_compared_and_the_way_out_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delitem(sys.modules, "safepush.compare.videos", raising=False)
    monkeypatch.setitem(sys.modules, "av", None)

    (found,) = told(written(scene(), tone(), crf=12))

    assert "other bytes" in found
    assert "pip install '.[video]' in a checkout" in found
    assert list(wrong("a.mp4", File(WHOLE[:900]), None, {}, damaged=False)) == []


def test_a_video_that_cannot_be_played_is_a_finding() -> None:
    address = "https://example.com/files/out.mp4"

    assert list(wrong(address, File(WHOLE), None, {}, damaged=False)) == []
    ((rule, detail),) = wrong(address, File(WHOLE[:900]), None, {}, damaged=False)
    assert (rule, detail.rpartition(" (")[0]) == (
        "fuzz-output-file",
        "the output file (.mp4) cannot be read",
    )


def test_what_cannot_be_unpacked_is_not_alike() -> None:
    damaged = bytearray(written(scene()))
    start = damaged.index(b"mdat") + 4
    damaged[start : start + 4000] = bytes(4000)
    other = damaged.copy()
    other[start] = 1

    assert damaged != other
    assert told(bytes(other), bytes(damaged))
