"""Single predictions through the API."""

import threading
import time
from typing import Any

import pytest

from jobs.api.making import MOST_WAIT_S, wait_asked
from jobs.core.page import Page
from tests.functional.conftest import Owner

CANARY = "do-not-echo-7f3a"


def test_a_prediction_is_kept_run_and_read(ann: Owner) -> None:
    model = ann.push("hello")

    made = ann.ask("POST", "/v1/predictions", json={"version": model, "input": {"text": "you"}})
    ann.world.run("prediction", made.json["id"])

    assert made.status_code == 201
    assert made.json["status"] == "starting"
    assert made.headers["Location"] == made.json["urls"]["get"]
    assert made.json["urls"]["get"].startswith("https://penstock.test/v1/predictions/")
    seen = ann.ask("GET", f"/v1/predictions/{made.json['id']}").json
    assert (seen["status"], seen["output"], seen["error"]) == ("succeeded", "hello you", None)


def test_what_is_missing_may_be_there_spelt_otherwise(ann: Owner) -> None:
    body = {"version": ann.model(), "input": {"txt": CANARY, "steps": 5}}
    answer = ann.ask("POST", "/v1/predictions", json=body)

    assert (answer.status_code, answer.json["field"]) == (422, "input.text")
    known = "code, flag, image, scale, size, steps, text"
    assert answer.json["detail"] == (
        f"input.text is required; input.txt is not known; the names here are: {known}"
    )
    assert [one["field"] for one in answer.json["invalid_fields"]] == ["input.text", "input.txt"]


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"text": 5}, "input.text", "wrong_type"),
        ({"text": "x" * 51}, "input.text", "too_long"),
        ({}, "input.text", "missing_field"),
        ({"text": "x", "code": CANARY}, "input.code", "pattern_mismatch"),
        ({"text": "x", "steps": 0}, "input.steps", "too_small"),
        ({"text": "x", "steps": 101}, "input.steps", "too_large"),
        ({"text": "x", "steps": 1.5}, "input.steps", "wrong_type"),
        ({"text": "x", "steps": True}, "input.steps", "wrong_type"),
        ({"text": "x", "steps": 10**30}, None, "number_too_large"),
        ({"text": "x", "scale": CANARY}, "input.scale", "wrong_type"),
        ({"text": "x", "size": CANARY}, "input.size", "not_a_choice"),
        ({"text": "x", "image": "/etc/" + CANARY}, "input.image", "invalid_uri"),
        ({"text": "x", "image": "http://example.com/" + CANARY}, "input.image", "invalid_uri"),
        ({"text": "x", "flag": CANARY}, "input.flag", "wrong_type"),
        (CANARY, "input", "invalid_request"),
        ([CANARY], "input", "invalid_request"),
        (None, "input", "invalid_request"),
    ],
)
def test_a_bad_input_is_named_and_never_echoed(
    ann: Owner, given: Any, field: str | None, code: str
) -> None:
    answer = ann.ask("POST", "/v1/predictions", json={"version": ann.model(), "input": given})

    assert answer.status_code == 422
    assert (answer.json.get("field"), answer.json["code"]) == (field, code)
    assert CANARY not in answer.text
    assert ann.ask("GET", "/v1/predictions").json["results"] == []


def test_every_fault_of_an_input_is_told_at_once(ann: Owner) -> None:
    given = {"text": 5, "steps": 0, "size": "medium"}

    detail = ann.ask("POST", "/v1/predictions", json={"version": ann.model(), "input": given}).json[
        "detail"
    ]

    assert detail == (
        "input.text must be a string, not an integer; input.steps must be at least 1;"
        " input.size must be one of: 'small', 'large'"
    )


def test_inputs_the_model_has_not_are_let_through_as_replicate_s_clients_want(ann: Owner) -> None:
    body = {"version": ann.model(), "input": {"text": "x", "prompt": "y", "basePath": "/"}}

    assert ann.ask("POST", "/v1/predictions", json=body).status_code == 201


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"version": None}, "version"),
        ({"version": 5}, "version"),
        ({"version": []}, "version"),
        ({"version": "a/b:newest"}, "version"),
        ({"inputs": {}}, "inputs"),
        ({CANARY + "\u0000\n": 1}, CANARY + "\\x00\\n"),
        ({"webhook": "gopher://x"}, "webhook"),
        ({"webhook_completed": "gopher://x"}, "webhook_completed"),
        ({"webhook_events_filter": ["start", "finish"]}, "webhook_events_filter[1]"),
    ],
)
def test_a_bad_request_is_refused_by_the_name_of_its_field(
    ann: Owner, change: dict[str, Any], field: str
) -> None:
    body = {"version": ann.model(), "input": {"text": "x"}} | change

    answer = ann.ask("POST", "/v1/predictions", json=body)

    assert answer.status_code == 422
    assert answer.json["field"] == field


def test_the_keys_that_older_clients_send_are_taken(ann: Owner) -> None:
    body = {
        "version": ann.model(),
        "input": {"text": "x"},
        "stream": True,
        "webhook_completed": "https://example.com/hook",
    }

    made = ann.ask("POST", "/v1/predictions", json=body)

    assert made.status_code == 201
    kept = ann.world.made.store.predictions.get(made.json["id"])
    assert (kept.webhook, kept.webhook_events) == ("https://example.com/hook", ("completed",))


# --- Prefer: wait -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prefer", "seconds"),
    [
        ("wait", MOST_WAIT_S),
        ("wait=5", 4.9),
        ("wait=1", 0.9),
        ("WAIT=5", 4.9),
        ("wait=60", MOST_WAIT_S),
        ("wait=99999", MOST_WAIT_S),
        ("wait=0", 0.0),
        ("respond-async, wait=5", 4.9),
        ("wait=5; foo=bar", 4.9),
        ("  wait=5  ", 4.9),
    ],
)
def test_a_wish_to_wait_is_heard(prefer: str, seconds: float) -> None:
    wish = wait_asked(prefer)

    assert wish is not None
    assert wish[1] == pytest.approx(seconds)


@pytest.mark.parametrize(
    "prefer",
    ["", "wait=", "wait=-1", "wait=1.5", "wait=five", "wait=1234567", "wait=\u0665", "nowait",
     "no-wait", "return=minimal", "wait=5\r\nX: y"],
)  # fmt: skip
def test_what_is_no_wish_to_wait_is_ignored(prefer: str) -> None:
    assert wait_asked(prefer) is None


def test_waiting_gives_the_result_and_says_that_it_waited(ann: Owner) -> None:
    model = ann.push("hello")

    def work() -> None:
        until = time.monotonic() + 25
        made: tuple[Any, ...] = ()
        while not made and time.monotonic() < until:
            made = ann.world.made.store.predictions.newest(ann.name, Page()).items
            time.sleep(0.01)
        ann.world.run("prediction", made[0].id)

    worker = threading.Thread(target=work)
    worker.start()
    body = {"version": model, "input": {"text": "you"}}
    answer = ann.ask("POST", "/v1/predictions", json=body, headers={"Prefer": "wait=30"})
    worker.join()

    assert answer.status_code == 201
    assert answer.headers["Preference-Applied"] == "wait=30"
    assert answer.json["output"] == "hello you"


def test_waiting_in_vain_answers_starting(ann: Owner) -> None:
    # clients take any other word for the end
    body = {"version": ann.model(), "input": {"text": "x"}}
    path = "/v1/predictions"

    answer = ann.ask("POST", path, json=body, headers={"Prefer": "wait=1"})

    assert (answer.status_code, answer.json["status"]) == (201, "starting")


# --- look, cancel, files ----------------------------------------------------------------------


def test_cancelling_is_told_and_may_be_done_again(ann: Owner) -> None:
    body = {"version": ann.model(), "input": {"text": "x"}}
    id = ann.ask("POST", "/v1/predictions", json=body).json["id"]

    first = ann.ask("POST", f"/v1/predictions/{id}/cancel", data=b"not json at all")
    again = ann.ask("POST", f"/v1/predictions/{id}/cancel")

    assert (first.status_code, first.json["status"]) == (200, "canceled")
    assert again.json == first.json


@pytest.mark.parametrize(
    "path", ["1/x.png", "0/x.png", "1/../../../uploads/x", "1/", "1", "x/y", "1//x", "1/%00"]
)
def test_a_file_that_was_not_given_is_not_found(ann: Owner, path: str) -> None:
    body = {"version": ann.push("hello"), "input": {"text": "x"}}
    id = ann.ask("POST", "/v1/predictions", json=body).json["id"]
    ann.world.run("prediction", id)

    assert ann.ask("GET", f"/v1/predictions/{id}/files/{path}").status_code == 404


def test_a_file_that_was_given_is_read_and_never_run_by_a_browser(
    ann: Owner, tmp_path: Any
) -> None:
    (tmp_path / "cog.yaml").write_text("predict: predict.py:Predictor\n")
    (tmp_path / "predict.py").write_text(
        "import tempfile\n"
        "from cog import BasePredictor, Path\n"
        "class Predictor(BasePredictor):\n"
        "    def predict(self) -> Path:\n"
        "        file = Path(tempfile.mkdtemp()) / 'page.html'\n"
        "        file.write_text('<script>alert(1)</script>')\n"
        "        return file\n"
    )
    body = {"version": ann.push(str(tmp_path), f"{ann.name}/page"), "input": {}}
    id = ann.ask("POST", "/v1/predictions", json=body).json["id"]
    ann.world.run("prediction", id)

    url = ann.ask("GET", f"/v1/predictions/{id}").json["output"]
    file = ann.ask("GET", url.removeprefix("https://penstock.test"))

    assert file.data == b"<script>alert(1)</script>"
    assert file.headers["Content-Security-Policy"] == "sandbox"
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert file.headers["Content-Length"] == str(len(file.data))


def test_a_schema_that_is_broken_is_not_our_failure(ann: Owner) -> None:
    model = ann.model({"components": {"schemas": {}}})

    answer = ann.ask("POST", "/v1/predictions", json={"version": model, "input": {}})

    assert answer.status_code == 422


# --- made in a span of time ----------------------------------------------------------------------


def test_a_list_begins_with_a_time_and_ends_before_one(ann: Owner) -> None:
    model = ann.model()
    made = []
    for _ in range(3):
        body = {"version": model, "input": {"text": "x"}}
        made.append(ann.ask("POST", "/v1/predictions", json=body).json)
        time.sleep(0.002)
    first, second, third = ((one["id"], one["created_at"]) for one in made)

    def ids(**query: str) -> list[str]:
        told = ann.ask("GET", "/v1/predictions", query_string=query).json
        return [one["id"] for one in told["results"]]

    assert ids(created_after=second[1]) == [third[0], second[0]]
    assert ids(created_before=second[1]) == [first[0]]
    assert ids(created_after=second[1], created_before=third[1]) == [second[0]]
    # a zone of its own, whose `+` no client has escaped, and a day
    zoned = second[1].replace("Z", " 00:00")
    assert ids(created_after=zoned) == ids(created_after=second[1])
    assert ids(created_before="2020-01-01") == []

    query = {"created_after": first[1], "limit": "2"}
    page = ann.ask("GET", "/v1/predictions", query_string=query).json
    rest = ann.ask("GET", page["next"].removeprefix("https://penstock.test")).json
    assert [one["id"] for one in rest["results"]] == [first[0]]


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "0001-01-01T00:00:00+23:59"])
def test_a_time_that_is_none_is_named(ann: Owner, text: str) -> None:
    answer = ann.ask("GET", "/v1/predictions", query_string={"created_after": text})
    assert (answer.status_code, answer.json["field"]) == (422, "created_after")


# --- some of them --------------------------------------------------------------------------------


def test_a_list_holds_what_is_asked_for_and_its_pages_go_on_with_that(ann: Owner) -> None:
    first, other = ann.model(), ann.model()
    made = []
    for model in (first, other, first, first):
        body = {"version": model, "input": {"text": "x"}}
        made.append(ann.ask("POST", "/v1/predictions", json=body).json["id"])
    for id in (made[0], made[1], made[3]):
        ann.ask("POST", f"/v1/predictions/{id}/cancel")

    def page(path: str = "/v1/predictions", **query: str) -> Any:
        return ann.ask("GET", path.removeprefix("https://penstock.test"), query_string=query).json

    def ids(told: Any) -> list[str]:
        return [one["id"] for one in told["results"]]

    assert ids(page(model=first)) == [made[3], made[2], made[0]]
    assert ids(page(status="canceled,failed", model=first)) == [made[3], made[0]]
    assert ids(page(status="starting,processing")) == [made[2]]
    assert ids(page(status="succeeded")) == []
    begun = page(status="canceled", limit="2")
    assert ids(begun) == [made[3], made[1]]
    rest = ann.ask("GET", begun["next"].removeprefix("https://penstock.test")).json
    assert (ids(rest), rest["next"]) == ([made[0]], None)
    back = ann.ask("GET", rest["previous"].removeprefix("https://penstock.test")).json
    assert ids(back) == ids(begun)


def test_another_s_model_lists_nothing(ann: Owner, bob: Owner) -> None:
    model = ann.model()
    ann.ask("POST", "/v1/predictions", json={"version": model, "input": {"text": "x"}})

    assert bob.ask("GET", "/v1/predictions", query_string={"model": model}).json["results"] == []


@pytest.mark.parametrize("path", ["/v1/predictions", "/v1/batches"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("status", ""),
        ("status", "done"),
        ("status", "failed,"),
        ("status", "FAILED"),
        ("model", "hello"),
        ("model", "a/b:live"),
        ("model", ""),
        ("model", "a/" + "b" * 200),
        ("created_before", "soon"),
    ],
)
def test_what_is_asked_for_wrongly_is_named(ann: Owner, path: str, name: str, text: str) -> None:
    answer = ann.ask("GET", path, query_string={name: text})
    assert (answer.status_code, answer.json["field"]) == (422, name)
