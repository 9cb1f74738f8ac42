"""Pack lists into an archive, a file for each."""

import io
import re
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor

from cog import BasePredictor, Input, Path

WHEN = (2000, 1, 1, 0, 0, 0)


def stem(title: str) -> str:
    """Make a file name of a title, without its end."""
    return "-".join(re.findall(r"[a-z0-9]+", title.lower()))[:40] or "list"


def render(items: str) -> bytes:
    """Write the items of a list, one a line."""
    lines = [item.strip() for item in items.split(",") if item.strip()]
    return "".join(line + "\n" for line in lines).encode("utf-8", "replace")


class Predictor(BasePredictor):
    def predict(
        self,
        lists: str = Input(
            description=(
                "Lists like `title: item, item`, one a line; at most 200. Lines without a colon "
                "are passed over."
            ),
            default="Market: leeks, salt\nShed: rope, nails, oil\nMarket: eggs\n",
            max_length=20000,
        ),
    ) -> Path:
        """Return a ZIP archive of one text file a list, in their order.

        Names have only a-z, 0-9 and -, and a second list of the same name gets a number. The
        time of every file is the year 2000, so that the same lists give the same archive.
        """
        pairs = [line.partition(":") for line in lists.splitlines() if ":" in line]
        if not pairs or len(pairs) > 200:
            raise ValueError("there must be between 1 and 200 lists")
        with ThreadPoolExecutor(max_workers=4) as pool:
            bodies = list(pool.map(render, [items for _, _, items in pairs]))
        taken: set[str] = set()
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for (title, _, _), body in zip(pairs, bodies, strict=True):
                name, number = stem(title), 1
                while name in taken:
                    number += 1
                    name = f"{stem(title)}-{number}"
                taken.add(name)
                member = zipfile.ZipInfo(f"{name}.txt", WHEN)
                member.external_attr = 0o644 << 16
                archive.writestr(member, body)
        with tempfile.NamedTemporaryFile(suffix=".zip", delete=False) as file:
            file.write(buffer.getvalue())
        return Path(file.name)
