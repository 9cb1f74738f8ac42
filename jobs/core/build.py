"""What cog.yaml's `build` asks for, and which of it a worker without containers cannot do."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Build:
    """Packages are lines as pip takes them; a Python version is written 3.11 or 3.11.4."""

    python: str | None = None
    packages: tuple[str, ...] = ()
    #: a file of such lines in the model's folder
    requirements: str | None = None
    #: keys that only a container could honour
    unheeded: tuple[str, ...] = ()

    @property
    def asks_for_packages(self) -> bool:
        """Whether it names any."""
        return bool(self.packages or self.requirements)


#: keys of `build` whose work happens inside an image, and what to do instead
CONTAINER = {
    "system_packages": "install them on the workers",
    "run": "run it on the workers, or bring its outcome in the folder",
    "pre_install": "run it on the workers, or bring its outcome in the folder",
    "cuda": "a model gets the CUDA of its worker",
    "cudnn": "a model gets the cuDNN of its worker",
}


def read(build: Any) -> Build:
    """The `build` of a cog.yaml.

    Raises:
        ValueError: a key has a value that it cannot have; the message names it.
    """
    if build is None:
        return Build()
    if not isinstance(build, dict):
        raise ValueError("build must be an object")
    packages, requirements = build.get("python_packages"), build.get("python_requirements")
    if packages and requirements:
        raise ValueError("build has both python_packages and python_requirements; keep one of them")
    if not isinstance(packages or [], list):
        raise ValueError("build: python_packages must be a list")
    if not isinstance(requirements or "", str):
        raise ValueError("build: python_requirements must be the name of a file in the folder")
    return Build(
        None if build.get("python_version") is None else _python(build["python_version"]),
        tuple(map(str, packages or ())),
        requirements or None,
        tuple(key for key in CONTAINER if build.get(key)),
    )


def _python(version: Any) -> str:
    # written without quotes, 3.10 is the number 3.1
    parts = version.split(".") if isinstance(version, str) else []
    if not 2 <= len(parts) <= 3 or not all(part.isdigit() for part in parts):
        raise ValueError('build: python_version must be in quotes, such as "3.11"')
    return ".".join(parts)


def notes(build: Build) -> Iterator[str]:
    """A line for each thing that is asked for and will not happen."""
    for key in build.unheeded:
        yield f"cog.yaml: build: {key} is not done, since this is no container: {CONTAINER[key]}"
