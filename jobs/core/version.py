"""A model version: a digest, its states, its moves, and how people refer to it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from jobs.core.errors import BadRequest
from jobs.core.moves import Move, check

NAME = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*")
DIGEST = re.compile(r"[0-9a-f]{64}")
ALIASES = ("live", "staging")
#: characters of `owner/name`, and of a class of workers
MAX_MODEL, MAX_HARDWARE = 200, 40


class State(StrEnum):
    """From bytes in the store to a model that answers."""

    PUSHED = "pushed"
    PREPARING = "preparing"
    READY = "ready"
    FAILED = "failed"
    RETIRED = "retired"


MOVES: dict[State, frozenset[State]] = {
    State.PUSHED: frozenset({State.PREPARING}),
    # back to pushed: the worker that prepared it was lost
    State.PREPARING: frozenset({State.READY, State.FAILED, State.PUSHED}),
    State.READY: frozenset({State.RETIRED}),
    # a push of the same folder tries again, e.g. after a package was installed on the workers
    State.FAILED: frozenset({State.PUSHED, State.RETIRED}),
    # removed, which what still runs does not notice; a push of the same folder brings it back
    State.RETIRED: frozenset({State.PUSHED}),
}


@dataclass(frozen=True, kw_only=True)
class Version:
    """One bundle of one model; `id` is the digest of its files."""

    id: str
    model: str
    created_at: datetime
    state: State = State.PUSHED
    files: tuple[dict[str, Any], ...] = ()
    schema: dict[str, Any] | None = None
    error: str | None = None
    logs: str = ""
    seconds_per_item: float | None = None
    #: the class of workers that it needs; any will do if there is none
    hardware: str | None = None
    lease_token: int = 0
    attempts: int = 0

    @property
    def gives_files(self) -> bool:
        """Whether its output is a file, or a list of files."""
        output = (self.schema or {}).get("components", {}).get("schemas", {}).get("Output", {})
        return "uri" in (output.get("format"), output.get("items", {}).get("format"))

    def to(self, state: State, at: datetime, **changes: Any) -> tuple["Version", Move[State]]:
        """The version in another state, and the move that brought it there."""
        move = check(MOVES, Move(self.id, self.state, state, at))
        return replace(self, state=state, **changes), move


@dataclass(frozen=True)
class Ref:
    """What a caller wrote: a bare digest, or a model with a digest or an alias."""

    model: str | None
    digest: str | None
    alias: str | None


def spellings(ref: str, model: str, digest: str, *, rows: bool = False) -> tuple[str, ...]:
    """How a row may name the version that a batch runs, which was asked for by `ref`.

    `rows`: a row asked, and not the request. Then a model alone means what it meant there; beside a
    version that the request chose it means that one.
    """
    live = (model, f"{model}:live")
    known = [ref, digest, f"{model}:{digest}", *(live if ref in live else ())]
    return tuple(dict.fromkeys(known if rows else [*known, model]))


def earlier(history: Sequence[str]) -> str | None:
    """The version one step back, given all that an alias named, newest first; None: there is none.

    A move to the version before the last one is a step back, so that a second step goes on from
    there: after A, B, C and back to B it leads to A, and not to C, which somebody gave up.
    """
    trail: list[str] = []
    for digest in reversed(history):
        if len(trail) > 1 and trail[-2] == digest:
            trail.pop()
        else:
            trail.append(digest)
    return trail[-2] if len(trail) > 1 else None


def check_hardware(name: object, field: str = "hardware") -> str:
    """The name of a class of workers, such as `gpu` or `a100`; raises BadRequest."""
    if isinstance(name, str) and len(name) <= MAX_HARDWARE and NAME.fullmatch(name):
        return name
    raise BadRequest(
        "must be the name of a class of workers, such as gpu or a100: up to"
        f" {MAX_HARDWARE} lower-case letters, digits, '.', '_' and '-'",
        field=field,
    )


def parse_model(text: str) -> str:
    """`owner/name`, checked.

    Raises:
        BadRequest: it is not of that form.
    """
    owner, slash, name = text.partition("/")
    if not (slash and NAME.fullmatch(owner) and NAME.fullmatch(name)) or len(text) > MAX_MODEL:
        raise BadRequest(
            "a model is written owner/name, in lower-case letters, digits, '.', '_' and '-', with"
            f" at most {MAX_MODEL} characters",
            field="model",
        )
    return text


def parse_ref(text: object, *, field: str = "version") -> Ref:
    """`DIGEST`, `owner/name`, `owner/name:alias` or `owner/name:DIGEST`.

    Raises:
        BadRequest: it is none of these.
    """
    if not isinstance(text, str):
        raise BadRequest("name a version: owner/name, owner/name:alias or a digest", field=field)
    if DIGEST.fullmatch(text):
        return Ref(None, text, None)
    model, _, tail = text.partition(":")
    parse_model(model)
    if DIGEST.fullmatch(tail):
        return Ref(model, tail, None)
    if (tail or "live") not in ALIASES:
        raise BadRequest(f"after ':' comes a digest or one of {', '.join(ALIASES)}", field=field)
    return Ref(model, None, tail or "live")
