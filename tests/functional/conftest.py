"""The Flask application over a real database and a real object store, without a network."""

import json
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from jobs import config
from jobs.core.version import State, Version
from jobs.wiring import Wiring, clock
from tests.ports.stores import with_tables

ROOT = Path(__file__).parents[2]
MAX_UPLOAD_BYTES = 30_000_000

#: one input of every kind that a schema can bound
INPUTS: dict[str, Any] = {
    "text": {"type": "string", "maxLength": 50},
    "code": {"type": "string", "pattern": "^[A-Z]{3}$"},
    "steps": {"type": "integer", "minimum": 1, "maximum": 100},
    "scale": {"type": "number", "minimum": 0, "maximum": 1},
    "size": {"type": "string", "enum": ["small", "large"]},
    "image": {"type": "string", "format": "uri"},
    "flag": {"type": "boolean"},
}
SCHEMA = {
    "openapi": "3.0.2",
    "components": {
        "schemas": {
            "Input": {"type": "object", "required": ["text"], "properties": INPUTS},
            "Output": {"type": "string"},
        }
    },
}


class World:
    """One server: what it is made of, and clients that speak for owners."""

    def __init__(self, folder: Path) -> None:
        with_tables(folder / "penstock.db")
        env = {"PENSTOCK_MAX_UPLOAD_GB": str(MAX_UPLOAD_BYTES / 1e9)}
        self.made = Wiring(config.load(env, data=folder, url="https://penstock.test"))
        self.services = self.made.services

    def owner(self, *buckets: str) -> "Owner":
        """A new owner with one token."""
        name = f"owner-{secrets.token_hex(4)}"
        return Owner(self, name, self.services.tokens.create("test", name, buckets))

    def run(self, what: str, id: str) -> None:
        """Do what a worker does when the bell rings for this."""
        self.made.worker.answer(what, id)
        self.made.worker.rest()

    def close(self) -> None:
        """Let go of everything."""
        self.made.warm.close()
        self.made.store.database.close()
        if "celery" in vars(self.made):  # else it would be imported here
            self.made.celery.close()


class Owner:
    """Requests with one owner's token."""

    def __init__(self, world: World, name: str, token: str) -> None:
        self.world = world
        self.name = name
        self.token = token
        self.client = Client(world.made.app)

    def ask(self, method: str, path: str, **options: Any) -> TestResponse:
        """One request; problems are checked for their shape whoever asks."""
        headers = {"Authorization": f"Bearer {self.token}"} | options.pop("headers", {})
        answer = self.client.open(path, method=method, headers=headers, **options)
        if answer.status_code >= 400 and method != "HEAD":
            check_problem(answer)
        return answer

    def model(self, schema: dict[str, Any] = SCHEMA, *, digest: str | None = None) -> str:
        """A model of this owner whose live version is ready with a schema; its name."""
        name = f"{self.name}/m-{secrets.token_hex(4)}"
        models, at = self.world.made.store.models, clock()
        models.create(name, self.name, at)
        id = digest or secrets.token_hex(32)
        models.push(Version(id=id, model=name, created_at=at))
        held = models.claim(id, 60.0)
        models.move(held, State.READY, at, schema=schema)
        models.promote(name, "live", id, at, ())
        return name

    def push(self, folder: str, name: str | None = None) -> str:
        """Push an example and have a worker prepare it; the model's name."""
        from safepush.version import read_bundle

        model = name or f"{self.name}/{folder}"
        owner, _, short = model.partition("/")
        assert (
            self.ask("POST", "/v1/models", json={"owner": owner, "name": short}).status_code == 201
        )
        bundle = read_bundle(ROOT / "examples" / "models" / folder)
        for file in bundle.files:
            self.ask("PUT", f"/v1/blobs/{file.sha256}", data=file.source.read_bytes())
        body = {"files": [file.to_json() for file in bundle.files]}
        version = self.ask("POST", f"/v1/models/{model}/versions", json=body).json
        self.world.run("version", version["id"])
        place = f"/v1/models/{model}/aliases/live"
        assert self.ask("PUT", place, json={"version": version["id"]}).status_code == 200
        return model

    def upload(self, content: bytes, name: str = "rows.jsonl") -> str:
        """Keep a file; its id."""
        answer = self.ask("POST", "/v1/files", **multipart(content, name))
        assert answer.status_code == 201, answer.text
        id: str = answer.json["id"]
        return id

    def manifest(self, rows: int = 3) -> str:
        """A small good manifest; its file's id."""
        lines = [json.dumps({"custom_id": f"r{n}", "input": {"text": str(n)}}) for n in range(rows)]
        return self.upload("\n".join(lines).encode())

    def batch(self, model: str, **fields: Any) -> dict[str, Any]:
        """Submit; the batch as it was answered."""
        body = {"model": model, "input_file_id": fields.pop("input_file_id", None)} | fields
        body["input_file_id"] = body["input_file_id"] or self.manifest()
        answer = self.ask("POST", "/v1/batches", json=body)
        assert answer.status_code == 201, answer.text
        shape: dict[str, Any] = answer.json
        return shape

    def finished(self, model: str, **fields: Any) -> dict[str, Any]:
        """Submit, and have a worker do all of it."""
        id = self.batch(model, **fields)["id"]
        self.world.run("batch", id)
        shape: dict[str, Any] = self.ask("GET", f"/v1/batches/{id}").json
        return shape


def multipart(
    content: bytes, name: str = "rows.jsonl", field: str = "file", kind: str = "text/plain"
) -> dict[str, Any]:
    """A multipart body of one file, for `ask`."""
    head = f'--limit\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
    head += f"Content-Type: {kind}\r\n\r\n"
    body = head.encode() + content + b"\r\n--limit--\r\n"
    return {"data": body, "headers": {"Content-Type": "multipart/form-data; boundary=limit"}}


def check_problem(answer: TestResponse) -> None:
    """RFC 9457, with our fields, and the status of the answer itself."""
    assert answer.content_type == "application/problem+json", answer.text
    body = answer.json
    assert body["type"] == "about:blank"
    assert body["status"] == answer.status_code
    assert body["code"]
    assert body["title"]
    assert body["detail"]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    made = World(tmp_path_factory.mktemp("penstock"))
    yield made
    made.close()


@pytest.fixture
def ann(world: World) -> Owner:
    """An owner nobody else is."""
    return world.owner()


@pytest.fixture
def bob(world: World) -> Owner:
    """Somebody else."""
    return world.owner()
