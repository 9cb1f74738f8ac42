"""Makes a tone as a WAV file."""

import tempfile
import uuid
import wave

import numpy as np
from cog import BasePredictor, Input, Path

RATE = 8000


class Predictor(BasePredictor):
    def setup(self):
        """Make a folder for raw samples."""
        self.folder = tempfile.TemporaryDirectory()

    def scratch(self, samples):
        target = Path(self.folder.name) / f"{uuid.uuid4().hex}.raw"
        target.write_bytes(samples.astype("<i2").tobytes())
        return target

    def predict(
        self,
        pitch: float = Input(description="Frequency in Hz.", default=440.0, ge=20, le=4000),
        seconds: float = Input(description="Length.", default=0.5, ge=0, le=5),
        volume: float = Input(description="From silent to full.", default=0.5, ge=0, le=1),
    ) -> Path:
        """Return the tone: mono, 16 bits, 8000 samples a second."""
        time = np.arange(round(seconds * RATE)) / RATE
        raw = self.scratch(np.sin(2 * np.pi * pitch * time) * volume * 32767)
        with tempfile.NamedTemporaryFile(suffix=".wav", delete=False) as file:
            name = file.name
        with wave.open(name, "wb") as target:
            target.setparams((1, 2, RATE, 0, "NONE", "not compressed"))
            target.writeframes(raw.read_bytes())
        return Path(name)
