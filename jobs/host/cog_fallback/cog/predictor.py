"""The base classes of models; a model needs none."""

from typing import Any

from jobs.host.scope import Scope, current_scope


class BaseRunner:
    """A model with `setup` and `run`."""

    def setup(self, weights: Any = None) -> None:
        """Load what predictions need."""

    @property
    def scope(self) -> Scope:
        """That of the prediction which is being made."""
        return current_scope()

    def record_metric(self, key: str, value: Any, mode: str = "replace") -> None:
        """Note a metric of the prediction which is being made."""
        current_scope().record_metric(key, value, mode)


class BasePredictor(BaseRunner):
    """A model with `setup` and `predict`; cog calls it deprecated."""
