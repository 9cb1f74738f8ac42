"""OpenAI's Python client, unmodified, through its files and batches.

    OPENAI_BASE_URL=http://…/v1 OPENAI_API_KEY=… python openai_walk.py OWNER [HOOK]

OWNER is the token's; it has the model `tale` of tests/models. HOOK is told of one batch. Each step
says what it saw; the first that saw something else ends the walk.
"""

import asyncio
import io
import json
import sys
import tempfile
import time
import uuid
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar

import openai
from openai import AsyncOpenAI, OpenAI
from openai.types import Batch, FileObject

OWNER = sys.argv[1]
HOOK = sys.argv[2] if len(sys.argv) > 2 else None
TALE = f"{OWNER}/tale"
HERE: Any = "/v1/predictions"  # OpenAI's own are the only ones that its types know
client = OpenAI(max_retries=1)
E = TypeVar("E", bound=openai.APIStatusError)


def say(step: str, saw: object) -> None:
    sys.stdout.write(f"{step}: {saw}\n")
    sys.stdout.flush()


def refused(kind: type[E], call: Any, *arguments: Any, **named: Any) -> E:
    """The error that a call raises, of this very kind, which says why."""
    error = raised(call, *arguments, **named)
    assert type(error) is kind, repr(error)
    assert isinstance(error.body, dict), error.body
    assert error.message.endswith(error.body["message"]), error
    assert error.code, error
    assert error.request_id is not None
    assert error.request_id.startswith("req_"), error.request_id
    return error


def raised(call: Any, *arguments: Any, **named: Any) -> openai.APIStatusError:
    try:
        call(*arguments, **named)
    except openai.APIStatusError as error:
        return error
    raise AssertionError(f"{call} raised nothing")


def row(number: int, text: Any, model: str = TALE, **changes: Any) -> dict[str, Any]:
    body = {"model": model, "input": {"text": text} | changes}
    return {"custom_id": f"row-{number}", "method": "POST", "url": HERE, "body": body}


def manifest(*rows: dict[str, Any]) -> bytes:
    return "\n".join(map(json.dumps, rows)).encode()


def uploaded(*rows: dict[str, Any]) -> FileObject:
    return client.files.create(file=("rows.jsonl", manifest(*rows)), purpose="batch")


def submitted(file: FileObject, **named: Any) -> Batch:
    return client.batches.create(
        input_file_id=file.id, endpoint=HERE, completion_window="24h", **named
    )


def ended(batch: Batch) -> Batch:
    while batch.status in ("validating", "in_progress", "finalizing", "cancelling"):
        time.sleep(0.1)
        batch = client.batches.retrieve(batch.id)
    return batch


def lines(id: str | None) -> list[dict[str, Any]]:
    assert id is not None
    return [json.loads(line) for line in client.files.content(id).text.splitlines()]


def files() -> None:
    content = manifest(row(1, "x")) + b"\n\xc3\xa9\x00"
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "räum.jsonl"
        place.write_bytes(content)
        made = client.files.create(file=place, purpose="batch")
    assert (made.object, made.purpose, made.status) == ("file", "batch", "processed")
    assert (made.filename, made.bytes, made.expires_at) == ("räum.jsonl", len(content), None)
    assert type(made.created_at) is int
    assert abs(made.created_at - time.time()) < 600
    assert client.files.retrieve(made.id) == made
    assert client.files.wait_for_processing(made.id, poll_interval=0.1) == made
    assert client.files.content(made.id).read() == content
    raw = client.files.with_raw_response.content(made.id)
    assert raw.headers["content-length"] == str(len(content))
    with client.files.with_streaming_response.content(made.id) as streamed:
        assert b"".join(streamed.iter_bytes()) == content
    kept: Any = {"anchor": "created_at", "seconds": 7200}
    brief = client.files.create(file=io.BytesIO(b"x"), purpose="user_data", expires_after=kept)
    assert brief.expires_at is not None
    assert 7100 < brief.expires_at - brief.created_at <= 7201
    gone = client.files.delete(made.id)
    assert (gone.id, gone.object, gone.deleted) == (made.id, "file", True)
    for call in (client.files.retrieve, client.files.content, client.files.delete):
        assert refused(openai.NotFoundError, call, made.id).code == "not_found"
    say("files: create, retrieve, content, wait, expire, delete", made.filename)


def pages_of_files() -> None:
    made = [uploaded(row(number, "x")).id for number in range(5)]
    other = client.files.create(file=b"picture", purpose="vision").id
    seen = [one.id for one in client.files.list(limit=2)]  # turns the pages by itself
    assert seen[:6] == [other, *reversed(made)]
    assert len(seen) == len(set(seen)) > 6
    page = client.files.list(purpose="batch", order="asc", limit=2, after=made[1])
    assert ([one.id for one in page.data], page.has_more) == (made[2:4], True)
    assert [one.id for one in page.get_next_page().data] == made[4:]
    assert client.files.list().data[0].id == other
    assert other not in [one.id for one in client.files.list(purpose="batch")]
    wrong: Any = "sideways"
    assert refused(openai.BadRequestError, client.files.list, order=wrong).param == "order"
    assert refused(openai.BadRequestError, client.files.list, limit=0).param == "limit"
    say("files: pages, both ways, by purpose", len(seen))


def uploads_refused() -> None:
    create = client.files.create
    empty = refused(openai.BadRequestError, create, file=("a.jsonl", b""), purpose="batch")
    assert (empty.code, empty.param) == ("empty_file", "file")
    wrong = refused(openai.BadRequestError, create, file=b"x", purpose="assistants")
    assert wrong.param == "purpose"
    assert "batch" in wrong.message
    short = {"anchor": "created_at", "seconds": 60}
    error = refused(openai.BadRequestError, create, file=b"x", purpose="batch", expires_after=short)
    assert error.param == "expires_after.seconds"
    say("files: empty, for nothing known, for too short a time", wrong.message)


def a_batch() -> None:
    rows = [row(number, f"once upon {number}") for number in range(3)]
    rows.append(row(3, "a b c", fails_at=2))
    file = uploaded(*rows)
    hooked: Any = {"webhook": HOOK, "webhook_format": "openai"} if HOOK else {}
    batch = submitted(file, metadata={"night": "1"}, extra_body=hooked)
    assert (batch.object, batch.endpoint, batch.completion_window) == ("batch", HERE, "24h")
    assert (batch.input_file_id, batch.metadata) == (file.id, {"night": "1"})
    assert batch.model == TALE
    assert batch.errors is None
    assert batch.expires_at is not None
    assert batch.expires_at - batch.created_at == 86_400
    done = ended(batch)
    assert done.status == "completed", done
    assert done.request_counts is not None
    counts = done.request_counts
    assert (counts.total, counts.completed, counts.failed) == (4, 3, 1)
    times = (done.created_at, done.in_progress_at, done.finalizing_at, done.completed_at)
    assert all(type(one) is int for one in times), times
    assert sorted(times) == list(times)  # type: ignore[type-var]
    assert (done.failed_at, done.cancelled_at, done.expired_at, done.usage) == (None,) * 4
    outputs = lines(done.output_file_id)
    assert [one["custom_id"] for one in outputs] == ["row-0", "row-1", "row-2"]
    for number, one in enumerate(outputs):
        assert one["error"] is None
        assert one["response"]["status_code"] == 200
        assert "".join(one["response"]["body"]["output"]) == f"once upon {number}"
    [bad] = lines(done.error_file_id)
    assert (bad["custom_id"], bad["response"]) == ("row-3", None)
    assert bad["error"]["code"] == "prediction_failed"
    assert bad["error"]["message"].endswith("word 2 is too hard")
    results_as_files(done)
    whole = ended(submitted(uploaded(row(0, "x"))))
    assert whole.error_file_id is None
    results = [one.id for one in client.files.list(purpose="batch_output", limit=2)]
    assert results[:3] == [whole.output_file_id, done.output_file_id, done.error_file_id]
    refused(openai.ConflictError, client.batches.cancel, done.id)
    say("batches: create, retrieve, results", counts.to_dict())


def results_as_files(done: Batch) -> None:
    assert done.output_file_id is not None
    result = client.files.retrieve(done.output_file_id)
    assert (result.purpose, result.status) == ("batch_output", "processed")
    assert result.bytes == len(client.files.content(result.id).read())
    error = refused(openai.ConflictError, client.files.delete, result.id)
    assert "batch" in error.message


def refused_manifests() -> None:
    bad = submitted(uploaded(row(0, "x"), row(1, 5), row(0, "y"), row(3, "z", f"{OWNER}/other")))
    failed = ended(bad)
    assert failed.status == "failed"
    assert failed.failed_at is not None
    assert (failed.output_file_id, failed.error_file_id) == (None, None)
    assert failed.errors is not None
    found = [(one.line, one.code, one.param) for one in failed.errors.data or ()]
    assert found == [
        (2, "wrong_type", "body.input.text"),
        (3, "duplicate_custom_id", "custom_id"),
        (4, "other_version", "body.model"),
    ]
    chat = row(1, "x") | {"url": "/v1/chat/completions"}
    [error] = ended(submitted(uploaded(row(0, "x"), chat))).errors.data  # type: ignore[union-attr,misc]
    assert (error.line, error.code, error.param) == (2, "invalid_url", "url")
    assert "/v1/chat/completions" in (error.message or "")
    say("batches: a manifest that is refused, line by line", error.message)


def refused_batches() -> None:
    create, bad = client.batches.create, openai.BadRequestError
    good: Any = {"input_file_id": uploaded(row(0, "x")).id, "completion_window": "24h"}
    good["endpoint"] = HERE
    error = refused(bad, create, **good | {"endpoint": "/v1/chat/completions"})
    assert error.param == "endpoint"
    assert "/v1/chat/completions, which is not served here" in error.message
    picture = client.files.create(file=b"picture", purpose="vision").id
    for change, param in (
        ({"input_file_id": picture}, "input_file_id"),
        ({"input_file_id": "nothing"}, "input_file_id"),
        ({"completion_window": "24 hours"}, "completion_window"),
        ({"metadata": {"k": "v" * 513}}, "metadata.k"),
        ({"output_expires_after": {"anchor": "created_at", "seconds": 3600}},
         "output_expires_after"),
        ({"extra_body": {"webhook": HOOK, "webhook_format": "xml"}}, "webhook_format"),
        ({"input_file_id": uploaded({"custom_id": "a", "input": {"text": "x"}}).id}, "model"),
        ({"input_file_id": uploaded(row(0, "x", "no-slash")).id}, "model"),
    ):  # fmt: skip
        assert refused(bad, create, **good | change).param == param, change
    gone = uploaded(row(0, "x"))
    client.files.delete(gone.id)
    for change in (
        {"input_file_id": gone.id},
        {"input_file_id": uploaded(row(0, "x", f"{OWNER}/nothing")).id},
    ):
        refused(openai.NotFoundError, create, **good | change)
    refused(openai.NotFoundError, client.batches.retrieve, "batch_nothing")
    refused(openai.NotFoundError, client.batches.cancel, "batch_nothing")
    say("batches: what cannot be", error.message)


def cancelling() -> None:
    batch = submitted(uploaded(*(row(number, "a b", pause_s=0.2) for number in range(40))))
    while batch.status == "validating":
        batch = client.batches.retrieve(batch.id)
    asked = client.batches.cancel(batch.id)
    assert asked.status in ("cancelling", "finalizing", "cancelled")
    assert type(asked.cancelling_at) is int
    stopped = ended(asked)
    assert stopped.status == "cancelled"
    assert type(stopped.cancelled_at) is int
    left = lines(stopped.error_file_id)
    assert {one["error"]["code"] for one in left} == {"cancelled"}
    assert len(left) + len(lines(stopped.output_file_id)) == 40
    say("batches: cancel", f"{len(left)} of 40 rows were not run")


def pages_of_batches() -> None:
    file = uploaded(row(0, "x"))
    made = [submitted(file, metadata={"number": str(number)}).id for number in range(3)]
    seen = [one.id for one in client.batches.list(limit=2)]
    assert seen[:3] == made[::-1]
    assert len(seen) == len(set(seen)) > 3
    page = client.batches.list(limit=1, after=made[1])
    assert ([one.id for one in page.data], page.has_more) == ([made[0]], True)
    for id in made:
        ended(client.batches.retrieve(id))
    say("batches: pages", len(seen))


def once() -> None:
    file = uploaded(row(0, "x"))
    key = {"Idempotency-Key": f"walk-{uuid.uuid4()}"}
    first = submitted(file, extra_headers=key)
    assert submitted(file, extra_headers=key).id == first.id
    other: Any = {"input_file_id": file.id, "endpoint": HERE, "completion_window": "48h"}
    refused(openai.ConflictError, client.batches.create, **other, extra_headers=key)
    content: Any = {"file": ("once.jsonl", manifest(row(0, "once"))), "purpose": "batch"}
    key = {"Idempotency-Key": f"walk-{uuid.uuid4()}"}
    made = client.files.create(**content, extra_headers=key)
    assert client.files.create(**content, extra_headers=key).id == made.id
    refused(openai.ConflictError, client.files.create, file=b"y", purpose="batch",
            extra_headers=key)  # fmt: skip
    assert client.files.create(**content).id != made.id
    say("a key makes one batch, and one file", [first.id, made.id])


def models() -> None:
    found = {one.id: one for one in client.models.list()}
    assert (found[TALE].object, found[TALE].owned_by) == ("model", OWNER)
    assert type(found[TALE].created) is int
    assert client.models.retrieve(TALE) == found[TALE]
    refused(openai.NotFoundError, client.models.retrieve, f"{OWNER}/nothing")
    refused(openai.NotFoundError, client.models.retrieve, "gpt-6")
    say("models: list, retrieve", sorted(found))


def strangers() -> None:
    stranger = OpenAI(api_key="nobody")
    error = refused(openai.AuthenticationError, stranger.files.list)
    assert error.code == "invalid_api_key"
    refused(openai.AuthenticationError, stranger.batches.list)
    messages: Any = [{"role": "user", "content": "hi"}]
    chat = client.chat.completions.create
    unserved = refused(openai.NotFoundError, chat, model="gpt", messages=messages)
    assert "/v1/chat/completions, which is not served here" in unserved.message
    say("without a good token", error.message)


async def asynchronous() -> None:
    asking = AsyncOpenAI()
    file = await asking.files.create(file=("rows.jsonl", manifest(row(0, "x"))), purpose="batch")
    assert (await asking.files.content(file.id)).read() == manifest(row(0, "x"))
    batch = await asking.batches.create(
        input_file_id=file.id, endpoint=HERE, completion_window="24h"
    )
    while (batch := await asking.batches.retrieve(batch.id)).status != "completed":
        await asyncio.sleep(0.1)
    assert batch.output_file_id is not None
    text = (await asking.files.content(batch.output_file_id)).text
    assert json.loads(text)["response"]["body"]["output"] == ["x"]
    assert batch.id in [one.id async for one in asking.batches.list(limit=1)]
    assert file.id in [one.id async for one in asking.files.list(limit=2)]
    assert (await asking.files.delete(file.id)).deleted
    try:
        await asking.batches.cancel("batch_nothing")
    except openai.NotFoundError as error:
        say("the same without waiting", error.message)
    await asking.close()


STEPS = (
    *(files, pages_of_files, uploads_refused, a_batch, refused_manifests, refused_batches),
    *(cancelling, pages_of_batches, once, models, strangers),
)

if __name__ == "__main__":
    for step in STEPS:
        step()
    asyncio.run(asynchronous())
    say("walked", metadata.version("openai"))
