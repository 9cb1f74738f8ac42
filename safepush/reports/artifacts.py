"""The folder with what a report shows but cannot hold: pictures of differences."""

from pathlib import Path

from safepush.checks.base import Picture
from safepush.report import Report

FOLDER = Path("safepush-artifacts")


def pictures(report: Report) -> list[Picture]:
    """All of them, in the order of the checks."""
    return [
        picture for result in report.results for item in result.items for picture in item.pictures
    ]


def write(report: Report, folder: Path) -> list[Path]:
    """Write the pictures, if there are any; the files are named as the report names them."""
    found = pictures(report)
    if found:
        folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for picture in found:
        path = folder / f"{picture.name}.png"
        path.write_bytes(picture.png)
        paths.append(path)
    return paths
