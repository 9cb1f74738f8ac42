"""Videos of the corpus: sound ones of odd kinds, written with PyAV where it is installed."""

import importlib.util
import io
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

MP4, WEBM, AVI, MOV = "video/mp4", "video/webm", "video/x-msvideo", "video/quicktime"
#: (name, media type, content)
Clip = tuple[str, str, bytes]


def is_available() -> bool:
    """Whether videos can be written and read."""
    return importlib.util.find_spec("av") is not None


def usual() -> Clip:
    """An ordinary one: two seconds in colour, with sound."""
    return "video", MP4, _written(_scene(16, 96, 64), MP4, "libx264", tone=True)


def odd() -> Iterator[Clip]:
    """Those that a model should be able to read, the most telling first."""
    scene = _scene(12, 64, 48)
    yield "MP4 of one frame", MP4, _written(scene[:1], MP4, "libx264")
    yield "MP4 without sound", MP4, _written(scene, MP4, "libx264")
    yield "MP4 of 16 x 16 pixels", MP4, _written(_scene(8, 16, 16), MP4, "libx264")
    yield "WebM with VP9", WEBM, _written(scene, WEBM, "libvpx-vp9")
    yield "grey MP4", MP4, _written(_grey(scene), MP4, "libx264", pixels="gray")
    yield "MP4 of one frame per second", MP4, _written(scene[:3], MP4, "libx264", rate=1)
    yield "MP4 of 120 frames per second", MP4, _written(scene, MP4, "libx264", rate=120)
    yield "upright MP4", MP4, _written(_scene(8, 48, 96), MP4, "libx264")
    yield "AVI with Motion JPEG", AVI, _written(scene, AVI, "mjpeg", pixels="yuvj420p")
    yield "MOV with MPEG-4", MOV, _written(scene, MOV, "mpeg4")
    yield "MP4 of full colour (4:4:4)", MP4, _written(scene, MP4, "libx264", pixels="yuv444p")
    yield "black MP4", MP4, _written([np.zeros_like(scene[0])] * 8, MP4, "libx264")


def _scene(count: int, width: int, height: int) -> list[Any]:
    """Pictures in which something moves, the same each time."""
    rows, columns = np.mgrid[0:height, 0:width]
    return [
        np.stack(
            [
                (columns * 2 + 6 * at) % 256,
                rows * 3 % 256,
                ((rows // 8 + columns // 8 + at) % 2) * 200,
            ],
            axis=-1,
        ).astype(np.uint8)
        for at in range(count)
    ]


def _grey(scene: Sequence[Any]) -> list[Any]:
    return [np.repeat(one.mean(axis=2, keepdims=True).astype(np.uint8), 3, axis=2) for one in scene]


def _written(
    scene: Sequence[Any],
    mime: str,
    codec: str,
    *,
    rate: int = 8,
    pixels: str = "yuv420p",
    tone: bool = False,
) -> bytes:
    import av

    content, form = io.BytesIO(), {MP4: "mp4", WEBM: "webm", AVI: "avi", MOV: "mov"}[mime]
    with av.open(content, "w", format=form, options={"fflags": "+bitexact"}) as file:
        pictures: Any = file.add_stream(codec, rate=rate)
        pictures.height, pictures.width = scene[0].shape[:2]
        pictures.pix_fmt = pixels
        # the same bytes each time: a finding names a file of the corpus
        pictures.thread_count = 1
        pictures.flags |= 1 << 23  # bitexact
        if codec == "libx264":  # its vector code looks at memory beside narrow pictures
            pictures.options = {"x264-params": "asm=0"}
        sound: Any = file.add_stream("aac", rate=16000, layout="mono") if tone else None
        for one in scene:
            file.mux(pictures.encode(av.VideoFrame.from_ndarray(one, format="rgb24")))
        file.mux(pictures.encode())
        if sound is not None:
            file.mux(sound.encode(_tone(len(scene) / rate)))
            file.mux(sound.encode())
    return content.getvalue()


def _tone(seconds: float) -> Any:
    import av

    wave = np.sin(np.arange(int(seconds * 16000)) * 440 * 2 * np.pi / 16000) * 0.5
    frame = av.AudioFrame.from_ndarray(wave[None].astype(np.float32), format="fltp", layout="mono")
    frame.rate, frame.pts = 16000, 0
    return frame
