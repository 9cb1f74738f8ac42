"""Thins out the frames of an animation, to make it smaller."""

import tempfile

from cog import BasePredictor, Input, Path
from PIL import Image, ImageSequence

MAX_FRAMES, MAX_PIXELS, MAX_MS = 200, 1024, 60_000


class Predictor(BasePredictor):
    def predict(
        self,
        clip: Path = Input(
            description="A GIF of at most 200 frames, 1024x1024 pixels and one minute.",
        ),
        every: int = Input(
            description="Keep one frame of so many; 1 keeps them all.", default=2, ge=1, le=20
        ),
    ) -> Path:
        """A GIF without the dropped frames and without transparency.

        It lasts as long as the clip did, and begins again for ever.
        """
        frames, durations = read(clip)
        kept, times = frames[::every], durations[::every]
        file = Path(tempfile.mkdtemp()) / "clip.gif"
        kept[0].save(
            file,
            save_all=True,
            append_images=kept[1:],
            duration=times,
            loop=0,
        )
        return file


def read(path: Path) -> tuple[list[Image.Image], list[int]]:
    """Frames and how many milliseconds each is shown; 100 if the file does not say."""
    frames, durations = [], []
    try:
        with Image.open(path, formats=["GIF"]) as clip:
            if max(clip.size) > MAX_PIXELS or clip.n_frames > MAX_FRAMES:
                raise ValueError("too large")
            for frame in ImageSequence.Iterator(clip):
                frames.append(frame.convert("RGB"))
                durations.append(int(frame.info.get("duration", 0)) or 100)
        if sum(durations) > MAX_MS:
            raise ValueError("too long")
    except Exception as error:
        raise ValueError(
            "clip cannot be read as a GIF of at most 200 frames, 1024x1024 pixels and one minute"
        ) from error
    return frames, durations
