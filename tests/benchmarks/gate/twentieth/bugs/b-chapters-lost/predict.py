"""Cuts a manuscript into chapters and packs them into a zip archive."""

import os
import re
import tempfile
import zipfile

from cog import BasePredictor, Input, Path

MANUSCRIPT = """# Arrival
The train was late.

# The house
It had nine windows.

# Departure
The train was late again.
"""


class Predictor(BasePredictor):
    """A cutter of manuscripts."""

    def predict(
        self,
        manuscript: str = Input(
            description=(
                "Plain text in which a line that begins with '# ' opens a chapter. Every chapter "
                "becomes a file of its own; text above the first one becomes preface.txt."
            ),
            default=MANUSCRIPT,
        ),
        keep_titles: bool = Input(
            description="Keep the title as the first line of every file.", default=True
        ),
    ) -> Path:
        """Pack one text file for every chapter."""
        if not manuscript.strip():
            raise ValueError("manuscript is empty")
        files = {}
        for title, lines in self.chapters(manuscript):
            if keep_titles and title:
                lines = [title, "", *lines]
            files[self.file_name(title)] = "\n".join(lines).strip("\n") + "\n"
        handle, name = tempfile.mkstemp(suffix=".zip")
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w") as archive:
            for file_name, text in files.items():
                entry = zipfile.ZipInfo(file_name, date_time=(2020, 1, 1, 0, 0, 0))
                archive.writestr(entry, text.encode("utf-8", "replace"))
        return Path(name)

    def chapters(self, manuscript: str) -> list[tuple[str | None, list[str]]]:
        found: list[tuple[str | None, list[str]]] = [(None, [])]
        for line in re.split(r"\r?\n", manuscript):
            if line.startswith("# "):
                found.append((line[2:].strip(), []))
            else:
                found[-1][1].append(line)
        return found if any(line.strip() for line in found[0][1]) else found[1:]

    def file_name(self, title: str | None) -> str:
        if title is None:
            return "preface.txt"
        slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
        return f"{slug[:60] or 'chapter'}.txt"
