"""What judges the inputs of versions, compiled once for each that is in use."""

from collections.abc import Mapping
from typing import Any

from jobs.core.checker import Check, compile

#: how many are remembered
MOST = 64


class Checkers:
    """By the schema itself: a version that is prepared anew has another one."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], tuple[Mapping[str, Any], Check]] = {}

    def of(self, schema: Mapping[str, Any], origin: str = "") -> Check:
        """What judges inputs by this schema, which nobody changes.

        Raises:
            BadRequest: it cannot be used; see `compile`.
        """
        key = id(schema), origin
        kept, check = self._known.get(key, (None, None))
        if check is None or kept is not schema:  # another one lay there once
            check = compile(schema, origin=origin)
            self._known[key] = schema, check
            for old in list(self._known)[:-MOST]:
                self._known.pop(old, None)
        return check


CHECKERS = Checkers()
