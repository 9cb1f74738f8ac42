"""Words that sound alike; the index is made once and kept on disk for the next time."""

import json
import os
import tempfile

from cog import BasePredictor, Input, Path

WORDS = "night knight flower flour sea see mail male tail tale pair pear son sun".split()
CODES = str.maketrans("aeiouyhw", "........", "")


def sound(word: str) -> str:
    """How it sounds, roughly."""
    return word.replace("kn", "n").replace("gh", "").translate(CODES).replace(".", "")


class Predictor(BasePredictor):
    def predict(
        self,
        word: str = Input(description="A word.", default="night", max_length=50),
        most: int = Input(description="How many to return at most.", default=5, ge=1, le=20),
    ) -> list[str]:
        kept = Path(tempfile.gettempdir()) / "sounds-of-words.json"
        if not kept.exists():
            index: dict[str, list[str]] = {}
            for one in WORDS:
                index.setdefault(sound(one), []).append(one)
            part = kept.with_suffix(f".{os.getpid()}")
            part.write_text(json.dumps(index))
            part.replace(kept)
        alike = json.loads(kept.read_text()).get(sound(word.strip().lower()), [])
        return alike[:most]
