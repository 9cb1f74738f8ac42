"""When a recording is loudest."""

import wave

import numpy as np
from cog import BasePredictor, Input, Path

WINDOW = 400


class Predictor(BasePredictor):
    def predict(
        self,
        audio: Path = Input(description="A WAV file of 16 bits."),
        language: str = Input(description="Spoken.", default="auto", choices=["auto", "en", "de"]),
        gain: float = Input(description="Louder first.", default=1.0, ge=0.1, le=10),
    ) -> dict[str, float]:
        try:
            with wave.open(str(audio)) as sound:
                if sound.getsampwidth() != 2:
                    raise ValueError("audio must have 16 bits a sample")
                rate, channels = sound.getframerate(), sound.getnchannels()
                samples = np.frombuffer(sound.readframes(sound.getnframes()), "<i2")
        except (wave.Error, EOFError) as exc:
            raise ValueError("audio cannot be read as WAV") from exc
        mono = samples[: len(samples) // channels * channels].reshape(-1, channels).mean(axis=1)
        windows = mono[: len(mono) // WINDOW * WINDOW].reshape(-1, WINDOW) * gain
        loudest = int(np.abs(windows).mean(axis=1).argmax())
        return {"at_s": loudest * WINDOW / rate, "words": 0.0 if language == "auto" else 1.0}
