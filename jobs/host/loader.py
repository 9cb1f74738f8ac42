"""Load a Cog-style model: a class or a function in a file of its folder."""

import gc
import importlib.util
import inspect
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from jobs.host import weights
from jobs.host.badmodel import BadModel

FALLBACK = Path(__file__).parent / "cog_fallback"
#: how seldom garbage is looked for while a file is imported: nearly all that an import makes stays,
#: and a fifth of the time that torch's takes would go into looking through it again and again
SELDOM = (100_000, 20, 100)


class Model(NamedTuple):
    """What a model offers; all but `predict` may be missing."""

    predict: Callable[..., Any]
    predict_batch: Any = None
    healthcheck: Any = None


def load(folder: Path, ref: str, run: Callable[[Any], Any]) -> Model:
    """The model of `file.py:Name`, after its setup ran.

    `run` waits for a setup() that is async.

    Raises:
        BadModel: the file or the name is not there.
    """
    target = _target(folder, ref, ("Runner", "Predictor"))
    if not inspect.isclass(target):
        return Model(target)
    predict = _method(target, ref)
    model = target()
    _set_up(model, folder, run)
    batch, healthcheck = (getattr(model, name, None) for name in ("predict_batch", "healthcheck"))
    return Model(getattr(model, predict), batch, healthcheck)


def load_train(folder: Path, ref: str, run: Callable[[Any], Any]) -> Callable[..., Any]:
    """The train() of `file.py:name`: a function, or a method of a class, after its setup ran.

    Raises:
        BadModel: the file or the name is not there.
    """
    target = _target(folder, ref, ("train", "Trainer"))
    if not inspect.isclass(target):
        return target  # type: ignore[no-any-return]
    if not hasattr(target, "train"):
        raise BadModel(f"{ref} has no train()")
    trainer: Any = target()
    _set_up(trainer, folder, run)
    return trainer.train  # type: ignore[no-any-return]


def _target(folder: Path, ref: str, usual: Sequence[str]) -> Any:
    file, _, name = ref.partition(":")
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    return _member(_module(folder / file), file, [name] if name else usual)


def _set_up(model: Any, folder: Path, run: Callable[[Any], Any]) -> None:
    setup = getattr(model, "setup", None)
    if setup is None:
        return
    takes_weights = "weights" in inspect.signature(setup).parameters
    made = setup(weights=weights.given(setup, folder)) if takes_weights else setup()
    if inspect.isawaitable(made):
        run(made)


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
    with _little_garbage():
        spec.loader.exec_module(module)
    return module


@contextmanager
def _little_garbage() -> Iterator[None]:
    """What is made in here stays; a model that sets the collector itself has its way."""
    usual = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.freeze()
        if gc.get_threshold() == SELDOM:
            gc.set_threshold(*usual)


def _member(module: Any, file: str, names: Sequence[str]) -> Any:
    for candidate in names:
        if hasattr(module, candidate):
            return getattr(module, candidate)
    raise BadModel(f"{file} has no {' or '.join(names)}")


def is_async(function: Callable[..., Any]) -> bool:
    """Whether it is written `async def`, with or without `yield`."""
    function = getattr(function, "__func__", function)
    return inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)
