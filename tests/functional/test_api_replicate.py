"""What Replicate's clients count on, beyond what they can be seen to count on."""

import json
import socket
import time
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from jobs.adapters.sql.tables import predictions
from jobs.api.resent import Waits
from jobs.core import file, tickets
from jobs.core.errors import BadRequest
from jobs.core.request import cancel_after_s
from jobs.core.uri import own, own_output
from jobs.wiring import clock
from jobs.worker.stream import SAVE_S, Stream
from tests.functional.conftest import ROOT, Owner, World
from tests.servers.penstock import until

ORIGIN = "https://penstock.test"


@pytest.fixture(scope="module")
def cleo(world: World) -> Owner:
    """The owner of both models, which are loaded once."""
    owner = world.owner()
    for name in ("tale", "copies"):
        owner.push(str(ROOT / "tests" / "models" / name), f"{owner.name}/{name}")
    return owner


def run(owner: Owner, model: str, given: dict[str, Any]) -> dict[str, Any]:
    """A prediction's end."""
    made = owner.ask("POST", f"/v1/models/{owner.name}/{model}/predictions", json={"input": given})
    assert made.status_code == 201, made.text
    owner.world.run("prediction", made.json["id"])
    ended: dict[str, Any] = owner.ask("GET", f"/v1/predictions/{made.json['id']}").json
    return ended


def bare(owner: Owner, url: str, **options: Any) -> TestResponse:
    """What somebody without a token is answered who has the address."""
    return owner.client.get(url.removeprefix(ORIGIN), **options)


# --- addresses that let in --------------------------------------------------------------------


def test_the_address_of_an_output_is_enough_until_it_expires(cleo: Owner, bob: Owner) -> None:
    upload = cleo.upload(b"words")
    ended = run(cleo, "copies", {"file": f"{ORIGIN}/v1/files/{upload}"})
    [url] = ended["output"]
    assert url.endswith("/copy-0.txt")

    assert bare(cleo, url).data == b"words"
    assert bob.ask("GET", url.removeprefix(ORIGIN)).data == b"words"
    assert bare(cleo, url).headers["Content-Security-Policy"] == "sandbox"

    [ticket] = [part for part in url.split("/") if "-" in part and "." not in part]
    kept = cleo.world.made.store.predictions.get(ended["id"])
    old = tickets.ticket(kept.secret, f"{kept.id} files", clock() - timedelta(days=3))
    stream = ended["urls"]["stream"].rpartition("/")[2]
    assert bare(cleo, url.replace(ticket, old)).status_code == 403
    for wrong in (ticket[:-1] + ("0" if ticket[-1] != "0" else "1"), stream, "f" * 8):
        assert bare(cleo, url.replace(ticket, wrong)).status_code == 404
    # its owner needs none
    plain = url.replace(f"{ticket}/", "").removeprefix(ORIGIN)
    assert cleo.ask("GET", plain).data == b"words"
    assert bob.ask("GET", plain).status_code == 404
    cleo.ask("DELETE", f"/v1/predictions/{ended['id']}")
    assert bare(cleo, url).status_code == 404


def test_what_gives_files_has_its_stream_where_the_js_client_takes_them_for_files(
    cleo: Owner,
) -> None:
    upload = cleo.upload(b"words")
    files = run(cleo, "copies", {"file": f"{ORIGIN}/v1/files/{upload}"})
    words = run(cleo, "tale", {"text": "two words"})
    assert files["urls"]["stream"].startswith(f"{ORIGIN}/v1/files/{files['id']}/stream/")
    assert words["urls"]["stream"].startswith(f"{ORIGIN}/v1/predictions/{words['id']}/stream/")
    assert files["output"][0] in bare(cleo, files["urls"]["stream"]).text


def test_the_page_of_a_prediction_lets_in_by_its_address_and_runs_nothing(cleo: Owner) -> None:
    hostile = '<script>alert(1)</script> "><img/src=x/onerror=alert(2)> javascript:alert(3) {{7*7}}'
    told = run(cleo, "tale", {"text": hostile})
    web = told["urls"]["web"]
    assert web.startswith(f"{ORIGIN}/p/{told['id']}/")
    page = bare(cleo, web)
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "{{7*7}}" in page.text
    for raw in ("<script", "<img", 'href="javascript'):
        assert raw not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "succeeded" in page.text
    assert "<dd>text</dd>" in page.text  # an input's name

    kept = cleo.world.made.store.predictions.get(told["id"])
    below = web.rpartition("/")[0]
    old = tickets.ticket(kept.secret, f"{kept.id} page", clock() - timedelta(days=3))
    assert bare(cleo, f"{below}/{old}").status_code == 403
    for wrong in ("f" * 8, told["urls"]["stream"].rpartition("/")[2]):
        assert bare(cleo, f"{below}/{wrong}").status_code == 404
    assert bare(cleo, below).status_code in (401, 404)
    cleo.ask("DELETE", f"/v1/predictions/{told['id']}")
    assert bare(cleo, web).status_code == 404


def test_a_page_shows_files_and_no_value_of_an_input(cleo: Owner) -> None:
    upload = cleo.upload(b"words")
    told = run(cleo, "copies", {"file": f"{ORIGIN}/v1/files/{upload}"})
    page = bare(cleo, told["urls"]["web"]).text
    assert f'<a href="{told["output"][0]}">copy-0.txt</a>' in page
    assert upload not in page


def test_a_file_of_another_owner_is_no_input_without_its_whole_address(
    cleo: Owner, world: World
) -> None:
    [url] = run(cleo, "copies", {"file": cleo.upload(b"hers")})["output"]
    [ticket] = [part for part in url.split("/") if "-" in part and "." not in part]
    dora = world.owner()
    dora.push(str(ROOT / "tests/models/copies"), f"{dora.name}/copies")

    given = run(dora, "copies", {"file": url})
    taken = run(dora, "copies", {"file": url.replace(f"{ticket}/", "")})

    assert bare(dora, given["output"][0]).data == b"hers"
    assert (taken["status"], taken["output"]) == ("failed", None)
    assert "there is no" in taken["error"]


@pytest.mark.parametrize(
    ("uri", "id"),
    [
        (f"{ORIGIN}/v1/files/file_1", "file_1"),
        (f"{ORIGIN}/v1/files/file_1/content", "file_1"),
        (f"{ORIGIN}.evil/v1/files/file_1", None),
        (f"{ORIGIN}/v1/files/../batches", None),
        (f"{ORIGIN}/v1/files/file_1?x", None),
        ("https://else.test/v1/files/file_1", None),
    ],
)
def test_only_what_lies_here_is_ours(uri: str, id: str | None) -> None:
    assert own(uri, ORIGIN) == (id or uri)
    assert own(uri, "") == uri
    assert own_output(uri, ORIGIN) is None


def test_a_signed_address_of_an_upload_is_enough(ann: Owner, bob: Owner) -> None:
    id = ann.upload(b"bytes")
    url = ann.ask("GET", f"/v1/files/{id}").json["urls"]["download"]
    secret = ann.ask("GET", "/v1/webhooks/default/secret").json["key"]
    past = int(clock().timestamp()) - 60
    signed = file.signature(secret, ann.name, id, past)
    place = f"/v1/files/{id}/download"

    assert bare(ann, url).data == b"bytes"
    query = {"owner": ann.name, "expiry": past, "signature": signed}
    assert ann.client.get(place, query_string=query).status_code == 403
    for change in (
        {"owner": bob.name}, {"expiry": past + 3600}, {"expiry": "9" * 5000}, {"expiry": "x"},
        {"signature": "AAAA"}, {"signature": "\u00fc"},
    ):  # fmt: skip
        assert ann.client.get(place, query_string=query | change).status_code == 404


# --- streams ----------------------------------------------------------------------------------


def events(answer: TestResponse) -> list[tuple[str, str, str]]:
    """(event, id, data) of each, as a parser of server-sent events finds them."""
    assert answer.content_type == "text/event-stream", answer.text
    found = []
    for block in answer.text.split("\n\n"):
        lines = [line.partition(": ") for line in block.split("\n") if not line.startswith(":")]
        fields: dict[str, str] = {}
        for name, _, value in lines:
            fields[name] = f"{fields[name]}\n{value}" if name in fields else value
        if "event" in fields:
            found.append((fields["event"], fields["id"], fields["data"]))
    return found


def test_a_stream_can_be_taken_up_where_it_was_left(cleo: Owner, bob: Owner) -> None:
    ended = run(cleo, "tale", {"text": "a b\nc d"})
    stream = ended["urls"]["stream"]

    whole = events(bare(cleo, stream))
    rest = events(bare(cleo, stream, headers={"Last-Event-ID": whole[1][1]}))

    assert [(kind, data) for kind, _, data in whole] == [
        ("output", "a"), ("output", " b\nc"), ("output", " d"), ("done", "{}"),
    ]  # fmt: skip
    assert rest == whole[2:]
    assert events(cleo.ask("GET", f"/v1/predictions/{ended['id']}/stream")) == whole
    assert bob.ask("GET", f"/v1/predictions/{ended['id']}/stream").status_code == 404


def test_a_stream_tells_of_a_bad_end(cleo: Owner) -> None:
    failed = run(cleo, "tale", {"text": "a b", "fails_at": 1})
    body = {"version": f"{cleo.name}/tale", "input": {"text": "x"}}
    canceled = cleo.ask("POST", "/v1/predictions", json=body).json
    cleo.ask("POST", f"/v1/predictions/{canceled['id']}/cancel")

    told = events(bare(cleo, failed["urls"]["stream"]))[-2:]
    assert [kind for kind, _, _ in told] == ["error", "done"]
    assert json.loads(told[0][2]) == {"detail": failed["error"]}
    assert json.loads(told[1][2]) == {"reason": "error"}
    [end] = events(bare(cleo, canceled["urls"]["stream"]))
    assert json.loads(end[2]) == {"reason": "canceled"}


# --- once -------------------------------------------------------------------------------------


def test_a_key_makes_one_prediction(ann: Owner, bob: Owner) -> None:
    body = {"version": ann.model(), "input": {"text": "x"}}
    key = {"Idempotency-Key": "k1"}

    first = ann.ask("POST", "/v1/predictions", json=body, headers=key)
    again = ann.ask("POST", "/v1/predictions", json=body, headers=key)
    other = ann.ask("POST", "/v1/predictions", json=body | {"input": {"text": "y"}}, headers=key)

    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert again.json["id"] == first.json["id"]
    mine = {"version": bob.model(), "input": {"text": "x"}}
    assert bob.ask("POST", "/v1/predictions", json=mine, headers=key).status_code == 201


def test_a_client_that_says_it_repeats_itself_is_believed(ann: Owner) -> None:
    body = {"version": ann.model(), "input": {"text": "x"}}

    def sent(**headers: str) -> str:
        answer = ann.ask("POST", "/v1/predictions", json=body, headers=headers)
        id: str = answer.json["id"]
        return id

    first = sent(**{"X-Stainless-Retry-Count": "0"})
    again = sent(**{"X-Stainless-Retry-Count": "1"})
    meant = sent(**{"X-Stainless-Retry-Count": "0"})

    assert first == again != meant


def test_what_a_client_that_hung_up_waited_for_is_taken_up_once() -> None:
    waits, wish = Waits(), ("token", "hash")
    ours, theirs = socket.socketpair()
    environ = {"gunicorn.socket": ours}
    with ours:
        with waits.waiting(wish, "pred_1", environ):
            assert waits.taken_up(wish) is None  # its client is there
            theirs.send(b"the beginning of the next request")
            assert waits.taken_up(wish) is None
            ours.recv(1000)
            theirs.close()
            assert waits.taken_up(("token", "other")) is None
            assert waits.taken_up(wish) == "pred_1"
            assert waits.taken_up(wish) is None
        with waits.waiting(wish, "pred_2", environ):
            pass
        assert waits.taken_up(wish) is None  # it was answered


def test_of_several_who_wait_for_the_same_the_one_that_hung_up_is_taken_up() -> None:
    waits, wish = Waits(), ("token", "hash")
    pairs = [socket.socketpair() for _ in range(3)]
    over = [
        waits.begin(wish, f"pred_{number}", {"gunicorn.socket": ours})
        for number, (ours, _) in enumerate(pairs)
    ]
    assert not waits.is_left(wish)
    pairs[1][1].close()
    assert waits.is_left(wish)
    assert waits.taken_up(wish) == "pred_1"
    assert not waits.is_left(wish)
    over[0]()
    pairs[0][1].close()  # its wait is over
    pairs[2][0].close()  # as our own end is
    assert waits.taken_up(wish) is None
    for end in over:
        end()
    for pair in pairs:
        for door in pair:
            door.close()


# --- deadlines --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("5", 5), ("90s", 90), ("2m", 120), ("1h30m45s", 5445), (" 10 ", 10), ("720h", 2_592_000)],
)
def test_times_are_read(text: str, seconds: float) -> None:
    assert cancel_after_s(text) == seconds


@pytest.mark.parametrize("text", ["", "4", "s", "1d", "-5", "1.5h", "5m1h", "721h", "\u0665s"])
def test_what_is_no_time_is_refused(ann: Owner, text: str) -> None:
    with pytest.raises(BadRequest) as error:
        cancel_after_s(text)
    assert error.value.field == "Cancel-After"


def test_what_is_not_begun_by_its_deadline_is_canceled(ann: Owner) -> None:
    body = {"version": ann.model(), "input": {"text": "x"}}
    headers = {"Cancel-After": "1h"}
    made = ann.ask("POST", "/v1/predictions", json=body, headers=headers).json
    ann.ask("POST", "/v1/predictions", json=body)
    database, sweep = ann.world.made.store.database, ann.world.made.sweep()
    assert made["deadline"] > made["created_at"]
    sweep.run()
    assert ann.ask("GET", f"/v1/predictions/{made['id']}").json["status"] == "starting"

    with database.write() as connection:
        one = update(predictions).where(predictions.c.id == made["id"])
        connection.execute(one.values(deadline=time.time() - 1))
    sweep.run()

    ended, other = ann.ask("GET", "/v1/predictions").json["results"][::-1]
    assert (ended["status"], other["status"]) == ("canceled", "starting")
    assert "deadline" in ended["error"]


# --- models -----------------------------------------------------------------------------------


def test_what_is_said_of_a_model_is_kept_and_taken_back(ann: Owner, bob: Owner) -> None:
    model = ann.model()
    place = f"/v1/models/{model}"
    made = ann.ask("POST", "/v1/predictions", json={"version": model, "input": {"text": "x"}}).json
    said = {"description": "Walrus", "readme": "# H\u00e4llo", "examples": [made["id"], "pred_no"]}

    changed = ann.ask("PATCH", place, json=said).json
    assert changed["description"] == "Walrus"
    assert changed["default_example"]["id"] == made["id"]
    readme = ann.ask("GET", f"{place}/readme")
    assert (readme.text, readme.mimetype) == ("# H\u00e4llo", "text/plain")
    [example] = ann.ask("GET", f"{place}/examples").json["results"]
    assert example["id"] == made["id"]
    assert ann.ask("PATCH", place, json={"description": None}).json["description"] is None
    assert ann.ask("GET", f"{place}/readme").text == "# H\u00e4llo"
    for wrong in (
        {"description": 5},
        {"github_url": "gopher://x"},
        {"examples": "x"},
        {"owner": "b"},
    ):
        assert ann.ask("PATCH", place, json=wrong).json["field"] == next(iter(wrong))
    for path in (place, f"{place}/readme", f"{place}/examples"):
        assert bob.ask("GET", path).status_code == 404
    assert bob.ask("PATCH", place, json=said).status_code == 404
    assert bob.ask("DELETE", place).status_code == 404


@pytest.mark.parametrize("body", ["walrus big", '"big walrus"', "WALRUS"])
def test_models_are_found_by_words(ann: Owner, bob: Owner, body: str) -> None:
    model = ann.model()
    ann.model()
    ann.ask("PATCH", f"/v1/models/{model}", json={"description": "A big Walrus"})

    found = ann.ask("QUERY", "/v1/models", data=body.encode()).json["results"]
    assert [f"{one['owner']}/{one['name']}" for one in found] == [model]
    assert bob.ask("QUERY", "/v1/models", data=body.encode()).json["results"] == []
    beta = ann.ask("GET", "/v1/search?query=big+walrus&limit=5").json["models"]
    assert [one["model"]["name"] for one in beta] == [model.partition("/")[2]]


def test_a_version_is_removed_once_nothing_needs_it(ann: Owner) -> None:
    model = ann.model()
    digest = ann.ask("GET", f"/v1/models/{model}").json["aliases"]["live"]
    place = f"/v1/models/{model}/versions/{digest}"
    assert "live" in ann.ask("DELETE", place).json["detail"]
    newer = "ab" * 32
    ann.world.made.store.models.promote(model, "live", newer, clock(), ())
    made = ann.ask("POST", "/v1/predictions", json={"version": digest, "input": {"text": "x"}}).json
    assert made["id"] in ann.ask("DELETE", place).json["detail"]
    ann.ask("POST", f"/v1/predictions/{made['id']}/cancel")

    assert ann.ask("DELETE", place).status_code == 204

    assert ann.ask("DELETE", place).status_code == 404
    assert ann.ask("GET", place).status_code == 404
    assert ann.ask("GET", f"/v1/models/{model}/versions").json["results"] == []
    body = {"version": digest, "input": {"text": "x"}}
    assert ann.ask("POST", "/v1/predictions", json=body).status_code == 404
    assert ann.ask("GET", f"/v1/predictions/{made['id']}").json["version"] == digest
    back = ann.ask("POST", f"/v1/models/{model}/aliases/live/rollback")
    assert (back.status_code, "removed" in back.json["detail"]) == (409, True)
    assert ann.ask("DELETE", f"/v1/models/{model}").status_code == 204
    assert ann.ask("GET", f"/v1/models/{model}").status_code == 404


def test_a_version_that_was_removed_is_back_once_it_is_pushed_again(ann: Owner) -> None:
    model = ann.push("hello")
    digest = ann.ask("GET", f"/v1/models/{model}").json["aliases"]["live"]
    store = ann.world.made.store
    files = [dict(one) for one in store.models.version(digest, model).files]
    store.models.promote(model, "live", "cd" * 32, clock(), ())
    assert ann.ask("DELETE", f"/v1/models/{model}/versions/{digest}").status_code == 204

    pushed = ann.ask("POST", f"/v1/models/{model}/versions", json={"files": files})
    ann.world.run("version", digest)

    assert (pushed.status_code, pushed.json["state"]) == (201, "pushed")
    assert ann.ask("GET", f"/v1/models/{model}/versions/{digest}").json["state"] == "ready"


# --- requests as clients send them ------------------------------------------------------------


def test_both_spellings_of_the_base_address_lead_here(ann: Owner) -> None:
    for path in ("/v1/v1/models", "/models", "/v1/models"):
        assert ann.ask("GET", path).status_code == 200
    assert ann.ask("GET", "/models", headers={"Accept": "text/html,*/*"}).status_code == 404
    assert ann.ask("GET", "/v1/v1/v1/models").status_code == 404
    next = ann.ask("GET", "/v1/v1/models?limit=1")
    assert next.status_code == 200


def test_each_place_that_is_wrong_is_told_as_replicate_tells_it(ann: Owner) -> None:
    body = {"version": ann.model(), "input": {"text": 5, "steps": 0}}

    told = ann.ask("POST", "/v1/predictions", json=body).json

    assert [(one["type"], one["field"]) for one in told["invalid_fields"]] == [
        ("wrong_type", "input.text"), ("too_small", "input.steps"),
    ]  # fmt: skip
    top = ann.ask("POST", "/v1/predictions", json={"inputs": {}}).json["invalid_fields"]
    assert [one["field"] for one in top] == ["inputs"]


def test_an_input_that_is_the_token_is_not_kept(ann: Owner) -> None:
    model = ann.model()
    given = {"text": "x", "auth": ann.token, "baseUrl": ORIGIN}

    answer = ann.ask("POST", f"/v1/models/{model}/predictions", json={"input": given})

    assert (answer.status_code, answer.json["field"]) == (422, "input")
    assert ann.token not in answer.text
    assert ann.ask("GET", "/v1/predictions").json["results"] == []


@pytest.mark.parametrize(
    ("parts", "metadata"),
    [
        ([("metadata", None, b'{"a": "1"}')], {"a": "1"}),
        ([("metadata", "blob", b'{"a": {"b": 2}}')], {"a": {"b": 2}}),
        ([("metadata[a]", None, b"1"), ("metadata[b]", None, b"x")], {"a": "1", "b": "x"}),
        ([], {}),
        ([("metadata", None, b"[1]")], None),
        ([("metadata", "blob", b"\xff")], None),
    ],
)
def test_metadata_comes_in_three_ways(
    ann: Owner, parts: list[tuple[str, str | None, bytes]], metadata: Any
) -> None:
    body = b""
    for name, filename, content in [*parts, ("content", "a.txt", b"x")]:
        head = f'Content-Disposition: form-data; name="{name}"'
        head += f'; filename="{filename}"' if filename else ""
        body += b"--limit\r\n" + head.encode() + b"\r\n\r\n" + content + b"\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=limit"}

    answer = ann.ask("POST", "/v1/files", data=body + b"--limit--\r\n", headers=headers)

    if metadata is None:
        assert (answer.status_code, answer.json["field"]) == (422, "metadata")
    else:
        id = answer.json["id"]
        assert ann.ask("GET", f"/v1/files/{id}").json["metadata"] == metadata


def test_what_a_model_has_given_is_seen_soon_though_events_are_few(ann: Owner) -> None:
    body = {"version": ann.model(), "input": {"text": "x"}}
    id = ann.ask("POST", "/v1/predictions", json=body).json["id"]
    store = ann.world.made.store
    held = store.predictions.claim(id, 60.0, clock())
    stream = Stream(store, held, clock)

    with ann.world.made.notices.follow(id) as heard:
        for item in ("a", "b", "c"):
            stream.output(item)
            now = heard(60)
            assert now is not None
            assert now.output[-1] == item  # before it is kept, by who listens here
    until(lambda: store.predictions.get(id).output == ["a", "b", "c"])
    stream.output({"__path__": "/tmp/file"})
    stream.output("d")
    time.sleep(2 * SAVE_S)
    stream.close()

    assert store.predictions.get(id).output == ["a", "b", "c"]  # a file is there at the end


def test_a_part_without_a_name_is_nothing(ann: Owner) -> None:
    parts = b"--limit\r\nContent-Disposition: form-data\r\n\r\nx\r\n"
    parts += b'--limit\r\nContent-Disposition: form-data; name="content"; filename="a"\r\n\r\nx\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=limit"}

    answer = ann.ask("POST", "/v1/files", data=parts + b"--limit--\r\n", headers=headers)

    assert (answer.status_code, answer.json["metadata"]) == (201, {})


@pytest.mark.parametrize("noun", ["predictions", "models", "files", "webhooks/endpoints"])
def test_beyond_the_end_of_a_list_is_nothing(ann: Owner, noun: str) -> None:
    for cursor in ("after=zzz", "before=0", "after=0", "before=zzz"):
        page = ann.ask("GET", f"/v1/{noun}?{cursor}").json
        assert (page["results"], page["next"], page["previous"]) == ([], None, None)
