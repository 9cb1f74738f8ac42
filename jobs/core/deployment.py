"""A deployment: a fixed name, the releases behind it, and how many instances each is to have."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jobs.core.batch import TARGET_SHARD_S
from jobs.core.errors import BadRequest, NotFound
from jobs.core.version import NAME, check_hardware

#: more of a deployment's name cannot be kept, and more instances nobody has
MAX_NAME, MOST_INSTANCES = 100, 1000
#: the class of hardware that any worker has
ANY_HARDWARE = "cpu"


@dataclass(frozen=True, kw_only=True)
class Release:
    """What a deployment was told to be, by whom and when; it never changes."""

    #: `owner/name`
    deployment: str
    #: counted from 1
    number: int
    model: str
    version: str
    #: the class of workers that may run it; any may if there is none
    hardware: str | None = None
    #: hosts that are kept, however idle they are
    min_instances: int = 0
    #: hosts that it has at a time, however much waits
    max_instances: int = 1
    created_at: datetime
    #: the name of the token that asked
    created_by: str


@dataclass(frozen=True, kw_only=True)
class Deployment:
    """`current` was asked for last; `serving` is the one that new work goes to by now."""

    #: `owner/name`, where the owner is the token's
    id: str
    owner: str
    created_at: datetime
    current: Release
    serving: Release

    @property
    def name(self) -> str:
        """Without its owner."""
        return self.id.rpartition("/")[2]

    @property
    def is_rolling(self) -> bool:
        """Whether new work goes to an earlier release, until an instance of the new one is up."""
        return self.serving.number != self.current.number


@dataclass(frozen=True, kw_only=True)
class Demand:
    """What there is to do for one version of a deployment, and who is there to do it."""

    deployment: str
    model: str
    version: str
    hardware: str | None
    least: int
    most: int
    #: predictions that nobody runs yet, and shards that somebody might run
    waiting: int = 0
    #: predictions and shards that somebody runs
    running: int = 0
    instances: int = 0

    @property
    def wanted(self) -> int:
        """How many instances there should be: one for each piece of work, within the bounds."""
        return min(max(self.least, self.waiting + self.running), self.most)


def shards_left(rows: int, seconds_per_item: float | None) -> int:
    """How many shards so many rows make that nobody has begun; 1 of a version nobody measured."""
    if rows <= 0:
        return 0
    if seconds_per_item is None:
        return 1
    return max(1, math.ceil(rows * seconds_per_item / TARGET_SHARD_S))


def check_name(owner: str, name: object) -> str:
    """`owner/name`; a client may say the owner itself.

    Raises:
        BadRequest: it is not of this form, or names another owner.
    """
    text = name.removeprefix(f"{owner}/") if isinstance(name, str) else ""
    if len(text) <= MAX_NAME and NAME.fullmatch(text):
        return f"{owner}/{text}"
    raise BadRequest(
        f"a deployment is named by lower-case letters, digits, '.', '_' and '-', at most"
        f" {MAX_NAME}; beside it stands its owner, which is your token's",
        field="name",
    )


def check_ref(owner: str, ref: object) -> str:
    """`owner/name` of a caller's own deployment.

    Raises:
        BadRequest: it is not of this form.
        NotFound: its owner is somebody else.
    """
    if not isinstance(ref, str) or "/" not in ref or not ref.isprintable():
        raise BadRequest("a deployment is written owner/name", field="deployment")
    if ref.rpartition("/")[0] != owner:
        raise NotFound("deployment", ref[:200])
    return ref


def hardware(given: object) -> str | None:
    """The class of workers that a request names; None if any will do."""
    name = check_hardware(given)
    return None if name == ANY_HARDWARE else name


def bounds(request: dict[str, Any], least: int, most: int) -> tuple[int, int]:
    """`min_instances` and `max_instances`, or what is there; raises BadRequest."""
    least = _count(request, "min_instances", least)
    most = _count(request, "max_instances", most)
    if least > most:
        raise BadRequest(f"is {least}, more than max_instances ({most})", field="min_instances")
    return least, most


def _count(request: dict[str, Any], field: str, default: int) -> int:
    value = request.get(field, default)
    if type(value) is not int or not 0 <= value <= MOST_INSTANCES:
        raise BadRequest(f"must be a whole number from 0 to {MOST_INSTANCES}", field=field)
    return value


def earlier(releases: Sequence[Release]) -> Release | None:
    """The release whose version is one step back, given all, newest first; None: there is none.

    As with aliases: after A, B, C and back to B, one more step leads to A.
    """
    trail: list[Release] = []
    for release in reversed(releases):
        if trail and _runs_same(trail[-1], release):
            trail[-1] = release
        elif len(trail) > 1 and _runs_same(trail[-2], release):
            trail.pop()
            trail[-1] = release
        else:
            trail.append(release)
    return trail[-2] if len(trail) > 1 else None


def _runs_same(one: Release, other: Release) -> bool:
    return (one.model, one.version) == (other.model, other.version)
