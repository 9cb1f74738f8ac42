"""Packs notes into an archive."""

import re
import tempfile
import zipfile

from cog import BaseModel, BasePredictor, Input, Path


class Output(BaseModel):
    """The archive, and how many files are in it."""

    archive: Path
    files: int


class Predictor(BasePredictor):
    """Makes a zip of texts."""

    def predict(
        self,
        titles: list[str] = Input(
            description="Titles of the notes; in the names of files only their letters, digits "
            "and hyphens are kept.",
            default=["first", "second"],
        ),
        texts: list[str] = Input(
            description="Their texts, as many as titles.", default=["hello", "goodbye"]
        ),
        compress: bool = Input(description="Compress the files.", default=True),
    ) -> Output:
        """A zip with one text file for every note."""
        if not titles or len(titles) != len(texts):
            raise ValueError("give as many titles as texts, at least one")
        files: dict[str, str] = {}
        for title, text in zip(titles, texts, strict=True):
            name = re.sub(r"[^A-Za-z0-9-]+", "", title)[:40] or "untitled"
            files[f"{name}.txt"] = text
        how = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
        with (
            tempfile.NamedTemporaryFile(suffix=".zip", delete=False) as file,
            zipfile.ZipFile(file, "w") as archive,
        ):
            for name, text in files.items():
                archive.writestr(zipfile.ZipInfo(name), text.encode(), how)
        return Output(archive=Path(file.name), files=len(files))
