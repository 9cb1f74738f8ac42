"""Looks at every part that the settings name, and says what is wrong and what to do."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from jobs.core.errors import JobsError
from jobs.doctor import parts, rehearsal, safety
from jobs.doctor.finding import FAIL, Finding
from jobs.wiring import Wiring

__all__ = ["CHECKS", "Finding", "examine"]


CHECKS: dict[str, Callable[[Wiring], tuple[str, str]]] = {
    "python": parts.python,
    "settings": safety.settings,
    "data folder": parts.data_folder,
    "processes": safety.processes,
    "database": parts.database,
    "secret key": parts.secret_key,
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
    """Every check in turn; one that raises is a failure with the reason.

    Where two fail for the same reason, the second one names the first.
    """
    folder = made.settings.data
    with rehearsal.rehearsed(made) as tried:
        for one in _examined(tried):
            message = one.message.replace(str(tried.settings.data), str(folder))
            yield replace(one, message=message)


def _examined(made: Wiring) -> Iterator[Finding]:
    told: dict[str, str] = {}
    for name, check in CHECKS.items():
        try:
            state, message = check(made)
        except Exception as error:
            reason = _reason(error)
            first = told.setdefault(reason, name)
            state, message = FAIL, reason if first == name else f"not tried: see {first}"
        yield Finding(name, state, message)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    words = str(error).strip().splitlines()
    if not words:
        return type(error).__name__
    # ours end with the way out
    return words[0] if isinstance(error, JobsError) else words[0][:300]
