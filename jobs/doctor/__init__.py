"""Looks at every part that the settings name, and says what is wrong and what to do."""

from collections.abc import Callable, Iterator

from jobs.doctor import parts, safety
from jobs.doctor.finding import FAIL, Finding
from jobs.wiring import Wiring

__all__ = ["CHECKS", "Finding", "examine"]


CHECKS: dict[str, Callable[[Wiring], tuple[str, str]]] = {
    "python": parts.python,
    "settings": safety.settings,
    "data folder": parts.data_folder,
    "secret key": parts.secret_key,
    "processes": safety.processes,
    "database": parts.database,
    "durability": safety.durability,
    "objects": parts.objects,
    "broker": parts.broker_reached,
    "hardware": parts.hardware,
    "messages": safety.messages,
    "reach": safety.reach,
    "endpoints": safety.endpoints,
    "ending": safety.ending,
    "watching": safety.watching,
    "model host": parts.model_host,
    "gpu": parts.gpu,
}


def examine(made: Wiring) -> Iterator[Finding]:
    """Every check in turn; one that raises is a failure with the reason."""
    for name, check in CHECKS.items():
        try:
            state, message = check(made)
        except Exception as error:
            reason = str(error).strip().splitlines()
            state, message = FAIL, reason[0][:300] if reason else type(error).__name__
        yield Finding(name, state, message)
