"""Find the strongest tones of a mixed signal."""

import numpy as np
from cog import BaseModel, BasePredictor, Input


class Output(BaseModel):
    """Tones by strength."""

    hertz: list[float]
    strength: list[float]


class Predictor(BasePredictor):
    """Mix two tones and look at the spectrum."""

    def setup(self) -> None:
        """Prepare the window."""
        self.rate = 16384
        self.window = np.hanning(self.rate)
        self.known: dict[tuple[float, float, float], np.ndarray] = {}

    def spectrogram(self, low: float, high: float, balance: float) -> np.ndarray:
        """Power over time and frequency."""
        key = (low, high, balance)
        if key not in self.known:
            time = np.arange(self.rate * 2) / self.rate
            signal = np.sin(2 * np.pi * low * time) * (1 - balance)
            signal += np.sin(2 * np.pi * high * time) * balance
            starts = range(0, self.rate + 1, self.rate // 16)
            parts = np.stack([signal[at : at + self.rate] for at in starts])
            self.known[key] = np.abs(np.fft.rfft(parts * self.window, axis=1))
        return self.known[key]

    def predict(
        self,
        low: float = Input(description="Hertz of the low tone", default=220.0, ge=20, le=2000),
        high: float = Input(description="Hertz of the high tone", default=3000.0, ge=2000, le=8000),
        balance: float = Input(description="Share of the high tone", default=0.5, ge=0, le=1),
        top: int = Input(description="How many tones to give", default=2, ge=1, le=8),
    ) -> Output:
        """Give the strongest frequencies."""
        power = self.spectrogram(low, high, balance).mean(axis=0)
        order = np.argsort(-power, kind="stable")[:top]
        return Output(
            hertz=[float(index) for index in order],
            strength=[round(float(power[index]), 3) for index in order],
        )
