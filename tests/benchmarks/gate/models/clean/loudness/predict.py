"""How loud a recording is, silence included."""

import array
import wave

from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def predict(self, audio: Path = Input(description="A WAV file of 16 bits.")) -> float:
        try:
            with wave.open(str(audio)) as sound:
                width, frames = sound.getsampwidth(), sound.readframes(sound.getnframes())
        except (wave.Error, EOFError) as exc:
            raise ValueError(f"audio cannot be read as WAV ({exc})") from exc
        if width != 2:
            raise ValueError("audio must have 16 bits a sample")
        samples = array.array("h", frames[: len(frames) // 2 * 2])
        return sum(s * s for s in samples) / len(samples) if samples else 0.0
