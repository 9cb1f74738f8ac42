"""Some frames of a film, so many for each second, as a strip."""

import av
from cog import BasePredictor, Input, Path
from PIL import Image


class Predictor(BasePredictor):
    def predict(
        self,
        video: Path = Input(description="A film."),
        fps: int = Input(description="Frames to take from each second.", default=2, ge=1, le=60),
        most: int = Input(description="Frames in the strip.", default=8, ge=1, le=32),
    ) -> Path:
        try:
            film = av.open(str(video))
        except (av.error.FFmpegError, OSError):
            raise ValueError("video cannot be read") from None
        with film:
            if not film.streams.video:
                raise ValueError("video has no pictures in it")
            every = int(float(film.streams.video[0].average_rate or 1) / fps)
            taken = []
            for n, frame in enumerate(film.decode(video=0)):
                if n % every == 0:
                    taken.append(frame.to_image().resize((48, 32)))
        taken = taken[:most]
        if not taken:
            raise ValueError("video has no frames that can be read")
        strip = Image.new("RGB", (48 * len(taken), 32))
        for n, picture in enumerate(taken):
            strip.paste(picture, (48 * n, 0))
        strip.save("/tmp/strip.png")
        return Path("/tmp/strip.png")
