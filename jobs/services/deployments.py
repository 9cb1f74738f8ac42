"""Deployments: a fixed name in front of versions, each change of it a release."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from jobs.core import activity
from jobs.core.caller import Caller
from jobs.core.deployment import (
    Deployment,
    Release,
    bounds,
    check_name,
    check_ref,
    earlier,
    hardware,
)
from jobs.core.errors import BadRequest, Conflict, NotFound
from jobs.core.page import Found, Page
from jobs.core.request import check_names, version_ref
from jobs.core.version import State, Version
from jobs.ports import Bell, Clock, Store
from jobs.services.models import Models
from jobs.services.predictions import ready

CHANGES = frozenset({"model", "version", "hardware", "min_instances", "max_instances"})
KNOWN = CHANGES | {"name"}
#: what activity tells of
LATELY = timedelta(hours=1)
RELEASES_TOLD = 20


class Deployments:
    """Create, update, roll back, look at and delete."""

    def __init__(self, store: Store, models: Models, bell: Bell, clock: Clock) -> None:
        self._store = store
        self._models = models
        self._bell = bell
        self._clock = clock

    def create(self, caller: Caller, request: dict[str, Any]) -> Deployment:
        """A new deployment of a version that is ready.

        Raises:
            BadRequest: what is asked for cannot be.
            Conflict: there is one of that name, or the version is not ready.
            Forbidden: this token may not release.
        """
        check_names(request, KNOWN)
        caller.may_release()
        id = check_name(caller.owner, request.get("name"))
        version = self._models.resolve(caller, version_ref(request))
        ready(version)
        least, most = bounds(request, 0, 1)
        first = Release(
            deployment=id,
            number=1,
            model=version.model,
            version=version.id,
            hardware=_hardware(request, version.hardware),
            min_instances=least,
            max_instances=most,
            created_at=self._clock(),
            created_by=caller.name,
        )
        made: Deployment = self._store.deployments.create(caller.owner, first)
        self._ring(made)
        return made

    def update(self, caller: Caller, ref: str, request: dict[str, Any]) -> Deployment:
        """A new release with what is named changed; raises as `create` does."""
        check_names(request, CHANGES)
        if not request:
            raise BadRequest(f"say what to change: {', '.join(sorted(CHANGES))}")
        old = self.get(caller, ref)
        version = self._named(caller, old.current, request)

        def make(releases: Sequence[Release]) -> Release:
            last = releases[0]
            least, most = bounds(request, last.min_instances, last.max_instances)
            held = last.hardware or (version.hardware if version else None)
            return self._next(
                caller,
                last,
                model=version.model if version else last.model,
                version=version.id if version else last.version,
                hardware=_hardware(request, held),
                min_instances=least,
                max_instances=most,
            )

        return self._release(caller, old.id, make)

    def rollback(self, caller: Caller, ref: str, request: dict[str, Any]) -> Deployment:
        """A new release of the version one step back, or of release `number`; bounds stay.

        Raises:
            Conflict: there is no such step, or its version was removed.
        """
        check_names(request, frozenset({"number"}))
        number = request.get("number")
        if number is not None and type(number) is not int:
            raise BadRequest("must be the number of a release", field="number")
        id = self.get(caller, ref).id

        def make(releases: Sequence[Release]) -> Release:
            back = earlier(releases) if number is None else _numbered(releases, number)
            if back is None:
                raise Conflict(f"{id} has no earlier version to go back to")
            of = {"model": back.model, "version": back.version, "hardware": back.hardware}
            return self._next(caller, releases[0], **of)

        return self._release(caller, id, make)

    def _release(
        self, caller: Caller, id: str, make: Callable[[Sequence[Release]], Release]
    ) -> Deployment:
        caller.may_release()
        made: Deployment = self._store.deployments.release(id, caller.owner, make)
        self._ring(made)
        return made

    def _next(self, caller: Caller, last: Release, **changes: Any) -> Release:
        new = vars(last) | {"number": last.number + 1, **changes}
        self._check(new["model"], new["version"])
        return Release(**new | {"created_at": self._clock(), "created_by": caller.name})

    def _check(self, model: str, digest: str) -> None:
        version: Version = self._store.models.version(digest, model)
        if version.state is State.RETIRED:
            raise Conflict(f"version {digest[:12]} was removed; push it again")
        ready(version)

    def _named(self, caller: Caller, last: Release, request: dict[str, Any]) -> Version | None:
        """The version of an update, if it names one; a bare digest is of the model it was."""
        if "model" not in request and "version" not in request:
            return None
        ref = version_ref(request)
        if isinstance(ref, str) and "/" not in ref:
            ref = f"{last.model}:{ref}"
        return self._models.resolve(caller, ref)

    def _ring(self, made: Deployment) -> None:
        """For the worker that is to keep a first instance; more are the sweep's to ring for."""
        if made.current.min_instances:
            self._bell.ring("deployment", made.id, made.current.hardware)

    def get(self, caller: Caller, ref: str) -> Deployment:
        """One deployment; another owner's is not found."""
        id = check_ref(caller.owner, ref)
        found: Deployment = self._store.deployments.get(id, caller.owner)
        return found

    def newest(self, caller: Caller, page: Page) -> Found[Deployment]:
        """The caller's deployments, by name."""
        found: Found[Deployment] = self._store.deployments.newest(caller.owner, page)
        return found

    def releases(self, caller: Caller, ref: str, page: Page) -> Found[Release]:
        """Who released what and when, the newest first."""
        found: Found[Release] = self._store.deployments.releases(self.get(caller, ref).id, page)
        return found

    def delete(self, caller: Caller, ref: str) -> None:
        """Forget it; raises Conflict while something that came through it has not ended."""
        caller.may_release()
        self._store.deployments.delete(check_ref(caller.owner, ref), caller.owner)

    def activity(self, caller: Caller, ref: str) -> dict[str, Any]:
        """Its instances and their states, what happened of late, and how much there is to do."""
        found = self.get(caller, ref)
        hosts = self._store.instances.newest(found.id)
        releases = self._store.deployments.releases(found.id, Page(limit=RELEASES_TOLD)).items
        pace = self._store.deployments.pace(found.id, self._clock() - LATELY)
        there = [activity.instance(host) for host in hosts if host.stopped_at is None]
        return {
            "deployment": found.id,
            "current_release": found.current.number,
            "serving_release": found.serving.number,
            "rolling": found.is_rolling,
            "instances": there,
            "demand": list(map(activity.demand, self._store.instances.demands(found.id))),
            "metrics": {"since_s": int(LATELY.total_seconds()), **pace},
            "events": activity.story(releases, hosts),
        }


def _hardware(request: dict[str, Any], default: str | None) -> str | None:
    return default if request.get("hardware") is None else hardware(request["hardware"])


def _numbered(releases: Sequence[Release], number: int) -> Release:
    found = next((release for release in releases if release.number == number), None)
    if found is None:
        raise NotFound("release", str(number))
    return found
