"""What a model asks of pip, and the lock that it was resolved to."""

import importlib.metadata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from jobs.core.build import Build
from jobs.core.errors import SetupFailed

HASH = "--hash=sha256:"
PROVIDED = "# of the worker: "
#: stands for the model's folder, wherever that is; pip reads it from its environment
MODEL = "PENSTOCK_MODEL"
#: options of pip in a requirements file that say where packages come from
WHERE = (
    *("--index-url", "-i ", "--extra-index-url", "--no-index", "--find-links", "-f "),
    *("--trusted-host", "--pre"),
)


def lines(build: Build, folder: Path) -> tuple[str, ...]:
    """The requirements as pip takes them, one a line, without comments.

    Raises:
        SetupFailed: the file that is named is not there.
    """
    if build.requirements is None:
        return tuple(filter(None, map(_bare, build.packages)))
    path = (folder / build.requirements).resolve()
    try:
        if not path.is_relative_to(folder.resolve()):
            raise FileNotFoundError
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise SetupFailed(
            f"cog.yaml: build: python_requirements names {build.requirements}, which is no text"
            " file in the folder"
        ) from error
    joined = text.replace("\\\n", " ")
    return tuple(filter(None, map(_bare, joined.splitlines())))


def _bare(line: str) -> str:
    line = line.strip()
    return "" if line.startswith("#") else line.partition(" #")[0].strip()


def names(wanted: Iterable[str]) -> Iterator[str]:
    """The packages that are asked for by name."""
    for line in wanted:
        requirement = _requirement(line)
        if requirement is not None:
            yield canonicalize_name(requirement.name)


def _requirement(line: str) -> Requirement | None:
    try:
        return Requirement(line.partition(" --")[0])
    except InvalidRequirement:
        return None


def are_met(wanted: Iterable[str]) -> bool:
    """Whether this process's own environment has all that is asked for."""
    for line in wanted:
        requirement = _requirement(line)
        if requirement is None or requirement.url or requirement.extras or " --" in line:
            return False
        if requirement.marker and not requirement.marker.evaluate():
            continue
        version = installed(requirement.name)
        if version is None or not requirement.specifier.contains(version, prereleases=True):
            return False
    return True


def installed(name: str) -> str | None:
    """The version of a package in this process's own environment, if it is there."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


@dataclass(frozen=True)
class Lock:
    """Each package that is to be installed, exactly, and what the worker has of those asked for."""

    pins: tuple[str, ...]
    provided: tuple[str, ...] = ()
    #: where packages come from, as the requirements say: options of pip
    options: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """As it is kept; a requirements file, too."""
        told = (*(f"{PROVIDED}{one}" for one in self.provided), *self.options, *self.pins)
        return "".join(f"{line}\n" for line in told)

    @classmethod
    def of(cls, text: str) -> "Lock":
        """What `text` gave."""
        kept = text.splitlines()
        provided = [line.removeprefix(PROVIDED) for line in kept if line.startswith(PROVIDED)]
        options = [line for line in kept if line.startswith("-")]
        pins = [line for line in kept if line and not line.startswith(("#", "-"))]
        return cls(tuple(pins), tuple(provided), tuple(options))

    @property
    def holds_here(self) -> bool:
        """Whether the worker still has what it had when this was resolved."""
        told = (one.partition("==")[::2] for one in self.provided)
        return all(installed(name) == version for name, version in told)


def resolved(
    report: Mapping[str, Any], wanted: Iterable[str], folder: Path, *, shares: bool
) -> Lock:
    """The lock by pip's report of what it would install for the model in `folder`.

    `shares`: whether the packages of the worker are there already.
    """
    wanted = tuple(wanted)
    chosen = {canonicalize_name(one["metadata"]["name"]): one for one in report["install"]}
    pins = tuple(_pin(one, folder) for _, one in sorted(chosen.items()))
    rest = sorted(set(names(wanted)) - chosen.keys()) if shares else []
    versions = ((name, installed(name)) for name in rest)
    provided = tuple(f"{name}=={version}" for name, version in versions if version)
    return Lock(pins, provided, tuple(line for line in wanted if _says_where(line)))


def _says_where(line: str) -> bool:
    return line.startswith(WHERE)


def _pin(one: Mapping[str, Any], folder: Path) -> str:
    name, version = one["metadata"]["name"], one["metadata"]["version"]
    place = one["download_info"]
    url = place["url"].replace(folder.resolve().as_uri(), f"file://${{{MODEL}}}")
    sha256 = place.get("archive_info", {}).get("hashes", {}).get("sha256")
    if sha256:
        exact = f"{name} @ {url}" if one.get("is_direct") else f"{name}=={version}"
        return f"{exact} {HASH}{sha256}"
    if "vcs_info" in place:
        told = place["vcs_info"]
        return f"{name} @ {told['vcs']}+{url}@{told['commit_id']}"
    # a folder beside the model is part of the version, and its digest says which
    return f"{name} @ {url}"
