"""Parts a book into its chapters."""

import re
import tempfile

from cog import BasePredictor, Input, Path

BOOK = "A foreword.\n\n# Morning\n\nThe boats leave.\n\n# Evening\n\nThe boats come home.\n"


class Predictor(BasePredictor):
    """Chapters begin with a line that begins with one # and a blank."""

    def predict(
        self,
        book: str = Input(
            description="Markdown with up to 100 chapters. Between two "
            "lines that begin with ``` a # is none.",
            default=BOOK,
            max_length=100_000,
        ),
        front: bool = Input(
            description="Also give what stands before the first chapter, if there is anything.",
            default=True,
        ),
    ) -> list[Path]:
        """A file in UTF-8 for each chapter, as it stands in the book; none of an empty book."""
        parts, fenced = [[]], False
        for line in re.findall(r"[^\n]*\n|[^\n]+", book):
            if line.startswith("```"):
                fenced = not fenced
            if line.startswith("# ") and not fenced:
                parts.append([])
            parts[-1].append(line)
        if len(parts) > 101:
            raise ValueError("book: more than 100 chapters")
        folder = Path(tempfile.mkdtemp())
        files = []
        for number, lines in enumerate(parts):
            text = "".join(lines)
            if number or (front and text.strip()):
                file = folder / f"{number:03}.md"
                file.write_bytes(text.encode("utf-8", errors="replace"))
                files.append(file)
        return files
