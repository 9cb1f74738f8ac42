"""The door to a Replicate-compatible server: what its API says otherwise than ours."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from safepush.answers import Answer, Prediction, Version
from safepush.client import POLL_S, TIMEOUT, Client
from safepush.connection import Connection, trusted
from safepush.errors import NotDeployed, NotFound, NotOffered
from safepush.outputs import opened

#: what cog-safe-push gives a deployment that it makes
CPU_INSTANCES, GPU_INSTANCES = (1, 20), (0, 2)
LONGEST_PAUSE_S = 1.0


class ReplicateClient(Client):
    """Models without aliases: live is the newest version. Output files lie on hosts of their own.

    hosts: those whose https addresses are output files, with all hosts below them.
    """

    def __init__(self, connection: Connection, hosts: tuple[str, ...]) -> None:
        super().__init__(connection)
        self._origin = urlsplit(connection.url)
        self._hosts = hosts
        # the token is for the server alone
        self._elsewhere = httpx.Client(timeout=TIMEOUT, follow_redirects=True, verify=trusted())

    def __exit__(self, *exc: object) -> None:
        self._elsewhere.close()
        super().__exit__(*exc)

    def _pause_s(self, number: int) -> float:
        """Longer from time to time: such servers count requests."""
        return min(LONGEST_PAUSE_S, POLL_S * 1.3 ** min(number, 10))

    # Models and their versions

    def ensure(self, model: str, hardware: str) -> None:
        """Make the model, private, where it is not there."""
        owner, _, name = model.partition("/")
        more = {"visibility": "private", "hardware": hardware}
        self._ensure_model(model, {"owner": owner, "name": name, **more})

    def latest(self, model: str) -> Version | None:
        """The version that callers have, if there is one."""
        path = f"/v1/models/{model}"
        try:
            found = self._ask("GET", path).find("latest_version", dict)
        except NotFound:
            return None
        return None if found is None else _version(Answer(f"GET {path}", found))

    def version(self, model: str, id: str) -> Version:
        """The version as it is now."""
        return _version(self._ask("GET", f"/v1/models/{model}/versions/{id}"))

    def newest(self, model: str) -> tuple[str, ...]:
        """Ids of the newest versions, the newest first."""
        answer = self._ask("GET", f"/v1/models/{model}/versions")
        found = (Answer(answer.request, one) for one in answer.get("results", list))
        return tuple(one.get("id", str) for one in found)

    def alias(self, model: str, alias: str) -> str | None:
        """Live alone is something here."""
        found = self.latest(model) if alias == "live" else None
        return None if found is None else found.id

    def step_back(self, model: str, alias: str) -> tuple[str, str]:
        """There is none."""
        told = "push the folder of the earlier version again"
        raise NotOffered("a Replicate-compatible server cannot go back to a version", told)

    def deploy(self, deployment: Mapping[str, str], model: str, version: str) -> bool:
        """Point the deployment at a version, made if there is none; False: no such thing here."""
        owner, name = deployment["owner"], deployment["name"]
        hardware = deployment.get("hardware", "cpu")
        if self.roll(owner, name, version):
            return True
        account = self._ask("GET", "/v1/account").get("username", str)
        if account != owner:
            told = f"{owner}/{name} is not there, and a token of {account} cannot make it"
            raise NotDeployed(told)
        least, most = CPU_INSTANCES if hardware == "cpu" else GPU_INSTANCES
        body = {"name": name, "model": model, "version": version, "hardware": hardware}
        try:
            self._ask(
                "POST",
                "/v1/deployments",
                json={**body, "min_instances": least, "max_instances": most},
            )
        except NotFound:
            return False
        return True

    # Outputs

    def output(self, prediction: Prediction, version: Version) -> Any:
        """With the files of the server and of its hosts opened."""
        return opened(prediction, version, self.content, self.file_address)

    def file_address(self, text: str, prediction: str) -> str | None:
        """An address as it is, if it is that of an output file."""
        parts = urlsplit(text)
        host = parts.hostname or ""
        if (parts.scheme, parts.netloc) == (self._origin.scheme, self._origin.netloc):
            return text if prediction in parts.path.split("/") else None
        known = any(host == one or host.endswith(f".{one}") for one in self._hosts)
        return text if parts.scheme == "https" and known else None

    def _opener(self, path: str) -> httpx.Client:
        return super()._opener(path) if self._is_own(path) else self._elsewhere

    def _is_own(self, path: str) -> bool:
        parts = urlsplit(path)
        return not parts.netloc or parts.netloc == self._origin.netloc


def _version(answer: Answer) -> Version:
    """As Replicate has them: no state, since what is listed can be asked."""
    return Version(
        id=answer.get("id", str),
        state=answer.find("state", str) or "ready",
        schema=answer.find("openapi_schema", dict),
        error=answer.find("error", str),
        logs=answer.find("logs", str) or "",
    )
