"""The server's own parts, for the commands that run where it runs, with its settings."""

import gc
from typing import TYPE_CHECKING

from jobs.cli import http

if TYPE_CHECKING:
    from jobs.wiring import Wiring


def wiring() -> "Wiring":
    """What the settings of this place determine.

    Most of the time of such a command goes into imports. What they make stays, so nobody looks
    for garbage among it.

    Raises:
        BadRequest: a setting cannot be used.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        from jobs import config
        from jobs.wiring import Wiring
    finally:
        gc.freeze()
        if collects:
            gc.enable()
    return Wiring(config.load(data=http.data_folder()))
