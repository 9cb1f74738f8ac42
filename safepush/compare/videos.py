"""Two videos, or compressed sounds: what they are, then the worst frame and the worst moment."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import av
import numpy as np

from safepush.compare.difference import Difference
from safepush.compare.images import MAX_PIXELS, frame_differences

#: of a video so much is compared, in frames spread evenly over it, but no fewer than LEAST_FRAMES
MAX_COMPARED_PIXELS = 100_000_000
LEAST_FRAMES = 16
#: some 2,000 frames of 1920 x 1080
MAX_DECODED_PIXELS = 4_000_000_000
BLOCK = 1024
#: of a sound, from its beginning
MAX_SOUND_S = 120
#: less than a frame and a block of sound: containers round, and encoders pad
SAME_S = 0.05


class Unreadable(Exception):
    """Why a file is not looked into."""


@dataclass(frozen=True)
class Facts:
    """What a file holds; `frames` are those of its pictures, 0 where it has none."""

    codec: str
    size: tuple[int, int]
    rate: float
    frames: int
    duration_s: float
    sound: str

    def differences(self, other: "Facts", place: str) -> Iterator[Difference]:
        """Each fact in which another file is other."""
        told = {
            "codec": (self.codec, other.codec),
            "size": (_by(self.size), _by(other.size)),
            "frame rate": (f"{self.rate:.4g}", f"{other.rate:.4g}"),
            "frames": (self.frames, other.frames),
            "sound": (self.sound or "none", other.sound or "none"),
        }
        for name, (before, after) in told.items():
            if before != after:
                detail = f"{name} {after} instead of {before}"
                yield Difference(place=place, kind=f"video-{name.split()[-1]}", detail=detail)
        if abs(self.duration_s - other.duration_s) > SAME_S:
            detail = f"duration {other.duration_s:.2f} s instead of {self.duration_s:.2f} s"
            yield Difference(place=place, kind="video-duration", detail=detail)


def video_differences(expected: bytes, actual: bytes, place: str) -> Iterator[Difference]:
    """Facts first; frames where the size agrees, sound where its form does."""
    try:
        ours, theirs = facts(expected), facts(actual)
        if not (ours.frames or ours.sound):
            raise Unreadable("holds neither pictures nor sound")
        yield from ours.differences(theirs, place)
        if ours.frames and ours.size == theirs.size:
            shown = _shown(min(ours.frames, theirs.frames), ours.size)
            yield from _pictures(expected, actual, shown, place)
        if ours.sound and ours.sound == theirs.sound:
            yield from _sound(expected, actual, place)
    except Unreadable as exc:
        yield Difference(place=place, kind="unreadable", detail=str(exc))


def facts(content: bytes) -> Facts:
    """What is in a file; its frames are counted, not unpacked.

    Raises:
        Unreadable: it is damaged, or would unpack to more than we look at.
    """
    with _opened(content) as file:
        video = next(iter(file.streams.video), None)
        audio = next(iter(file.streams.audio), None)
        size = (0, 0) if video is None else (video.width, video.height)
        sound = "" if audio is None else f"{audio.channels} x {audio.rate} Hz"
        count, end_s = _counted(file, video)
        if size[0] * size[1] > MAX_PIXELS or size[0] * size[1] * count > MAX_DECODED_PIXELS:
            raise Unreadable(f"has {count:,} frames of {_by(size)}; they were not unpacked")
        main = video if video is not None else audio
        return Facts(
            codec="" if main is None else main.codec_context.name,
            size=size,
            rate=float(video.average_rate or 0) if video is not None else 0.0,
            frames=count,
            duration_s=end_s,
            sound=sound,
        )


def _counted(file: Any, video: Any) -> tuple[int, float]:
    """(frames of the pictures, when the last packet ends, in seconds)."""
    count, end_s = 0, 0.0
    for packet in _caught(file.demux()):
        if packet.size:
            count += packet.stream is video
            ends = (packet.pts or 0) + (packet.duration or 0)
            end_s = max(end_s, float(ends * packet.time_base))
    return count, end_s


def play(content: bytes) -> None:
    """Unpack all of it, as somebody who watches it would.

    Raises:
        Unreadable: it is damaged, or would unpack to more than we look at.
    """
    facts(content)
    with _opened(content) as file:
        for _ in _caught(file.decode()):
            pass


def _opened(content: bytes) -> Any:
    try:
        return av.open(io.BytesIO(content), mode="r")
    except (av.FFmpegError, ValueError) as exc:
        told = f"is no video or sound that can be read ({type(exc).__name__})"
        raise Unreadable(told) from exc


def _caught(things: Iterator[Any]) -> Iterator[Any]:
    """The same, with a decoder's errors made ours."""
    try:
        yield from things
    except (av.FFmpegError, ValueError) as exc:
        raise Unreadable(f"is damaged ({type(exc).__name__})") from exc


# Frames


def _shown(count: int, size: tuple[int, int]) -> list[int]:
    """Which frames are compared; small and short videos have all of them compared."""
    most = min(count, max(LEAST_FRAMES, MAX_COMPARED_PIXELS // (size[0] * size[1])))
    return sorted({round(at * (count - 1) / max(most - 1, 1)) for at in range(most)})


def _pictures(expected: bytes, actual: bytes, shown: list[int], place: str) -> Iterator[Difference]:
    """Of each measure, the frame where it is worst."""
    worst: dict[str, Difference] = {}
    both = zip_longest(_frames(expected, shown), _frames(actual, shown))
    seen = 0
    for ours, theirs in both:
        if ours is None or theirs is None:
            raise Unreadable("has frames that cannot be unpacked")
        (number, first), (_, second) = ours, theirs
        seen += 1
        for one in frame_differences(first, second, f"{place} frame {number}"):
            known = worst.get(one.kind)
            if known is None or one.amount > known.amount:
                worst[one.kind] = one
    if not seen:  # what was not looked at is not alike
        raise Unreadable("has no frame that can be unpacked")
    yield from worst.values()


def _frames(content: bytes, shown: list[int]) -> Iterator[tuple[int, tuple[Any, Any]]]:
    """These frames: (number, (colours, alpha)). All before the last have to be unpacked."""
    wanted = set(shown)
    with _opened(content) as file:
        file.streams.video[0].thread_type = "AUTO"
        for number, frame in enumerate(_caught(file.decode(video=0))):
            if number in wanted:
                colours = frame.to_ndarray(format="rgb24")
                yield number, (colours, np.full(colours.shape[:2], 255, np.uint8))
            if number >= shown[-1]:
                return


# Sound


def _sound(expected: bytes, actual: bytes, place: str) -> Iterator[Difference]:
    """The block where the samples are furthest apart."""
    worst, at, number = 0.0, 0, -1
    for number, (ours, theirs) in enumerate(zip_longest(_blocks(expected), _blocks(actual))):
        if ours is None or theirs is None:
            break  # the durations tell that
        length = min(ours.shape[1], theirs.shape[1])
        apart = float(np.abs(ours[:, :length] - theirs[:, :length]).mean(axis=1).max())
        if apart > worst:
            worst, at = apart, number
    if number < 0:
        raise Unreadable("has sound that cannot be unpacked")
    if worst:
        second = at * BLOCK
        detail = f"the {BLOCK} samples from {second:,} on differ by {worst:.4f} of full scale"
        yield Difference(
            place=f"{place} sound", kind="samples", detail=detail, metric="sound", amount=worst
        )


def _blocks(content: bytes) -> Iterator[Any]:
    """Channels x samples, from -1 to 1, in blocks of one length."""
    with _opened(content) as file:
        rate = file.streams.audio[0].rate
        resampler = av.AudioResampler(format="fltp", rate=rate)
        left = np.zeros((file.streams.audio[0].channels, 0), np.float32)
        seen = 0
        for frame in _caught(file.decode(audio=0)):
            for part in resampler.resample(frame):
                left = np.concatenate([left, part.to_ndarray()], axis=1)
            while left.shape[1] >= BLOCK:
                yield left[:, :BLOCK]
                left, seen = left[:, BLOCK:], seen + BLOCK
            if seen > MAX_SOUND_S * rate:
                return
        if left.shape[1]:
            yield left


def _by(size: tuple[int, int]) -> str:
    return f"{size[0]} x {size[1]}"
