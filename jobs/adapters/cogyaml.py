"""What a model folder's cog.yaml says: what to run, how many at once, in what environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from jobs.core.build import Build
from jobs.core.build import read as read_build
from jobs.core.errors import SetupFailed

#: predictions of one async model
MOST_AT_ONCE = 1024
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
#: what decides which code runs, or is said by us
_NOT_THEIRS = re.compile(
    r"PATH|PYTHONPATH|PYTHONHOME|LD_.*|VIRTUAL_ENV|HOME|TMPDIR"
    r"|(CUDA|NVIDIA|R8|REPLICATE|KUBERNETES|PENSTOCK|PIP)_.*"
)


@dataclass(frozen=True)
class CogFile:
    """`ref` is file.py:Name, `train` the same of what trains; `concurrency` is 0 if not said."""

    ref: str
    train: str | None = None
    concurrency: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)
    build: Build = field(default_factory=Build)


def read(folder: Path) -> CogFile:
    """What the folder's cog.yaml says.

    Raises:
        SetupFailed: it cannot be read, or says what cannot be; the message names the key.
    """
    try:
        config = yaml.safe_load((folder / "cog.yaml").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SetupFailed("there is no cog.yaml") from error
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        raise SetupFailed(f"cog.yaml cannot be read: {_why(error)}") from error
    config = config if isinstance(config, dict) else {}
    ref = config.get("run") or config.get("predict")
    if not isinstance(ref, str):
        raise SetupFailed('cog.yaml names no model: it needs predict: "predict.py:Predictor"')
    try:
        build = read_build(config.get("build"))
    except ValueError as error:
        raise SetupFailed(f"cog.yaml: {error}") from error
    return CogFile(ref, _train(config), _concurrency(config), _environment(config), build)


def _why(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        told = f"line {error.problem_mark.line + 1}: {error.problem}"
        within = error.context_mark
        return f"{told} ({error.context} from line {within.line + 1})" if within else told
    if isinstance(error, OSError):
        return str(error.strerror)
    return "it is not YAML in UTF-8"


def _train(config: dict[str, Any]) -> str | None:
    ref = config.get("train")
    if ref is None or isinstance(ref, str):
        return ref or None
    raise SetupFailed('cog.yaml: train must name a function: train: "train.py:train"')


def _concurrency(config: dict[str, Any]) -> int:
    said = config.get("concurrency") or {}
    most = said.get("max", 0) if isinstance(said, dict) else None
    if type(most) is not int or not 0 <= most <= MOST_AT_ONCE:
        raise SetupFailed(
            f"cog.yaml: concurrency: max must be a whole number from 1 to {MOST_AT_ONCE}"
        )
    return most


def _environment(config: dict[str, Any]) -> dict[str, str]:
    said = config.get("environment") or []
    if not isinstance(said, list):
        raise SetupFailed("cog.yaml: environment must be a list of NAME=value")
    found: dict[str, str] = {}
    for at, line in enumerate(said):
        name, equals, value = str(line).partition("=")
        if not equals or not _NAME.fullmatch(name):
            raise SetupFailed(f"cog.yaml: environment[{at}] must be NAME=value")
        if _NOT_THEIRS.fullmatch(name):
            raise SetupFailed(f"cog.yaml: environment[{at}] sets {name}, which a model may not set")
        found[name] = value
    return found
