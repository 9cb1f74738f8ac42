"""Writes each note of a list to a file of its own."""

import re
import shutil
import tempfile
from pathlib import Path as LocalPath

from cog import BasePredictor, Input, Path

LAYOUTS = {
    "md": "# {title}\n\n{body}\n",
    "txt": "{title}\n\n{body}\n",
    "org": "* {title}\n{body}\n",
}
MOST = 50


def split(line: str) -> tuple[str, str]:
    """Title and body of a line."""
    title, colon, body = line.partition(":")
    return (title.strip(), body.strip()) if colon else ("Note", line.strip())


def file_name(title: str) -> str:
    """A name that every file system takes."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60] or "note"


class Predictor(BasePredictor):
    """Files from notes."""

    def setup(self) -> None:
        """Make the folder for the files."""
        self.folder = LocalPath(tempfile.mkdtemp(prefix="notes"))

    def predict(
        self,
        notes: str = Input(
            description="One note a line, as 'title: body'. At most 50; empty lines do not count.",
            default="Shopping: bread, soap and candles\nGarden: water the beans",
            max_length=10000,
        ),
        layout: str = Input(description="Kind of files.", default="md", choices=list(LAYOUTS)),
        numbered: bool = Input(description="Number the titles.", default=False),
        footer: str = Input(description="Last line of every file.", default="", max_length=100),
    ) -> list[Path]:
        """One file for every note, in the same order."""
        lines = [line for line in notes.splitlines() if line.strip()]
        if len(lines) > MOST:
            raise ValueError(f"notes: at most {MOST}")
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        files = []
        for number, line in enumerate(lines, 1):
            title, body = split(line)
            heading = f"{number}. {title}" if numbered else title
            text = LAYOUTS[layout].format(title=heading, body=body)
            path = self.folder / f"{file_name(title)}.{layout}"
            path.write_bytes(f"{text}{footer}".encode("utf-8", "replace"))
            files.append(Path(path))
        return files
