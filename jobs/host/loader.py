"""Load a Cog-style model: a class or a function in a file of its folder."""

import importlib.util
import inspect
import os
import sys
import typing
from collections.abc import Callable
from pathlib import Path
from typing import Any

FALLBACK = Path(__file__).parent / "cog_fallback"


class BadModel(Exception):
    """The folder does not hold a model as `cog.yaml` says."""


def provide_cog() -> None:
    """Make `import cog` work: the real package if it is there, else our small one."""
    if importlib.util.find_spec("cog") is None:
        sys.path.append(str(FALLBACK))


def load(folder: Path, ref: str, run: Callable[[Any], Any]) -> tuple[Callable[..., Any], Any]:
    """(predict, predict_batch or None) of `file.py:Name`, after its setup ran.

    `run` waits for a setup() that is async.

    Raises:
        BadModel: the file or the name is not there.
    """
    file, _, name = ref.partition(":")
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    target = _member(_module(folder / file), file, name)
    if not inspect.isclass(target):
        return target, None
    predict = _method(target, ref)
    model = target()
    setup = getattr(model, "setup", None)
    if setup is not None:
        made = setup()
        if inspect.isawaitable(made):
            run(made)
    return getattr(model, predict), getattr(model, "predict_batch", None)


def _method(target: type, ref: str) -> str:
    """ "run" or "predict", whichever the model's own classes have; cog's base class has both."""
    own = [kind for kind in target.__mro__ if kind.__module__.partition(".")[0] != "cog"]
    found = [name for name in ("run", "predict") if any(name in vars(kind) for kind in own)]
    if not found:
        raise BadModel(f"{ref} has neither run() nor predict()")
    if len(found) > 1:
        raise BadModel(f"{ref} has both run() and predict(); keep one of them")
    return found[0]


def _module(path: Path) -> Any:
    if not path.is_file():
        raise BadModel(f"cog.yaml names {path.name}, which is not in the folder")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise BadModel(f"{path.name} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def _member(module: Any, file: str, name: str) -> Any:
    for candidate in [name] if name else ["Runner", "Predictor"]:
        if hasattr(module, candidate):
            return getattr(module, candidate)
    raise BadModel(f"{file} has no {name or 'Runner or Predictor'}")


def is_async(function: Callable[..., Any]) -> bool:
    """Whether it is written `async def`, with or without `yield`."""
    function = getattr(function, "__func__", function)
    return inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)


def hints(function: Callable[..., Any]) -> dict[str, Any]:
    """The function's annotations, resolved."""
    return typing.get_type_hints(getattr(function, "__func__", function))
