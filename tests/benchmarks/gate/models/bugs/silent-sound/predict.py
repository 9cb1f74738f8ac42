"""How loud a recording is."""

import array
import wave

from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def predict(self, audio: Path = Input(description="A WAV recording.")) -> float:
        try:
            with wave.open(str(audio)) as sound:
                width, frames = sound.getsampwidth(), sound.readframes(sound.getnframes())
        except (wave.Error, EOFError):
            raise ValueError("audio must be a WAV file") from None
        if width != 2:
            raise ValueError("audio must have 16 bits a sample")
        samples = array.array("h", frames)
        return round((sum(s * s for s in samples) / len(samples)) ** 0.5, 3)
