"""The results of a batch, brought into a folder."""

import filecmp
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote

from jobs.cli import http
from jobs.cli.transfer import bar, download, named, silent
from jobs.cli.watch import ENDED

PROBLEMS = "validation-errors.jsonl"
#: what tells whose results lie in a folder, in the first bytes of each of these
_NAMED = re.compile(rb'"(?:batch|id)":\s*"(batch_[0-9a-f]+)')
_FILES, _HEAD_BYTES = ("index.json", "output.jsonl", "errors.jsonl"), 4096


@dataclass(frozen=True)
class Fetched:
    """What lies in the folder now; `refused`: the manifest was, and these are its problems."""

    paths: tuple[Path, ...]
    files: tuple[Path, ...] = ()
    refused: bool = False

    @property
    def shown(self) -> Iterator[str]:
        """The paths for people: not each of a million files."""
        yield from map(str, self.paths[: len(self.paths) - len(self.files)])
        if self.files:
            folder = self.files[0].parent.parent
            yield f"{folder}: {len(self.files):,} files"


def fetch(id: str, folder: Path, with_files: bool) -> Fetched:
    """Download the results of a batch that has ended.

    Raises:
        CliError: it has not ended, something cannot be had, or the folder has other things there.
    """
    told = http.call("GET", f"/v1/batches/{id}")
    if told["status"] not in ENDED:
        message = f"{id} is {told['status']}; wait for it: penstock batch watch {id}"
        raise http.CliError(message, http.CONFLICT)
    _refuse_others(folder, id, with_files)
    base = f"/v1/batches/{id}/results"
    with http.client() as client:
        if not told.get("results"):
            if not told["errors"]:
                raise http.CliError(f"{id} is {told['status']} and gave nothing", http.NOT_FOUND)
            return Fetched((_problems(client, id, folder),), refused=True)
        if (folder / PROBLEMS).exists():  # a manifest that is refused has no results beside them
            raise _taken(folder, f"a file {PROBLEMS} of another batch", id)
        paths = tuple(_results(client, base, folder))
        files = tuple(_files(client, id, folder)) if with_files else ()
    return Fetched((*paths, *files), files)


def _refuse_others(folder: Path, id: str, with_files: bool) -> None:
    """The results of this batch may be brought again; all else that has their names stays."""
    for path in (folder / name for name in _FILES):
        try:
            with path.open("rb") as file:
                head = file.read(_HEAD_BYTES)
        except OSError:
            continue
        found = _NAMED.search(head)
        whose = found[1].decode() if found else None
        if head and whose != id:
            what = f"the results of {whose}" if whose else f"a file {path.name} already"
            raise _taken(folder, what, id)
    # they are taken for this batch's where they are, and nothing in them says whose they are
    if with_files and not (folder / "index.json").exists() and any(folder.glob("files/[0-9]*/*")):
        raise _taken(folder, "files of rows already, and no index.json that says whose", id)


def _taken(folder: Path, what: str, id: str) -> http.CliError:
    message = f"{folder} has {what}; name another folder: --output {id}"
    return http.CliError(message, http.CONFLICT)


def _problems(client: Any, id: str, folder: Path) -> Path:
    """What is wrong with a manifest; only its bytes tell whose a file is that is there."""
    target, path = folder / PROBLEMS, f"/v1/batches/{id}/results/{PROBLEMS}"
    if not target.exists():
        download(client, path, target, silent)
        return target
    with TemporaryDirectory() as aside:
        fresh = Path(aside) / PROBLEMS
        download(client, path, fresh, silent)
        if not filecmp.cmp(fresh, target, shallow=False):
            raise _taken(folder, f"a file {PROBLEMS} of something else", id)
    return target


def _results(client: Any, base: str, folder: Path) -> Iterator[Path]:
    index = http.call("GET", f"{base}/index.json")
    total = sum(file["size"] for file in index["files"].values())
    with bar("results", total) as advance:
        for name, file in index["files"].items():
            download(client, f"{base}/{name}", folder / name, advance, file["sha256"])
            yield folder / name
    # last: who finds it finds the others, whole
    download(client, f"{base}/index.json", folder / "index.json", silent)
    yield folder / "index.json"


def _files(client: Any, id: str, folder: Path) -> Iterator[Path]:
    output, below = folder / "output.jsonl", f"/v1/batches/{id}/files/"
    with output.open("rb") as lines, bar("files", output.stat().st_size, least=1) as advance:
        for line in lines:
            for path in named(json.loads(line)["response"]["body"]["output"], below):
                yield _file(client, path, folder)
            advance(len(line))


def _file(client: Any, path: str, folder: Path) -> Path:
    _, row, name = path.rsplit("/", 2)
    name = unquote(name)
    if not row.isdigit() or "/" in name or name in ("", ".", ".."):
        raise http.CliError(f"the server names a file that cannot be written: {path}")
    target = folder / "files" / row / name
    if not target.exists():
        download(client, path, target, silent)
    return target
