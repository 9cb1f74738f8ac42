"""Write a text in Morse code."""

import threading

from cog import BasePredictor, Input

CODES = (
    ".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- "
    ".-- -..- -.-- --.. ----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----."
)


class Predictor(BasePredictor):
    def setup(self) -> None:
        """Build the table and the buffer that predictions share."""
        self.table = dict(zip("abcdefghijklmnopqrstuvwxyz0123456789", CODES.split(), strict=True))
        self.buffer: list[str] = []
        self.lock = threading.Lock()

    def predict(
        self,
        text: str = Input(
            description="English letters, digits and spaces; anything else is refused.",
            default="meet at noon",
            max_length=500,
        ),
        gap: str = Input(
            description="What stands between words.", default=" / ", choices=[" / ", " | ", "   "]
        ),
    ) -> str:
        """Return the code: letters apart by a space, words by the gap."""
        self.lock.acquire()
        self.buffer.clear()
        for word in filter(None, text.lower().split(" ")):
            unknown = [letter for letter in word if letter not in self.table]
            if unknown:
                raise ValueError("the text has characters that Morse code cannot carry")
            self.buffer.append(" ".join(self.table[letter] for letter in word))
        code = gap.join(self.buffer)
        self.lock.release()
        return code
