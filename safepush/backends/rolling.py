"""The deployment that a configuration names gets the version that went live."""

from collections.abc import Callable, Iterator, Mapping

from safepush.config import Config
from safepush.errors import NotDeployed, ServiceError

#: gives the deployment (owner, name, perhaps hardware) a version of a model; False: there is none
Deploy = Callable[[Mapping[str, str], str, str], bool]


def rolled(
    deploy: Deploy, config: Config, version: str, *, missing: str
) -> tuple[tuple[str, ...], NotDeployed | None]:
    """What there is to say of it, and what went wrong; `missing`: why there may be none."""
    try:
        return tuple(_rolled(deploy, config, version, missing)), None
    except NotDeployed as exc:
        return (), exc
    except ServiceError as exc:
        return (), NotDeployed(str(exc))


def _rolled(deploy: Deploy, config: Config, version: str, missing: str) -> Iterator[str]:
    if config.peer.deployment is None:
        return
    owner, _, name = config.model.partition("/")
    deployment = {"owner": owner, "name": name, **config.peer.deployment}
    shown = f"{deployment['owner']}/{deployment['name']}"
    if deploy(deployment, config.model, version):
        yield f"the deployment {shown} has version {version[:12]}"
    else:
        yield f"not exercised: the deployment {shown}; {missing}"
