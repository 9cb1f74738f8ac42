"""A version's folder on this machine, brought from the server once and kept."""

import os
import shutil
from pathlib import Path
from typing import Any

import click

from jobs.cli import http
from jobs.cli.digests import whole
from jobs.core.bundle import path_fault
from jobs.core.version import ALIASES, DIGEST


def folder(ref: str) -> Path:
    """Where the files of `owner/name@digest` are; an alias, or none for live, will do as well.

    Raises:
        CliError: there is no such version, or it cannot be brought here.
    """
    model, digest = _meant(ref)
    target = _kept() / digest
    if not target.is_dir():
        _bring(f"/v1/models/{model}/versions/{digest}/files", target)
    return target


def _meant(ref: str) -> tuple[str, str]:
    model, _, named = ref.replace(":", "@", 1).partition("@")
    if model.count("/") != 1:
        raise click.UsageError(f"a version is written owner/name@digest, not {ref!r}")
    digest = whole(model, named)
    if DIGEST.fullmatch(digest):
        return model, digest
    alias = named or "live"
    if alias not in ALIASES:
        raise click.UsageError(f"{named!r} is neither a digest nor one of: {', '.join(ALIASES)}")
    digest = http.call("GET", f"/v1/models/{model}")["aliases"][alias]
    if digest is None:
        raise http.CliError(f"{alias} of {model} names nothing", http.CANNOT_RUN)
    return model, str(digest)


def _kept() -> Path:
    """Where versions are kept; any of them may be removed at any time."""
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "penstock" / "versions"


def _bring(place: str, target: Path) -> None:
    from jobs.cli import transfer

    files: list[dict[str, Any]] = http.call("GET", place)["files"]
    aside = target.with_name(f"{target.name}.{os.getpid()}.part")
    size_bytes = sum(file["size"] for file in files)
    try:
        with http.client() as client, transfer.bar(target.name[:12], size_bytes) as advance:
            for file in files:
                path = _inside(aside, file["path"])
                transfer.download(
                    client, f"{place}/{file['sha256']}", path, advance, file["sha256"]
                )
                path.chmod(0o755 if file["executable"] else 0o644)
        aside.rename(target)
    except OSError as error:
        raise http.CliError(f"cannot write {target}: {error.strerror}") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _inside(folder: Path, path: str) -> Path:
    """A file of a version below the folder; raises CliError for one that would lie elsewhere."""
    fault = path_fault(path)
    if fault is not None:
        raise http.CliError(f"the server names a file {path!a}, which {fault}")
    return folder / path
