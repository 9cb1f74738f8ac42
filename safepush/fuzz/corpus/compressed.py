"""Sounds that are no WAV, written with PyAV where it is installed: not every model reads them."""

import io
from collections.abc import Iterator
from typing import Any

import numpy as np

from safepush.fuzz.corpus import videos
from safepush.fuzz.corpus.medium import Medium

RATE = 16000
#: (name, media type, container, codec)
KINDS = (
    ("MP3", "audio/mpeg", "mp3", "libmp3lame"),
    ("FLAC", "audio/flac", "flac", "flac"),
    ("Ogg with Opus", "audio/ogg", "ogg", "libopus"),
    ("M4A", "audio/mp4", "mp4", "aac"),
)


def sounds() -> Iterator[Medium]:
    """Half a second of a tone in each kind."""
    for name, mime, container, codec in KINDS if videos.is_available() else ():
        yield Medium(name, "sound", mime, _written(container, codec), sound=False)


def _written(container: str, codec: str) -> bytes:
    import av

    content = io.BytesIO()
    # the same bytes each time: a finding names a file of the corpus
    with av.open(content, "w", format=container, options={"fflags": "+bitexact"}) as file:
        stream: Any = file.add_stream(codec, rate=RATE, layout="mono")
        stream.flags |= 1 << 23  # bitexact
        frame = av.AudioFrame.from_ndarray(_tone(), format="s16", layout="mono")
        frame.rate, frame.pts = RATE, 0
        resampler = av.AudioResampler(stream.format, "mono", RATE, stream.frame_size or None)
        for each in (*resampler.resample(frame), *resampler.resample(None)):
            file.mux(stream.encode(each))
        file.mux(stream.encode())
    return content.getvalue()


def _tone() -> Any:
    tone = np.sin(np.arange(RATE // 2) * 440 * 2 * np.pi / RATE) * 0.5
    return (tone * 32767).astype(np.int16)[None]
