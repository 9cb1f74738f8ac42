"""How many words a text has, typed or in a file."""

from typing import Optional

from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def predict(
        self,
        text: Optional[str] = Input(description="The text; or give a file.", default=None),
        file: Optional[Path] = Input(description="A file of it; or give text.", default=None),
    ) -> int:
        if (text is None) == (file is None):
            raise ValueError("give either text or file, one of the two")
        if file is not None:
            try:
                text = file.read_text("utf-8")
            except UnicodeDecodeError:
                raise ValueError("file must be a text in UTF-8") from None
        return len((text or "").split())
