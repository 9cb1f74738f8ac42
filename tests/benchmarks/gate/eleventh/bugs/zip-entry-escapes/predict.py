"""Packs pages of a small site into a ZIP file."""

import re
import tempfile
import zipfile
from pathlib import PurePosixPath

from cog import BasePredictor, Input, Path

NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f\\:*?\"<>|]")
LAYOUTS = {"html": "<!doctype html>\n<pre>{text}</pre>\n", "txt": "{text}\n"}
MOST = 40


def slug(title: str) -> str:
    """The name of the folder."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:40] or "site"


def escaped(text: str, layout: str) -> str:
    """Text that may stand in the layout."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    if layout == "html":
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text


class Site:
    """A folder of pages, each with a name of its own."""

    def __init__(self, title: str, layout: str) -> None:
        self.folder, self.layout = PurePosixPath(slug(title)), layout
        self.taken: set[str] = set()

    def entry(self, name: str) -> str:
        """Where a page goes."""
        plain = name.encode("utf-8", "replace").decode("utf-8")
        plain = NOT_IN_NAMES.sub("", plain).strip(" ")[:80] or "page"
        path, number = str(self.folder / f"{plain}.{self.layout}"), 1
        while path.lower() in self.taken:
            number += 1
            path = str(self.folder / f"{plain} ({number}).{self.layout}")
        self.taken.add(path.lower())
        return path


class Predictor(BasePredictor):
    """Pages in, ZIP file out."""

    def predict(
        self,
        pages: list[str] = Input(
            description="1 to 40 pages, each as 'name: text'. A slash in a name makes folders.",
            default=["index: Welcome", "about/team: Three of us"],
        ),
        title: str = Input(
            description="All entries of the ZIP file lie in one folder of this name.",
            default="My site",
            max_length=100,
        ),
        layout: str = Input(description="Kind of pages.", default="html", choices=list(LAYOUTS)),
        compress: bool = Input(description="Make it small.", default=True),
    ) -> Path:
        """The ZIP file."""
        if not 1 <= len(pages) <= MOST:
            raise ValueError(f"pages: 1 to {MOST} are needed")
        site = Site(title, layout)
        method = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
        with (
            tempfile.NamedTemporaryFile(suffix=".zip", delete=False) as file,
            zipfile.ZipFile(file, "w", method) as packed,
        ):
            for page in pages:
                name, _, text = page.partition(":")
                body = LAYOUTS[layout].format(text=escaped(text.strip(), layout))
                packed.writestr(zipfile.ZipInfo(site.entry(name)), body, method)
        return Path(file.name)
