"""Packs a text as a file of its own or in an archive."""

import os
import tarfile
import tempfile

from cog import BasePredictor, Input, Path


class Predictor(BasePredictor):
    def predict(
        self,
        text: str = Input(description="A text.", default="pack this, please"),
        pack: str = Input(description="As what.", default="text", choices=["text", "tar"]),
    ) -> Path:
        print(f"working in {os.getcwd()}")
        if pack == "text":
            Path("/tmp/packed.txt").write_bytes(text.encode("utf-8", "replace") or b"-")
            return Path("/tmp/packed.txt")
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            Path("text.txt").write_bytes(text.encode("utf-8", "replace"))
            with tarfile.open("/tmp/packed.tar", "w") as archive:
                archive.add("text.txt")
        return Path("/tmp/packed.tar")
