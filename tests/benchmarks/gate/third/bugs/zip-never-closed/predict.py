"""Packs a text and, if asked for, a list of its words."""

import zipfile

from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="A text.", default="pack this, please"),
        with_words: bool = Input(description="Add the list of words.", default=True),
    ) -> Path:
        self._archive = zipfile.ZipFile("/tmp/packed.zip", "w")
        self._archive.writestr("text.txt", text.encode("utf-8", "replace"))
        if with_words:
            self._archive.writestr("words.txt", "\n".join(text.split()).encode("utf-8", "replace"))
            self._archive.close()
        return Path("/tmp/packed.zip")
