"""Files that a row gives are stored under names of their own."""

import json
from pathlib import Path

import pytest

from jobs.adapters.disk import DiskBlobs
from jobs.core.prediction import Succeeded
from jobs.worker import staging


@pytest.mark.parametrize("names", [["a.png"], ["a.png", "a.png"], ["1-a.png", "a.png", "a.png"]])
def test_no_file_takes_anothers_name(tmp_path: Path, names: list[str]) -> None:
    blobs, given = DiskBlobs(tmp_path / "objects"), []
    for number, name in enumerate(names):
        file = tmp_path / str(number) / name
        file.parent.mkdir()
        file.write_text(f"file {number}")
        given.append({"__path__": str(file)})
    result = Succeeded(json.dumps({"files": given}).encode(), files=True)

    stored, files = staging.placed(result, "row/".__add__, "row/".__add__)
    blobs.take(files)

    keys = json.loads(stored.output)["files"]
    assert [b"".join(blobs.open(key)) for key in keys] == [
        f"file {number}".encode() for number in range(len(names))
    ]
