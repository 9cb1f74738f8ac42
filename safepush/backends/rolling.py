"""The deployment that a configuration names gets the version that went live, or is live again."""

from collections.abc import Callable, Iterator, Mapping

from safepush.client import Client
from safepush.config import Config
from safepush.errors import NotDeployed, ServiceError
from safepush.promote import Step

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
    deployment = _named(config, config.peer.deployment)
    shown = f"{deployment['owner']}/{deployment['name']}"
    if deploy(deployment, config.model, version):
        yield f"the deployment {shown} has version {version[:12]}"
    else:
        yield f"not exercised: the deployment {shown}; {missing}"


def rolled_back(client: Client, config: Config, step: Step) -> str:
    """The deployment goes along with `live`, if it had the version that was live: what to say.

    Raises:
        NotDeployed: it could not; live is back all the same.
    """
    if config.peer.deployment is None:
        return ""
    deployment = _named(config, config.peer.deployment)
    owner, name = deployment["owner"], deployment["name"]
    try:
        return f"the deployment {owner}/{name} {_went_along(client, owner, name, step)}"
    except ServiceError as exc:
        told = f"penstock deployments update {name} --version {config.model}:{step.live}"
        raise NotDeployed(f"{exc}; `{told}` does that (a rollback would go back again)") from exc


def _went_along(client: Client, owner: str, name: str, step: Step) -> str:
    held = client.deployed(owner, name)
    if held is None:
        return "is not there"
    if held == step.live:
        return f"has version {held[:12]} already"
    if held != step.live_before:
        return f"has version {held[:12]}, which was not live; it was left as it is"
    client.roll(owner, name, step.live)
    return f"has version {step.live[:12]}"


def _named(config: Config, deployment: Mapping[str, str]) -> Mapping[str, str]:
    """What is not said of it is as with the model."""
    owner, _, name = config.model.partition("/")
    return {"owner": owner, "name": name, **deployment}
