"""A model's own `healthcheck()`: whether it says that it is well."""

import inspect
from collections.abc import Callable
from typing import Any

from jobs.host.items import described


def asked(check: Any, run: Callable[[Any], Any]) -> Callable[[], str | None]:
    """What asks it, and says what is wrong, if something is.

    `run` waits for a check that is async.
    """

    def fault() -> str | None:
        try:
            well = check() if check is not None else True
            well = run(well) if inspect.isawaitable(well) else well
        except Exception as error:
            return f"healthcheck() failed: {described(error)}"
        return None if well else "healthcheck() says that the model is not well"

    return fault
