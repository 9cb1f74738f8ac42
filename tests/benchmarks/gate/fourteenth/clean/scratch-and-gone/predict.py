"""Sorts lines that might not fit into memory."""

import heapq
import tempfile
from contextlib import ExitStack

from cog import BasePredictor, Input, Path


def runs_of(lines: list[str], run: int, folder: str, reverse: bool) -> list[str]:
    """Write sorted runs of lines into files."""
    names = []
    for start in range(0, len(lines), run):
        name = f"{folder}/{start}.txt"
        with open(name, "w", encoding="utf-8", newline="\n") as file:
            part = sorted(lines[start : start + run], reverse=reverse)
            file.writelines(f"{line}\n" for line in part)
        names.append(name)
    return names


class Predictor(BasePredictor):
    """Sorts in runs and merges them."""

    def predict(
        self,
        text: str = Input(
            description="Lines with a line feed between; one at the very end adds no line, and an "
            "empty text makes an empty file. Halves of surrogate pairs become question marks.",
            default="pear\napple\nquince\napple\n",
            max_length=20000,
        ),
        run: int = Input(
            description="Lines in a run; matters for memory only.", default=1000, ge=500, le=5000
        ),
        reverse: bool = Input(description="From the last to the first.", default=False),
        unique: bool = Input(description="Write equal lines only once.", default=False),
    ) -> Path:
        """A UTF-8 text file of the lines, sorted by code points."""
        lines = text.encode("utf-8", "replace").decode("utf-8").split("\n")
        if not lines[-1]:
            lines.pop()
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            runs = [
                stack.enter_context(open(name, encoding="utf-8", newline="\n"))
                for name in runs_of(lines, run, folder, reverse)
            ]
            merged = heapq.merge(*((line[:-1] for line in file) for file in runs), reverse=reverse)
            with tempfile.NamedTemporaryFile(
                "w", suffix=".txt", delete=False, encoding="utf-8", newline="\n"
            ) as out:
                before = None
                for line in merged:
                    if not unique or line != before:
                        out.write(f"{line}\n")
                    before = line
        return Path(out.name)
