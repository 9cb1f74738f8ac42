"""Cuts a long text into pages, one file each."""

import tempfile

from cog import BasePredictor, Input, Path

SAMPLE = "The ferry left the small harbour at dawn and reached the island before noon. " * 3


class Predictor(BasePredictor):
    def predict(
        self,
        document: Path | None = Input(
            description="Text file in UTF-8 of up to 100 kB; ours without one.", default=None
        ),
        words_per_page: int = Input(description="Words of a page.", default=20, ge=5, le=500),
        title: str = Input(
            description="First line of each page; none if empty.", default="", max_length=80
        ),
        numbered: bool = Input(description="Number the pages at their foot.", default=False),
        most_pages: int = Input(
            description="Longer documents are refused.", default=100, ge=1, le=100
        ),
    ) -> list[Path]:
        """Return the pages in the order of the text."""
        text = SAMPLE
        if document is not None:
            data = document.read_bytes()
            if len(data) > 100_000:
                raise ValueError("the document is larger than 100 kB")
            try:
                text = data.decode("utf-8-sig")
            except UnicodeDecodeError as error:
                raise ValueError("the document is not UTF-8") from error
        words = text.split()
        if not words:
            raise ValueError("the document has no words")
        count = -(-len(words) // words_per_page)
        if count > most_pages:
            raise ValueError(f"the document has {count} pages")
        folder = Path(tempfile.mkdtemp())
        for number in range(1, count + 1):
            part = words[(number - 1) * words_per_page : number * words_per_page]
            lines = [title] if title else []
            lines.append(" ".join(part))
            if numbered:
                lines.append(f"{number} of {count}")
            body = "\n\n".join(lines) + "\n"
            (folder / f"page-{number}.txt").write_bytes(body.encode("utf-8", "replace"))
        return sorted(folder.glob("page-*.txt"))
