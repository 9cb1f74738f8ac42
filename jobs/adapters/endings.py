"""How a process ended, in words."""

import signal
from contextlib import suppress


def ended(status: int | None) -> str:
    """How a process ended, for people."""
    if status is None:
        return "does not answer and cannot be ended"
    if status >= 0:
        return f"ended itself with exit status {status}"
    with suppress(ValueError):
        name = signal.Signals(-status).name
        why = " (the system may have run out of memory)" if -status == signal.SIGKILL else ""
        return f"was killed by {name}{why}"
    return f"was killed by signal {-status}"
