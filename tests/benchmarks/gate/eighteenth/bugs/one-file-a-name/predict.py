"""Pack notes into an archive, a file for each heading."""

import io
import re
import tempfile
import zipfile

from cog import BasePredictor, Input, Path


def file_name(heading: str) -> str:
    """Make a file name of a heading."""
    words = re.findall(r"[a-z0-9]+", heading.lower())
    return ("-".join(words)[:60] or "note") + ".txt"


class Predictor(BasePredictor):
    def predict(
        self,
        notes: str = Input(
            description="Notes, each under a line that starts with '# '; text above is left out.",
            default="# Garden\nPlant the beans.\n# Kitchen\nBuy salt.\n",
            max_length=20000,
        ),
        compress: bool = Input(description="Make the archive smaller.", default=True),
    ) -> Path:
        """Return a ZIP archive with one text file for each heading, named after it."""
        bodies: dict[str, list[str]] = {}
        current: list[str] | None = None
        for line in notes.splitlines():
            if line.startswith("# "):
                current = []
                bodies[file_name(line[2:])] = current
            elif current is not None:
                current.append(line)
        if not bodies:
            raise ValueError("there is no heading in the notes")
        method = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", method) as archive:
            for name, lines in bodies.items():
                text = "".join(line + "\n" for line in lines).encode("utf-8", "replace")
                member = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
                member.external_attr = 0o644 << 16
                archive.writestr(member, text, compress_type=method)
        with tempfile.NamedTemporaryFile(suffix=".zip", delete=False) as file:
            file.write(buffer.getvalue())
        return Path(file.name)
