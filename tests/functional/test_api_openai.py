"""What OpenAI's client asks for, without a network: the client itself over the application."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from werkzeug.test import TestResponse

from jobs import config
from jobs.wiring import Wiring, clock
from jobs.worker.validate import Validate
from tests.functional.conftest import MAX_UPLOAD_BYTES, Owner, World, multipart

if TYPE_CHECKING:
    from openai import OpenAI

#: as the client says who it is
AGENT = {"User-Agent": "AsyncOpenAI/Python 3.57.0"}
HERE: Any = "/v1/predictions"


def as_openai(owner: Owner, method: str, path: str, **options: Any) -> TestResponse:
    """A request as the client makes it, without looking at what comes."""
    headers = {"Authorization": f"Bearer {owner.token}", **AGENT, **options.pop("headers", {})}
    return owner.client.open(path, method=method, headers=headers, **options)


def client(owner: Owner, app: Any = None) -> "OpenAI":
    from openai import OpenAI  # not for whoever collects tests: it takes long

    transport = httpx2.WSGITransport(app or owner.world.made.app, raise_app_exceptions=False)
    return OpenAI(
        base_url="https://penstock.test/v1",
        api_key=owner.token,
        http_client=httpx2.Client(transport=transport),
        max_retries=0,
    )


@pytest.fixture
def anns(ann: Owner) -> "Iterator[OpenAI]":
    with client(ann) as made:
        yield made


@pytest.fixture(scope="module")
def second(world: World) -> Iterator[Wiring]:
    """A second process of the API, as far as the first can tell: they share the database alone."""
    made = Wiring(config.load({}, data=world.made.settings.data, url="https://penstock.test"))
    yield made
    made.store.database.close()
    made.celery.close()


def row(name: str = "a", **body: Any) -> bytes:
    given = {"input": {"text": "x"}} | body
    return json.dumps({"custom_id": name, "method": "POST", "url": HERE, "body": given}).encode()


def test_who_does_not_say_so_is_answered_as_before(ann: Owner) -> None:
    file = ann.ask("POST", "/v1/files", **multipart(b"x")).json

    plain = ann.ask("GET", f"/v1/files/{file['id']}").json
    theirs = as_openai(ann, "GET", f"/v1/files/{file['id']}").json
    by_path = ann.ask("GET", f"/openai/v1/files/{file['id']}").json

    assert plain["created_at"].endswith("Z")
    assert theirs == by_path
    assert theirs["created_at"] == pytest.approx(
        ann.world.made.store.files.get(file["id"]).created_at.timestamp(), abs=1
    )
    # nobody said what it is for
    assert (plain["purpose"], theirs["purpose"]) == (None, "user_data")
    assert ann.ask("DELETE", f"/v1/files/{file['id']}").status_code == 204


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "param"),
    [
        ("GET", "/v1/files?limit=0", None, 400, "limit"),
        ("GET", "/v1/files?limit=10001", None, 400, "limit"),
        ("GET", "/v1/files?limit=9999999999", None, 400, "limit"),
        ("GET", "/v1/files?order=up", None, 400, "order"),
        ("GET", "/v1/files?purpose=%00", None, 400, "purpose"),
        ("GET", "/v1/files?purpose=batch_output&after=file_1", None, 400, "after"),
        ("GET", "/v1/files?purpose=batch_output&before=file_batch_0_output", None, 400, "after"),
        ("GET", "/v1/files?purpose=batch_output&after=file_batch_0a_errors", None, 404, None),
        ("GET", "/v1/files?after=a&before=b", None, 400, "before"),
        ("GET", "/v1/files/nothing", None, 404, None),
        ("GET", "/v1/files/nothing/content", None, 404, None),
        ("DELETE", "/v1/files/nothing", None, 404, None),
        ("POST", "/v1/files", b"", 400, "content"),
        ("POST", "/v1/batches", b"{", 400, None),
        ("POST", "/v1/batches", b"[]", 400, None),
        ("POST", "/v1/batches", b'{"model": "a/b", "model": "c/d"}', 400, "model"),
        ("POST", "/v1/batches", b'{"webhook_format": ["openai"]}', 400, "webhook_format"),
        ("POST", "/v1/batches", b'{"endpoint": ["/v1/chat/completions"]}', 400, "endpoint"),
        ("POST", "/v1/batches", b'{"endpoint": "/v1/embeddings"}', 400, "endpoint"),
        ("POST", "/v1/chat/completions", b"{}", 404, None),
        ("PUT", "/v1/batches", b"{}", 405, None),
    ],
)
def test_an_error_has_openais_form(
    ann: Owner, method: str, path: str, body: bytes | None, status: int, param: str | None
) -> None:
    answer = as_openai(ann, method, path, data=body)

    assert (answer.status_code, answer.content_type) == (status, "application/json")
    assert set(answer.json) == {"error"}
    error = answer.json["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert (error["param"], error["type"]) == (param, "invalid_request_error")
    assert error["code"]
    assert param is None or param in error["message"]


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({}, "purpose"),
        ({"purpose": ""}, "purpose"),
        ({"purpose": "batch_output"}, "purpose"),
        ({"purpose": "b" * 5000}, "purpose"),
        ({"purpose": "batch", "expires_after[seconds]": "7200"}, "expires_after.anchor"),
        ({"purpose": "batch", "expires_after[anchor]": "now"}, "expires_after.anchor"),
        ({"purpose": "batch", "expires_after[anchor]": "created_at"}, "expires_after.seconds"),
        *(
            ({"purpose": "batch", "expires_after[anchor]": "created_at",
              "expires_after[seconds]": seconds}, "expires_after.seconds")
            for seconds in ("", "-7200", "3599", "2592001", "7200.5", "²", "9" * 5000)
        ),
    ],
)  # fmt: skip
def test_an_upload_that_cannot_be_is_refused(
    ann: Owner, fields: dict[str, str], param: str
) -> None:
    part = "--limit\r\nContent-Disposition: form-data; name={}\r\n\r\n{}\r\n"
    form = "".join(part.format(f'"{name}"', value) for name, value in fields.items())
    sent = multipart(b"x")

    answer = as_openai(
        ann, "POST", "/v1/files", data=form.encode() + sent["data"], headers=sent["headers"]
    )

    assert answer.status_code == 400
    assert answer.json["error"]["param"] == param
    assert as_openai(ann, "GET", "/v1/files").json["data"] == []


def test_too_large_and_empty_uploads_leave_nothing(ann: Owner, anns: "OpenAI") -> None:
    import openai

    with pytest.raises(openai.APIStatusError) as large:
        anns.files.create(file=b"x" * MAX_UPLOAD_BYTES, purpose="batch")
    with pytest.raises(openai.BadRequestError) as empty:
        anns.files.create(file=b"", purpose="batch")
    void = anns.files.create(file=b"", purpose="user_data")

    assert large.value.status_code == 413
    assert f"{MAX_UPLOAD_BYTES:,}" in large.value.message
    assert empty.value.code == "empty_file"
    assert [one.id for one in anns.files.list()] == [void.id]


def test_a_busy_token_is_told_when_to_come_again(world: World) -> None:
    import openai

    token = world.services.tokens.create("test", "busy", (), ("requests_per_s=0.01",))
    with client(Owner(world, "busy", token)) as asking:
        asking.files.list()

        with pytest.raises(openai.RateLimitError) as caught:
            asking.files.list()

    assert (caught.value.code, caught.value.type) == ("rate_limit_exceeded", "rate_limit_error")
    assert int(caught.value.response.headers["retry-after"]) > 1


def test_what_is_not_in_the_state_for_it_is_not_asked_again(ann: Owner, anns: "OpenAI") -> None:
    import openai

    batch = ann.batch(ann.model())
    ann.ask("POST", f"/v1/batches/{batch['id']}/cancel")

    with pytest.raises(openai.ConflictError) as caught:
        anns.batches.cancel(batch["id"])

    assert caught.value.response.headers["x-should-retry"] == "false"


# --- sent again -----------------------------------------------------------------------------------


def test_a_post_that_is_sent_again_to_another_process_is_one_wish(
    ann: Owner, anns: "OpenAI", second: Wiring
) -> None:
    again = {"X-Stainless-Retry-Count": "1"}
    sent: dict[str, Any] = {"file": ("a.jsonl", row(model=ann.model())), "purpose": "batch"}
    with client(ann, second.app) as other:
        file = anns.files.create(**sent)
        same_file = other.files.create(**sent, extra_headers=again)
        asked: dict[str, Any] = {"input_file_id": file.id, "endpoint": HERE}
        asked["completion_window"] = "24h"
        batch = anns.batches.create(**asked)
        same_batch = other.batches.create(**asked, extra_headers=again)
        another = other.files.create(**sent | {"purpose": "user_data"}, extra_headers=again)
        later = other.batches.create(**asked | {"metadata": {"n": "2"}}, extra_headers=again)
        for one in (batch, later):  # else the next to have a worker run has them run too
            other.batches.cancel(one.id)

    assert (same_file, same_batch.id) == (file, batch.id)
    assert another.id != file.id
    assert later.id != batch.id
    # the bytes that came twice are kept once
    blobs = ann.world.made.blobs.list("uploads/")
    kept = [one.key for one in blobs if one.size_bytes == file.bytes]
    assert len(kept) == 2


def test_a_key_holds_in_every_process(ann: Owner, anns: "OpenAI", second: Wiring) -> None:
    import openai

    key = {"Idempotency-Key": "k"}
    with client(ann, second.app) as other:
        file = anns.files.create(file=("a", b"one"), purpose="batch", extra_headers=key)
        same = other.files.create(file=("a", b"one"), purpose="batch", extra_headers=key)
        for change in ({"file": ("a", b"two")}, {"file": ("b", b"one")}, {"purpose": "vision"}):
            sent: dict[str, Any] = {"file": ("a", b"one"), "purpose": "batch"} | change
            with pytest.raises(openai.ConflictError, match="another request"):
                other.files.create(**sent, extra_headers=key)

    assert same == file
    assert [one.id for one in anns.files.list()] == [file.id]


# --- versions in rows -----------------------------------------------------------------------------


def submit(owner: Owner, *rows: bytes, **fields: Any) -> TestResponse:
    id = owner.upload(b"\n".join(rows))
    body = {"input_file_id": id, "endpoint": HERE, "completion_window": "24h"} | fields
    return as_openai(owner, "POST", "/v1/batches", json=body)


def validated(world: World, id: str) -> None:
    """Check a manifest, and run none of its rows."""
    made = world.made
    validate = Validate(made.store, made.blobs, made.sources.manifest, made.drain, clock)
    validate.run(made.store.batches.claim(id, 60.0))


def faults(owner: Owner, answer: TestResponse) -> list[tuple[int, str, str]]:
    assert answer.status_code == 201, answer.text
    id = answer.json["id"]
    validated(owner.world, id)
    batch = as_openai(owner, "GET", f"/v1/batches/{id}").json
    if batch["status"] == "in_progress":
        owner.ask("POST", f"/v1/batches/{id}/cancel")
    errors = (batch["errors"] or {"data": []})["data"]
    return [(one["line"], one["code"], one["param"]) for one in errors]


def test_the_first_row_names_the_version_and_the_others_may(ann: Owner) -> None:
    model = ann.model()
    digest = ann.ask("GET", f"/v1/models/{model}").json["aliases"]["live"]
    spelt: list[dict[str, Any]] = [
        {"model": model},
        {"version": model},
        {"version": digest},
        {"model": model, "version": digest},
        {"model": f"{model}:{digest}"},
        {"model": None},
        {},
    ]

    answer = submit(ann, *(row(str(number), **body) for number, body in enumerate(spelt)))

    assert (answer.json["model"], answer.json["version"]) == (model, digest)
    assert faults(ann, answer) == []


def test_rows_of_other_versions_are_named_line_by_line(ann: Owner) -> None:
    model, other = ann.model(), ann.model()
    digest = ann.ask("GET", f"/v1/models/{other}").json["aliases"]["live"]

    answer = submit(
        ann,
        row("0", model=model),
        row("1", model=other),
        row("2", version=digest),
        row("3", model=f"{model}:staging"),
        row("4", model=model, version=digest),
        row("5", model=[model]),
        row("6", model=f"{model}:live", version=digest),
    )

    assert faults(ann, answer) == [
        *((line, "other_version", "body.model") for line in (2,)),
        (3, "other_version", "body.version"),
        *((line, "other_version", "body.model") for line in (4, 5, 6)),
        (7, "invalid_version", "body.version"),
    ]


def test_a_bare_model_is_the_live_one_unless_the_request_says_which(ann: Owner) -> None:
    model = ann.model()
    digest = ann.ask("GET", f"/v1/models/{model}").json["aliases"]["live"]
    rows = row("0", model=f"{model}:{digest}"), row("1", model=model)

    assert faults(ann, submit(ann, *rows)) == [(2, "other_version", "body.model")]
    assert faults(ann, submit(ann, row("0", model=f"{model}:live"), row("1", model=model))) == []


def test_a_version_that_the_request_names_is_what_a_bare_model_means(ann: Owner) -> None:
    model = ann.model()
    digest = ann.ask("GET", f"/v1/models/{model}").json["aliases"]["live"]

    answer = submit(ann, row("0", model=model), row("1"), model=f"{model}:{digest}")

    assert faults(ann, answer) == []


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\n", "blank_line"),
        (b"{", "invalid_json"),
        (b"\xef\xbb\xbf{}", "byte_order_mark"),
        (b"PK\x03\x04", "unexpected_zip"),
        (b"\x1f\x8bnot gzip at all", "invalid_gzip"),
        (b"[1]", "missing_model"),
        (b'{"custom_id": "a", "input": {"text": "x"}}', "missing_model"),
        (row(), "missing_model"),
        (row(model=5), "missing_model"),
        (row(model="no slash"), "invalid_request"),
        (row(model="a/b", version="c/d"), "invalid_request"),
        (row(input={"text": "x" * 300_000}, model="a/b"), "line_too_long"),
        (b'{"custom_id": "a", "custom_id": "b"}', "duplicate_key"),
    ],
)
def test_a_manifest_that_says_not_what_runs_it_is_refused_at_once(
    ann: Owner, content: bytes, code: str
) -> None:
    answer = submit(ann, content)

    assert answer.status_code == 400, answer.text
    error = answer.json["error"]
    assert (error["code"], error["param"]) == (code, "model"), error
    assert ann.ask("GET", "/v1/batches").json["data"] == []


@pytest.mark.parametrize("named", [{"model": "no slash"}, {"version": "No/Case"}])
def test_a_row_that_names_what_cannot_be_is_shown(ann: Owner, named: dict[str, Any]) -> None:
    told = submit(ann, row(**named)).json["error"]["message"]
    assert told.startswith(f"line 1: body.{next(iter(named))}: a model is written owner/name")


# --- what is listed, and what goes ----------------------------------------------------------------


def test_results_are_listed_as_files_both_ways(ann: Owner, anns: "OpenAI") -> None:
    model, batches = ann.model(), []
    for _ in range(2):
        id = ann.batch(model)["id"]
        validated(ann.world, id)
        ann.ask("POST", f"/v1/batches/{id}/cancel")
        ann.world.run("batch", id)
        batches.append(ann.ask("GET", f"/v1/batches/{id}").json)
    refused = ann.batch(model, input_file_id=ann.upload(b"{}"))["id"]
    validated(ann.world, refused)  # it has no results

    names = [one[f"{which}_file_id"] for one in batches[::-1] for which in ("output", "error")]
    for limit in (1, 2, 3, 100):
        down = anns.files.list(purpose="batch_output", limit=limit)
        assert [one.id for one in down] == names
        up = anns.files.list(purpose="batch_output", limit=limit, order="asc")
        assert [one.id for one in up] == names[::-1]
    listed = anns.files.list(purpose="batch_output", limit=1).data[0]
    assert listed == anns.files.retrieve(listed.id)


def test_an_upload_whose_time_is_over_goes_by_itself(ann: Owner, anns: "OpenAI") -> None:
    kept: Any = {"anchor": "created_at", "seconds": 3600}
    files = [anns.files.create(file=b"x", purpose="batch", expires_after=kept).id for _ in range(2)]
    stays = anns.files.create(file=b"x", purpose="batch").id
    age(ann.world, files[0])

    ann.world.made.purge().run()

    assert [one.id for one in anns.files.list(order="asc")] == [files[1], stays]
    assert not any(files[0] in one.key for one in ann.world.made.blobs.list("uploads/"))


def age(world: World, file: str) -> None:
    """Let an upload have been made two hours ago, as far as its end goes."""
    from sqlalchemy import update

    from jobs.adapters.sql.tables import files

    ends = world.made.store.files.get(file).expires_at
    assert ends is not None
    with world.made.store.database.write() as connection:
        earlier = ends - timedelta(hours=2)
        connection.execute(update(files).where(files.c.id == file).values(expires_at=earlier))
