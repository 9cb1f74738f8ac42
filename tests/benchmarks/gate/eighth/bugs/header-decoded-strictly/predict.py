"""Counts what is in a text file."""

from cog import BaseModel, BasePredictor, Input, Path


class Counted(BaseModel):
    title: str
    lines: int
    words: int
    longest: int


class Predictor(BasePredictor):
    def predict(
        self,
        file: Path = Input(
            description="A text file. Bytes that are not UTF-8 are replaced by U+FFFD."
        ),
        skip_blank: bool = Input(description="Do not count blank lines.", default=True),
    ) -> Counted:
        """Return the first line as the title, and counts of all lines."""
        rows = file.read_bytes().removeprefix(b"\xef\xbb\xbf").splitlines()
        if not rows:
            return Counted(title="", lines=0, words=0, longest=0)
        title = rows[0].decode("utf-8").strip()
        lines = [row.decode("utf-8", errors="replace") for row in rows]
        if skip_blank:
            lines = [line for line in lines if line.strip()]
        return Counted(
            title=title,
            lines=len(lines),
            words=sum(len(line.split()) for line in lines),
            longest=max((len(line) for line in lines), default=0),
        )
