"""What a model folder imports from `cog`, for environments without the cog package."""

from typing import Any

from cog.input import FieldInfo, Input
from cog.model import BaseModel, Opaque
from cog.predictor import BasePredictor, BaseRunner
from cog.types import (
    AsyncConcatenateIterator,
    ConcatenateIterator,
    File,
    Path,
    Secret,
    URLFile,
    URLPath,
)
from jobs.host.cogpackage import streaming
from jobs.host.concurrent import concurrent
from jobs.host.scope import current_scope

__all__ = [
    "AsyncConcatenateIterator",
    "BaseModel",
    "BasePredictor",
    "BaseRunner",
    "CancelationException",
    "ConcatenateIterator",
    "ExperimentalFeatureWarning",
    "FieldInfo",
    "File",
    "Input",
    "Opaque",
    "Path",
    "Secret",
    "URLFile",
    "URLPath",
    "__version__",
    "concurrent",
    "current_scope",
    "emit_metric",
    "streaming",
]

#: the version whose names these are
__version__ = "0.23.1"


class CancelationException(BaseException):
    """Raised in a prediction that was cancelled; clean up and raise it again."""


class ExperimentalFeatureWarning(FutureWarning):
    """Nothing warns with it any more; models still import it to silence it."""


def emit_metric(name: str, value: Any) -> None:
    """The older way to `current_scope().record_metric(name, value)`."""
    current_scope().record_metric(name, value)
