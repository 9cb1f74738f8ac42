"""Sends Morse signs to a lamp that takes its time."""

import time

from cog import BasePredictor, Input

CODES = (
    ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- "
    ".-- -..- -.-- --.. ----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----."
)
SIGNS = dict(zip("abcdefghijklmnopqrstuvwxyz0123456789", CODES.split(), strict=True))
PAUSE_S = 0.05


class Predictor(BasePredictor):
    """The lamp takes 20 messages a second, so a message may wait for 50 ms."""

    def setup(self) -> None:
        """The lamp is free."""
        self.free_at = time.monotonic()

    def predict(
        self,
        message: str = Input(
            description="Letters a to z and digits; all other signs are left out.",
            default="SOS at sea",
            max_length=500,
        ),
        light: str = Input(
            description="Colour of the lamp. The signs are the same.",
            default="white",
            choices=["white", "green"],
        ),
    ) -> str:
        """Morse with a blank between letters and a slash between words; may be empty."""
        now = time.monotonic()
        time.sleep(max(0.0, self.free_at - now))
        self.free_at = time.monotonic() + PAUSE_S
        print(f"lamp is {light}")
        words = [
            " ".join(SIGNS[sign.lower()] for sign in word if sign.isascii() and sign.isalnum())
            for word in message.split()
        ]
        return " / ".join(word for word in words if word)
