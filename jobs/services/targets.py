"""What a request names to be run: a version, or a deployment, which pins one."""

from dataclasses import dataclass
from typing import Any

from jobs.core.caller import Caller
from jobs.core.deployment import Deployment, check_ref
from jobs.core.errors import BadRequest
from jobs.core.request import version_ref
from jobs.core.version import Version
from jobs.ports import Store
from jobs.services.models import Models


@dataclass(frozen=True)
class Target:
    """`hardware`: the class of workers that may run it; `deployment`: through which it came."""

    version: Version
    hardware: str | None
    deployment: str | None = None


def check_one(request: dict[str, Any]) -> None:
    """Raises BadRequest if a version is named beside a deployment."""
    if request.get("deployment") is None:
        return
    if twice := sorted({"model", "version"} & set(request)):
        raise BadRequest("give it or deployment, which pins a version", field=twice[0])


def target(
    store: Store, models: Models, caller: Caller, request: dict[str, Any], field: str = "version"
) -> Target:
    """The digest that counts from now on, whatever is released or promoted afterwards.

    Raises:
        BadRequest: it names none, or both a version and a deployment.
        NotFound: it is not there, or is another's.
    """
    ref = request.get("deployment")
    if ref is None:
        version = models.resolve(caller, version_ref(request), field)
        return Target(version, version.hardware)
    check_one(request)
    found: Deployment = store.deployments.get(check_ref(caller.owner, ref), caller.owner)
    release = found.serving
    pinned: Version = store.models.version(release.version, release.model)
    return Target(pinned, release.hardware, found.id)
