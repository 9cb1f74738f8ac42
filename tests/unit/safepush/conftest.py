"""A small stand-in for the server: the contract's answers, and faults on request."""

import hashlib
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, jsonify, request
from werkzeug.serving import make_server

SCHEMA = {
    "components": {
        "schemas": {
            "Input": {"properties": {"text": {"type": "string", "description": "To greet."}}},
            "Output": {"type": "string"},
        }
    }
}


class FakeServer:
    """What the tests set, and what the server then remembers."""

    def __init__(self) -> None:
        self.url = ""
        self.blobs: dict[str, bytes] = {}
        self.aliases: dict[str, str | None] = {"live": None, "staging": None}
        self.models: set[str] = set()
        self.states = ["preparing", "ready"]
        self.schema: dict[str, Any] = SCHEMA
        self.prediction: dict[str, Any] = {"status": "succeeded", "output": "hello you"}
        #: what is answered instead: always, or as often as it is in a list
        self.faults: dict[str, Response | list[Response]] = {}
        self.requests: list[str] = []
        self.moved_during_checks: str | None = None
        self.history: list[str] = []
        self.account = ""
        self.deployments: list[dict[str, Any]] = []
        self.deployed: str | None = None
        #: what comes of a training's inputs; a server without one has no trainings
        self.training: Callable[[dict[str, Any]], dict[str, Any]] | None = None
        self.trainings: list[dict[str, Any]] = []
        #: the only versions there are, the newest first, if any are named
        self.built: list[str] = []
        #: how many of them an answer lists
        self.page = 100

    def version(self, digest: str, state: str) -> dict[str, Any]:
        schema = self.schema if state == "ready" else None
        error = "ValueError: no weights" if state == "failed" else None
        return {"id": digest, "state": state, "openapi_schema": schema, "error": error, "logs": ""}

    def fault(self) -> Response | None:
        self.requests.append(f"{request.method} {request.path}")
        found = next((self.faults[key] for key in self.faults if key in self.requests[-1]), None)
        if isinstance(found, list):
            return found.pop() if found else None
        return found

    def get_model(self, owner: str, name: str) -> Any:
        if f"{owner}/{name}" not in self.models:
            return problem(404, "there is no such model")
        live = self.aliases["live"]
        latest = None if live is None else self.version(live, "ready")
        return {"owner": owner, "name": name, "aliases": self.aliases, "latest_version": latest}

    def post_model(self) -> Any:
        self.models.add("{owner}/{name}".format(**request.get_json()))
        return {}, 201

    def post_version(self, owner: str, name: str) -> Any:
        files = request.get_json()["files"]
        missing = sorted({each["sha256"] for each in files} - set(self.blobs))
        whole = hashlib.sha256()
        for each in files:
            mode = "x" if each["executable"] else "-"
            whole.update(f"{each['path']}\0{mode}\0{each['sha256']}\n".encode())
        if missing:
            return {"id": whole.hexdigest(), "missing": missing}
        return self.version(whole.hexdigest(), "pushed"), 201

    def put_blob(self, sha256: str) -> Any:
        content = request.get_data()
        if hashlib.sha256(content).hexdigest() != sha256:
            return problem(422, "the content has another hash")
        self.blobs[sha256] = content
        return "", 201

    def get_versions(self, owner: str, name: str) -> Any:
        first = int(request.args.get("after", 0))
        last = first + self.page
        # whose address it is does not matter: it is we who are asked again
        following = f"https://elsewhere.example/v1?after={last}" if self.built[last:] else None
        listed = [self.version(each, "ready") for each in self.built[first:last]]
        return {"results": listed, "next": following}

    def get_version(self, owner: str, name: str, digest: str) -> Any:
        if self.built and digest not in self.built:
            return problem(404, "there is no such version")
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        return self.version(digest, state)

    def put_alias(self, owner: str, name: str, alias: str) -> Any:
        body = request.get_json()
        previous = self.aliases[alias]
        if "expected" in body and body["expected"] != previous:
            return problem(409, "live has moved")
        self.aliases[alias] = body["version"]
        return {"alias": alias, "version": body["version"], "previous": previous}

    def post_rollback(self, owner: str, name: str, alias: str) -> Any:
        if len(self.history) < 2:
            return problem(409, f"{alias} has no earlier version to go back to")
        before, self.aliases[alias] = self.history[-1], self.history[-2]
        return {"alias": alias, "version": self.aliases[alias], "previous": before}

    def post_prediction(self) -> Any:
        self.aliases["live"] = self.moved_during_checks or self.aliases["live"]
        return {"id": "p1", **self.prediction}, 201

    def get_prediction(self) -> Any:
        return {"id": "p1", **self.prediction}

    def get_trainings(self) -> Any:
        return {"results": []} if self.training else problem(404, "no such address")

    def post_training(self, owner: str, name: str, digest: str) -> Any:
        body = request.get_json()
        self.trainings.append(body)
        assert self.training is not None
        return {"id": "t1", "status": "succeeded", **self.training(body["input"])}, 201

    def get_account(self) -> Any:
        return {"type": "user", "username": self.account, "name": self.account}

    def patch_deployment(self, owner: str, name: str) -> Any:
        return {} if self.deployed else problem(404, "there is no such deployment")

    def get_deployment(self, owner: str, name: str) -> Any:
        if self.deployed is None:
            return problem(404, "there is no such deployment")
        return {"current_release": {"version": self.deployed}}

    def post_deployment(self) -> Any:
        self.deployments.append(request.get_json())
        return {}

    def delete_version(self, owner: str, name: str, digest: str) -> Any:
        return "", 204

    def cancel_prediction(self) -> Any:
        return {"id": "p1", "status": "canceled"}


def problem(status: int, detail: str, **more: Any) -> Response:
    body = {"type": "about:blank", "title": "x", "status": status, "code": "c", "detail": detail}
    response = jsonify({**body, **more})
    response.status_code = status
    response.content_type = "application/problem+json"
    return response


def make_app(fake: FakeServer) -> Flask:
    app = Flask("fake")
    app.before_request(fake.fault)
    model = "/v1/models/<owner>/<name>"
    routes: list[tuple[str, str, Callable[..., Any]]] = [
        ("GET", model, fake.get_model),
        ("POST", "/v1/models", fake.post_model),
        ("POST", f"{model}/versions", fake.post_version),
        ("GET", f"{model}/versions", fake.get_versions),
        ("GET", f"{model}/versions/<digest>", fake.get_version),
        ("DELETE", f"{model}/versions/<digest>", fake.delete_version),
        ("GET", "/v1/account", fake.get_account),
        ("PATCH", "/v1/deployments/<owner>/<name>", fake.patch_deployment),
        ("GET", "/v1/deployments/<owner>/<name>", fake.get_deployment),
        ("POST", "/v1/deployments", fake.post_deployment),
        ("GET", "/v1/trainings", fake.get_trainings),
        ("POST", f"{model}/versions/<digest>/trainings", fake.post_training),
        ("PUT", f"{model}/aliases/<alias>", fake.put_alias),
        ("POST", f"{model}/aliases/<alias>/rollback", fake.post_rollback),
        ("PUT", "/v1/blobs/<sha256>", fake.put_blob),
        ("POST", "/v1/predictions", fake.post_prediction),
        ("GET", "/v1/predictions/p1", fake.get_prediction),
        ("POST", "/v1/predictions/p1/cancel", fake.cancel_prediction),
    ]
    for method, path, view in routes:
        app.add_url_rule(path, view.__name__, view, methods=[method])
    return app


@pytest.fixture
def server() -> Iterator[FakeServer]:
    fake = FakeServer()
    http = make_server("127.0.0.1", 0, make_app(fake))
    fake.url = f"http://127.0.0.1:{http.server_port}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield fake
    http.shutdown()
    thread.join()
    http.server_close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A Cog folder with a configuration that asks for one greeting."""
    model = tmp_path / "model"
    model.mkdir()
    (model / "cog.yaml").write_text("predict: predict.py:Predictor\n")
    (model / "predict.py").write_text("class Predictor: ...\n")
    (model / "safepush.yaml").write_text(
        "model: me/hello\n"
        "fuzz: false\n"
        "predict:\n"
        "  test_cases:\n"
        "    - inputs: {text: you}\n"
        "      exact_string: hello you\n"
    )
    return model
