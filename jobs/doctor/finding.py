"""What one check found."""

from dataclasses import dataclass

OK, WARN, FAIL = "ok", "warn", "fail"
ORDER = (OK, WARN, FAIL)


@dataclass(frozen=True)
class Finding:
    """What one check found; `state` is ok, warn or fail."""

    check: str
    state: str
    message: str


def worst(found: list[tuple[str, str]], fine: str) -> tuple[str, str]:
    """Several findings of one check as one; `fine` is what to say if there is none."""
    if not found:
        return OK, fine
    state = max((state for state, _ in found), key=ORDER.index)
    return state, "; ".join(message for _, message in found)
