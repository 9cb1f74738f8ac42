"""The only door to the server: requests become values, and its problems become our errors."""

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx

from safepush import answers
from safepush.answers import Answer, Prediction, Version
from safepush.connection import Connection, trusted
from safepush.errors import (
    BadAnswer,
    Conflict,
    InvalidRequest,
    NotFound,
    NotReady,
    PredictionTimedOut,
    ServiceBroken,
    ServiceRefused,
    ServiceUnreachable,
    Stopped,
)
from safepush.outputs import opened
from safepush.version import Bundle, File

T = TypeVar("T")

TIMEOUT = httpx.Timeout(60.0, connect=10.0)
#: most of what is waited for takes a few milliseconds, or long
FIRST_POLL_S, POLL_S = 0.005, 0.1
#: How long a server that restarts while we wait for it may be away.
OUTAGE_S = 30.0
#: a server that says "not so fast" is heeded for so long in all, for one request
THROTTLED_S = 60.0
#: a version that no worker has taken for so long is worth a word
UNBEGUN_S = 10.0
UNBEGUN = (
    "no worker has taken it yet: all are busy, or none runs for it (`penstock doctor`, where the "
    "server runs, tells)"
)
#: The server may lose an upload to a sweep between two rounds; more often, something is wrong.
UPLOAD_ROUNDS = 3
HASH_MISMATCH = "hash_mismatch"
MAX_CONTENT_BYTES = 256 << 20


class Client:
    """A connection to one server; close it, or use it as a context manager."""

    def __init__(
        self,
        connection: Connection,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        token = connection.token
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._url = connection.url
        self._http = httpx.Client(
            base_url=connection.url, headers=headers, timeout=TIMEOUT, verify=trusted()
        )
        self._clock = clock
        self._sleep = sleep
        #: how often those under way were stopped
        self._stops = 0

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *exc: object) -> None:
        self._http.close()

    def stop(self) -> None:
        """Cancel the predictions that are under way, in any thread; later ones are their own."""
        self._stops += 1

    # Models and their aliases

    def alias(self, model: str, alias: str) -> str | None:
        """The digest that `alias` names; None where it names nothing, or there is no model yet."""
        try:
            aliases = self._ask("GET", f"/v1/models/{model}").get("aliases", dict)
        except NotFound:
            return None
        return Answer(f"GET /v1/models/{model}", aliases).find(alias, str)

    def set_alias(self, model: str, alias: str, version: str) -> None:
        """Point `alias` at a version, whatever it named before."""
        self._ask("PUT", f"/v1/models/{model}/aliases/{alias}", json={"version": version})

    def move_alias(self, model: str, alias: str, version: str, *, expected: str | None) -> None:
        """Point `alias` at a version if it still names `expected` (None: nothing).

        Raises:
            Conflict: it names something else by now.
        """
        body = {"version": version, "expected": expected}
        self._ask("PUT", f"/v1/models/{model}/aliases/{alias}", json=body)

    def step_back(self, model: str, alias: str) -> tuple[str, str]:
        """Point `alias` at what it named before: (the digest it names now, the one it named).

        Raises:
            Conflict: it never named anything else.
        """
        answer = self._ask("POST", f"/v1/models/{model}/aliases/{alias}/rollback")
        return answer.get("version", str), answer.get("previous", str)

    def roll(self, owner: str, name: str, version: str) -> bool:
        """Give a deployment this version of its model; False: there is no such deployment."""
        try:
            self._ask("PATCH", f"/v1/deployments/{owner}/{name}", json={"version": version})
        except NotFound:
            return False
        return True

    def deployed(self, owner: str, name: str) -> str | None:
        """The version that a deployment has; None: there is no such deployment."""
        path = f"/v1/deployments/{owner}/{name}"
        try:
            found = self._ask("GET", path).get("current_release", dict)
        except NotFound:
            return None
        return Answer(f"GET {path}", found).get("version", str)

    # Versions

    def push_files(self, bundle: Bundle, model: str, hardware: str | None = None) -> Version:
        """Make the bundle a version of `model`, sending only the files the server lacks.

        `hardware`: the class of workers that it needs; what its cog.yaml says else.
        """
        self._ensure_model(model)
        path = f"/v1/models/{model}/versions"
        body: dict[str, Any] = {"files": [file.to_json() for file in bundle.files]}
        if hardware is not None:
            body["hardware"] = hardware
        sources = {file.sha256: file for file in bundle.files}
        for _ in range(UPLOAD_ROUNDS):
            answer = self._ask("POST", path, json=body)
            missing = answer.find("missing", list)
            if not missing:
                return self._pushed(answer, bundle)
            for sha256 in missing:
                self._upload(answer, sources, sha256)
        raise BadAnswer(f"POST {path}", "the server keeps asking for files it was sent")

    def version(self, model: str, id: str) -> Version:
        """The version as it is now."""
        return self._ask("GET", f"/v1/models/{model}/versions/{id}").version()

    def ids(self, model: str) -> Iterator[str]:
        """Ids of its versions, the newest first."""
        place = f"/v1/models/{model}/versions"
        query: str | None = ""
        while query is not None:
            answer = self._ask("GET", place + query)
            for one in answer.get("results", list):
                yield Answer(answer.request, one).get("id", str)
            more = answer.find("next", str)
            # of the address only that: it is ours that is asked, with our token
            query = f"?{urlsplit(more).query}" if more else None

    def wait_ready(
        self, model: str, version: Version, *, limit_s: float, say: Callable[[str], object] = str
    ) -> Version:
        """The version once it is ready, or has failed; `say` hears if nobody is at it for long.

        Raises:
            NotReady: it is neither within `limit_s`.
        """
        id, began, is_told, asked = version.id, self._clock(), False, 0
        while not version.is_settled:
            waited_s = self._clock() - began
            if waited_s >= limit_s:
                raise NotReady(id, version.state, limit_s)
            if version.state == "pushed" and waited_s >= UNBEGUN_S and not is_told:
                say(UNBEGUN)
                is_told = True
            self._sleep(self._pause_s(asked))
            asked += 1
            version = self._patiently(lambda: self.version(model, id))
        return version

    # Predictions

    def predict(
        self, model: str, version: str, inputs: Mapping[str, Any], *, limit_s: float
    ) -> Prediction:
        """One prediction, run to its end.

        Raises:
            InvalidRequest: the version does not take these inputs.
            PredictionTimedOut: it had no end within `limit_s`.
            Stopped: `stop` was called meanwhile.
        """
        body = {"version": f"{model}:{version}", "input": inputs}
        return self._made("/v1/predictions", "/v1/predictions", body, limit_s)

    def _made(self, path: str, place: str, body: Mapping[str, Any], limit_s: float) -> Prediction:
        """What a POST begins, at its end; it is asked for under `place`."""
        stops = self._stops
        until = self._clock() + limit_s
        started = self._ask("POST", path, json=body).prediction()
        try:
            return self._finished(f"{place}/{started.id}", started, until, limit_s, stops)
        except (PredictionTimedOut, Stopped, KeyboardInterrupt):
            # nobody will read it, so it should not go on costing
            self._cancel(f"{place}/{started.id}")
            raise

    def _finished(
        self, path: str, prediction: Prediction, until: float, limit_s: float, stops: int
    ) -> Prediction:
        asked = 0
        while not prediction.is_final:
            if self._stops != stops:
                raise Stopped
            if self._clock() >= until:
                raise PredictionTimedOut(prediction.id, limit_s)
            self._sleep(self._pause_s(asked))
            asked += 1
            prediction = self._patiently(lambda: self._ask("GET", path).prediction())
        return prediction

    def _pause_s(self, number: int) -> float:
        """How long to wait before asking for the `number`th time how something goes."""
        return min(POLL_S, FIRST_POLL_S * 2.0 ** min(number, 10))

    def _cancel(self, path: str) -> None:
        try:
            self._ask("POST", f"{path}/cancel")
        except (BadAnswer, Conflict, NotFound, ServiceBroken, ServiceUnreachable):
            # the timeout is the news; a prediction that ended just now needs no cancel
            return

    # Trainings

    def has_trainings(self) -> bool:
        """Whether this server trains at all."""
        try:
            self._ask("GET", "/v1/trainings")
        except NotFound:
            return False
        return True

    def train(
        self,
        source: tuple[str, str],
        destination: str,
        inputs: Mapping[str, Any],
        *,
        limit_s: float,
    ) -> Prediction:
        """One training of (model, version), run to its end; what it makes goes to `destination`.

        Raises:
            InvalidRequest: the version does not take these inputs.
            PredictionTimedOut: it had no end within `limit_s`.
            Stopped: `stop` was called meanwhile.
        """
        model, version = source
        path = f"/v1/models/{model}/versions/{version}/trainings"
        body = {"destination": destination, "input": inputs}
        return self._made(path, "/v1/trainings", body, limit_s)

    def forget(self, model: str, version: str) -> None:
        """Remove a version that nobody needs any more, if the server lets us."""
        try:
            path = f"/v1/models/{model}/versions/{version}"
            self._ask("DELETE", path, json_answer=False)
        except (ServiceRefused, ServiceUnreachable):
            return  # it stays, which does no harm

    # Outputs

    def output(self, prediction: Prediction, version: Version) -> Any:
        """A prediction's output with its files opened."""
        return opened(prediction, version, self.content)

    def content(self, path: str) -> bytes:
        """A file of the server, such as one that a prediction gave.

        Raises:
            BadAnswer: it is larger than what is looked into.
        """
        return self._patiently(lambda: self._content(path))

    def _content(self, path: str) -> bytes:
        request, content = f"GET {path}", bytearray()
        try:
            with self._opener(path).stream("GET", path) as response:
                if not response.is_success:
                    raise answers.refusal(request, response.status_code, response.read())
                for chunk in response.iter_bytes():
                    content += chunk
                    if len(content) > MAX_CONTENT_BYTES:
                        reason = f"the file is larger than {MAX_CONTENT_BYTES >> 20} MiB"
                        raise BadAnswer(request, reason)
        except (httpx.RequestError, httpx.InvalidURL) as exc:
            raise ServiceUnreachable(self._url, type(exc).__name__) from exc
        return bytes(content)

    def _opener(self, path: str) -> httpx.Client:
        """Who may be asked for a file, with our token or without."""
        return self._http

    # One version's files

    def ensure(self, model: str, hardware: str) -> None:
        """Make the model where it is not there; our versions say themselves what they run on."""
        self._ensure_model(model)

    def _ensure_model(self, model: str, body: Mapping[str, Any] | None = None) -> None:
        owner, _, name = model.partition("/")
        try:
            self._ask("GET", f"/v1/models/{model}")
        except NotFound:
            try:
                self._ask("POST", "/v1/models", json=body or {"owner": owner, "name": name})
            except Conflict:
                self._see(model)  # someone else made it a moment ago, or has had it for long

    def _see(self, model: str) -> None:
        try:
            self._ask("GET", f"/v1/models/{model}")
        except NotFound as error:
            taken = f"{model} belongs to another owner of this server; take another name"
            raise Conflict("POST /v1/models", 409, taken) from error

    def _pushed(self, answer: Answer, bundle: Bundle) -> Version:
        version = answer.version()
        if version.id != bundle.id:
            raise BadAnswer(answer.request, "the server gave these files another digest")
        return version

    def _upload(self, answer: Answer, sources: Mapping[str, File], sha256: object) -> None:
        file = sources.get(sha256) if isinstance(sha256, str) else None
        if file is None:
            raise BadAnswer(answer.request, "the server asks for a file that is not in the folder")
        headers = {"Content-Length": str(file.size_bytes)}
        path = f"/v1/blobs/{file.sha256}"
        try:
            self._ask("PUT", path, content=file.chunks, headers=headers, json_answer=False)
        except InvalidRequest as exc:
            if exc.status != 422 and exc.problem != HASH_MISMATCH:
                raise
            raise file.changed() from exc

    # Transport

    def _patiently(self, ask: Callable[[], T]) -> T:
        """Ask for something that may be asked for again, over a short outage of the server."""
        until = self._clock() + OUTAGE_S
        while True:
            try:
                return ask()
            except (ServiceUnreachable, ServiceBroken):
                if self._clock() >= until:
                    raise
                self._sleep(POLL_S * 4)

    def _sent(self, method: str, path: str, body: dict[str, Any]) -> httpx.Response:
        """One request; what is given as a function is made anew for each."""
        made = {name: value() if callable(value) else value for name, value in body.items()}
        try:
            return self._http.request(method, path, **made)
        except (httpx.RequestError, httpx.InvalidURL) as exc:
            # the class only: the text of some of these quotes headers
            raise ServiceUnreachable(self._url, type(exc).__name__) from exc

    def _ask(self, method: str, path: str, *, json_answer: bool = True, **body: Any) -> Answer:
        request = f"{method} {path}"
        response = self._sent(method, path, body)
        until = self._clock() + THROTTLED_S
        while response.status_code == 429 and (wait_s := _retry_after_s(response)) is not None:
            if self._clock() + wait_s > until:
                break
            self._sleep(wait_s)
            response = self._sent(method, path, body)
        if not response.is_success:
            raise answers.refusal(request, response.status_code, response.content)
        return answers.parse(request, response.content) if json_answer else Answer(request, {})


def _retry_after_s(response: httpx.Response) -> float | None:
    """When to ask again, if the server says it in seconds."""
    text = response.headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdigit() else None
