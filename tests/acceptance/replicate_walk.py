"""Replicate's Python client, unmodified, through all that it asks.

    REPLICATE_BASE_URL=https://… REPLICATE_API_TOKEN=… python replicate_walk.py OWNER [HOOK]

OWNER is the token's; it has the models `tale`, `copies` and `line` of tests/models. HOOK is told of
one prediction and one training. Each step says what it saw; the first that saw something else ends
the walk.
"""

import asyncio
import io
import json
import sys
import tempfile
import time
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar

import replicate
from replicate.exceptions import ModelError, ReplicateError
from replicate.helpers import FileOutput

OWNER = sys.argv[1]
HOOK = sys.argv[2] if len(sys.argv) > 2 else None
TALE, COPIES, LINE = (f"{OWNER}/{name}" for name in ("tale", "copies", "line"))
TEXT = "once upon a time"
client = replicate.default_client
E = TypeVar("E", bound=Exception)


def say(step: str, saw: object) -> None:
    sys.stdout.write(f"{step}: {saw}\n")
    sys.stdout.flush()


def raised(kind: type[E], call: Any, *arguments: Any, **named: Any) -> E:
    """The error that a call raises."""
    try:
        call(*arguments, **named)
    except kind as error:
        return error
    raise AssertionError(f"{call} raised nothing")


def refused(status: int, call: Any, *arguments: Any, **named: Any) -> ReplicateError:
    """The error that a call raises, which has this status and says why."""
    error = raised(ReplicateError, call, *arguments, **named)
    assert error.status == status, error
    assert error.title, error
    assert error.detail, error
    return error


def account() -> None:
    me = client.accounts.current()
    assert (me.type, me.username, me.name) == ("user", OWNER, OWNER)
    skus = [one.sku for one in replicate.hardware.list()]
    assert skus[0] == "cpu"
    found = replicate.collections.list()
    assert list(found) == []
    refused(404, replicate.collections.get, "text-to-image")
    say("account, hardware, collections", [me.username, skus])
    stranger = replicate.Client(api_token="nobody")
    error = refused(401, stranger.accounts.current)
    say("without a good token", error.title)


def models() -> None:
    name = f"m{time.time_ns()}"
    about = {"description": "a walrus that writes", "github_url": "https://example.com/walrus"}
    made = replicate.models.create(OWNER, name, hardware="cpu", visibility="private", **about)
    assert (made.owner, made.name, made.visibility, made.run_count) == (OWNER, name, "private", 0)
    assert made.description == about["description"]
    assert made.github_url == about["github_url"]
    assert (made.latest_version, made.default_example) == (None, None)
    refused(409, replicate.models.create, OWNER, name, hardware="cpu", visibility="private")
    refused(422, replicate.models.create, OWNER, "Not A Name", hardware="cpu", visibility="private")
    assert made.id in [one.id for page in replicate.paginate(replicate.models.list) for one in page]
    assert [one.id for one in replicate.models.search(f"walrus {name}")] == [made.id]
    assert list(replicate.models.search(f"{name} elephant")) == []
    assert replicate.models.delete(made.id) is True
    refused(404, replicate.models.get, made.id)
    refused(409, replicate.models.delete, TALE)
    refused(404, replicate.models.get, "somebody/else")
    say("models: create, get, list, search, delete", made.id)


def versions() -> None:
    model = replicate.models.get(TALE)
    [version] = model.versions.list()
    assert model.latest_version is not None
    assert version.id == model.latest_version.id
    assert model.versions.get(version.id).id == version.id
    output = version.openapi_schema["components"]["schemas"]["Output"]
    assert (output["type"], output["x-cog-array-type"]) == ("array", "iterator")
    refused(404, model.versions.get, "0" * 64)
    refused(409, model.versions.delete, version.id)  # it is live
    model.reload()
    say("versions: list, get, delete of a live one is refused", version.id[:12])


def runs() -> None:
    version = replicate.models.get(TALE).versions.list()[0]
    joined = "".join(replicate.run(TALE, {"text": TEXT}))
    pieces = replicate.run(f"{TALE}:{version.id}", {"text": TEXT})
    assert not isinstance(pieces, list)  # an iterator, as the schema says
    assert joined == "".join(pieces) == TEXT
    polled = replicate.run(TALE, {"text": TEXT}, wait=False)
    assert "".join(polled) == TEXT
    late = replicate.run(TALE, {"text": TEXT, "pause_s": 0.3}, wait=1)
    assert "".join(late) == TEXT  # it had not ended by then, and was asked about again
    live = replicate.run(version, {"text": TEXT, "pause_s": 0.1}, wait=False)
    assert "".join(live) == TEXT
    say("run: by model, by version, waiting, polling, as it comes", joined)
    failed = raised(ModelError, replicate.run, TALE, {"text": TEXT, "fails_at": 2})
    assert (failed.prediction.error or "").endswith("word 2 is too hard")
    assert "Traceback" in (failed.prediction.logs or "")
    assert failed.prediction.status == "failed"
    say("run: a model that fails", failed)
    error = refused(422, replicate.run, TALE, {"text": 5, "pause_s": 99})
    say("run: an input that is none", error.detail)
    refused(404, replicate.run, f"{OWNER}/nothing", {})
    refused(404, replicate.run, f"{TALE}:{'0' * 64}", {})
    refused(422, replicate.run, f"{TALE}:5c7d5dc6", {"text": "x"})


def files_in_and_out() -> None:
    content = b"1\r\n\x00\xff" * 50_000
    with tempfile.NamedTemporaryFile(suffix=".txt") as file:
        file.write(content)
        file.flush()
        by_path = replicate.run(COPIES, {"file": Path(file.name), "copies": 2})
        with Path(file.name).open("rb") as opened:
            inline = replicate.run(COPIES, {"file": opened}, file_encoding_strategy="base64")
    assert len(by_path) == 2
    for output in [*by_path, *inline]:
        assert isinstance(output, FileOutput), output
        assert output.read() == content
        assert b"".join(output) == content
    assert by_path[1].url.endswith("copy-1.txt")
    bare = replicate.run(COPIES, {"file": io.BytesIO(b"x")}, use_file_output=False)
    assert bare[0].startswith("https://")
    assert FileOutput(bare[0], replicate.Client(api_token="another")).read() == b"x"
    chained = replicate.run(COPIES, {"file": bare[0]})
    assert chained[0].read() == b"x"
    say("files: local ones in, FileOutput out, one into the next", bare[0].rpartition("/")[2])


def predictions() -> None:
    version = replicate.models.get(TALE).versions.list()[0]
    made = replicate.predictions.create(version=version, input={"text": TEXT})
    assert (made.status, made.model, made.version) == ("starting", TALE, version.id)
    assert (made.output, made.error, made.input) == (None, None, {"text": TEXT})
    made.wait()
    assert (made.status, made.output) == ("succeeded", ["once", " upon", " a", " time"])
    assert made.metrics is not None
    assert made.metrics["predict_time"] >= 0
    assert made.progress is not None
    assert (made.progress.current, made.progress.total) == (3, 4)
    assert made.completed_at is not None
    again = replicate.predictions.get(made.id)
    assert again.output == made.output
    by_model = replicate.models.predictions.create(TALE, {"text": "x"}, wait=True)
    assert by_model.status == "succeeded"
    refused(404, replicate.predictions.get, "pred_nothing")
    first = replicate.predictions.list()
    ids = [one.id for one in first]
    more = [replicate.predictions.create(model=TALE, input={"text": "x"}) for _ in ids]
    pages = replicate.paginate(replicate.predictions.list)
    seen = [one.id for page in pages for one in page]
    assert len(seen) == len(set(seen)) > len(ids)
    assert {made.id, by_model.id, *(one.id for one in more)} <= set(seen)
    say("predictions: create, wait, get, list, pages", len(seen))


def cancelling() -> None:
    slow = replicate.predictions.create(model=TALE, input={"text": TEXT, "pause_s": 30})
    while slow.status == "starting":
        time.sleep(0.05)
        slow.reload()
    slow.cancel()
    slow.wait()
    assert (slow.status, slow.error) == ("canceled", None)
    assert replicate.predictions.cancel(slow.id).status == "canceled"
    refused(404, replicate.predictions.cancel, "pred_nothing")
    say("predictions: cancel, and once more", slow.status)


def streams() -> None:
    events = list(replicate.stream(TALE, input={"text": f"{TEXT}\nthere was"}))
    kinds = [event.event.value for event in events]
    assert kinds == ["output"] * 5 + ["done"]
    assert "".join(map(str, events)) == f"{TEXT}\nthere was"
    assert json.loads(events[-1].data) == {}
    late = replicate.predictions.create(model=TALE, input={"text": TEXT})
    late.wait()
    assert "".join(map(str, late.stream())) == TEXT  # all of it, though it was over
    began = time.monotonic()
    for event in replicate.stream(TALE, input={"text": TEXT, "pause_s": 0.2}):
        if str(event) == "once":
            heard_s = time.monotonic() - began
            break
    failing = replicate.stream(TALE, input={"text": TEXT, "fails_at": 1})
    error = raised(RuntimeError, list, failing)
    assert json.loads(str(error))["detail"].endswith("word 1 is too hard")
    [first, *_] = replicate.stream(COPIES, input={"file": io.BytesIO(b"streamed")})
    assert first.data.read() == b"streamed"
    say("stream: live, late, failing, with a file; the first word came after", f"{heard_s:.2f} s")


def deployments() -> None:
    version = replicate.models.get(TALE).versions.list()[0].id
    name = f"d{time.time_ns()}"
    size = {"hardware": "cpu", "min_instances": 0, "max_instances": 1}
    made = replicate.deployments.create(name=f"{OWNER}/{name}", model=TALE, version=version, **size)
    assert (made.owner, made.name) == (OWNER, name)
    release = made.current_release
    assert release is not None
    assert (release.number, release.model, release.version) == (1, TALE, version)
    assert release.configuration.dict() == size
    assert release.created_by is not None
    assert (release.created_by.username, release.created_by.name) == (OWNER, "embedded")
    refused(409, replicate.deployments.create, name=name, model=TALE, version=version, **size)
    told = replicate.deployments.get(f"{OWNER}/{name}").predictions.create({"text": TEXT})
    told.wait()
    assert "".join(told.output) == TEXT
    waited = replicate.predictions.create(deployment=f"{OWNER}/{name}", input={"text": TEXT})
    assert "".join(map(str, waited.stream())) == TEXT
    [copies] = replicate.models.get(COPIES).versions.list()
    other = replicate.deployments.update(OWNER, name, version=f"{COPIES}:{copies.id}")
    assert other.current_release is not None
    assert (other.current_release.number, other.current_release.version) == (2, copies.id)
    files = {"file": io.BytesIO(b"through")}
    through = replicate.deployments.predictions.create(f"{OWNER}/{name}", files, wait=True)
    assert (through.version, through.status) == (copies.id, "succeeded")
    assert replicate.predictions.get(told.id).version == version
    back = replicate.deployments.update(OWNER, name, version=f"{TALE}:{version}", max_instances=2)
    assert back.current_release is not None
    assert back.current_release.configuration.max_instances == 2
    refused(422, replicate.deployments.update, OWNER, name, min_instances=3)
    pages = replicate.paginate(replicate.deployments.list)
    assert name in [one.name for page in pages for one in page]
    assert replicate.deployments.delete(OWNER, name) is True
    refused(404, replicate.deployments.get, f"{OWNER}/{name}")
    refused(404, replicate.deployments.get, "somebody/else")
    say("deployments: create, update, get, list, predictions, delete", name)


def uploads() -> None:
    made = replicate.files.create(
        io.BytesIO(b"rows"), filename="räum.jsonl", content_type="text/x", metadata={"a": "1"}
    )
    assert (made.name, made.content_type, made.size) == ("räum.jsonl", "text/x", 4)
    assert made.metadata == {"a": "1"}
    assert replicate.files.get(made.id).checksums == made.checksums
    assert made.id in [one.id for one in replicate.files.list()]
    assert (
        FileOutput(made.urls["download"], replicate.Client(api_token="another")).read() == b"rows"
    )
    assert replicate.files.delete(made.id) is True
    refused(404, replicate.files.get, made.id)
    refused(404, replicate.files.delete, made.id)
    say("files: create, get, list, download, delete", made.name)


def webhooks() -> None:
    assert replicate.webhooks.default.secret().key.startswith("whsec_")
    bad = {"webhook": "https://example.com/", "webhook_events_filter": ["finished"]}
    refused(422, replicate.predictions.create, model=TALE, input={"text": "x"}, **bad)
    refused(
        422, replicate.predictions.create, model=TALE, input={"text": "x"}, webhook="gopher://x"
    )
    if HOOK is not None:
        told = {"webhook": HOOK, "webhook_events_filter": ["start", "completed"]}
        replicate.predictions.create(model=TALE, input={"text": "x"}, **told).wait()
    say("webhooks: the secret, filters", HOOK)


def trainings() -> None:
    base = replicate.models.get(LINE)
    assert base.latest_version is not None
    schemas = base.latest_version.openapi_schema["components"]["schemas"]
    assert list(schemas["TrainingInput"]["properties"])[:2] == ["points", "steps"]
    name = f"t{time.time_ns()}"
    to = replicate.models.create(OWNER, name, hardware="cpu", visibility="private")
    points = io.BytesIO(b"0,1\n1,3\n2,5\n")
    asked = {"destination": to, "input": {"points": points, "steps": 400, "pause_s": 0.1}}
    told = {"webhook": HOOK, "webhook_events_filter": ["start", "completed"]} if HOOK else {}
    made = replicate.trainings.create(model=LINE, version=base.latest_version, **asked, **told)
    assert (made.status, made.model, made.version) == ("starting", LINE, base.latest_version.id)
    assert made.id in [one.id for one in replicate.trainings.list()]
    while made.status in ("starting", "processing"):
        time.sleep(0.05)
        made.reload()
    assert (made.status, made.error) == ("succeeded", None), made.error
    assert made.destination == to.id
    assert made.output is not None
    assert "step 300 of 400" in (made.logs or "")
    assert replicate.run(made.output["version"], {"x": 10.0}) == 21.0
    assert replicate.run(to.id, {"x": 10.0}, wait=False) == 21.0
    weights = FileOutput(made.output["weights"], replicate.Client(api_token="another")).read()
    assert json.loads(weights) == {"slope": 2.0, "offset": 1.0}
    say("trainings: create, list, get, run what was trained", made.output["version"][-12:])


def trainings_that_end_otherwise() -> None:
    base = f"{LINE}:{replicate.models.get(LINE).versions.list()[0].id}"
    to = replicate.models.create(
        OWNER, f"t{time.time_ns()}", hardware="cpu", visibility="private"
    ).id
    slow = {"points": io.BytesIO(b"0,1\n"), "pause_s": 30}
    made = replicate.trainings.create(base, slow, to)
    while made.status == "starting":
        time.sleep(0.05)
        made.reload()
    made.cancel()
    while made.status == "processing":
        time.sleep(0.05)
        made.reload()
    assert (made.status, made.error, made.output) == ("canceled", None, None)
    assert list(replicate.models.get(to).versions.list()) == []
    error = refused(422, replicate.trainings.create, base, {"steps": 0, "points": 5}, to)
    assert "input.steps" in (error.detail or "")
    assert "input.points" in (error.detail or "")
    refused(404, replicate.trainings.create, base, {}, f"{OWNER}/nothing")
    refused(404, replicate.trainings.get, "train_nothing")
    refused(404, replicate.trainings.cancel, "train_nothing")
    say("trainings: cancel, inputs that are none, a destination that is not there", made.status)


async def asynchronous() -> None:
    output = await replicate.async_run(TALE, {"text": TEXT})
    assert "".join(output) == TEXT
    events = [event async for event in await replicate.async_stream(TALE, input={"text": TEXT})]
    assert "".join(map(str, events)) == TEXT
    [file] = await replicate.async_run(COPIES, {"file": io.BytesIO(b"async")})
    assert await file.aread() == b"async"
    made = await replicate.predictions.async_create(model=TALE, input={"text": TEXT})
    await made.async_wait()
    assert made.status == "succeeded"
    me = await client.accounts.async_current()
    say("the same without waiting", me.username)


STEPS = (
    *(account, models, versions, runs, files_in_and_out),
    *(predictions, cancelling, streams, deployments, uploads, webhooks),
    *(trainings, trainings_that_end_otherwise),
)

if __name__ == "__main__":
    for step in STEPS:
        step()
    asyncio.run(asynchronous())
    say("walked", metadata.version("replicate"))
