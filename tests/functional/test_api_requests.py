"""Each request has an id and is counted by its route, whatever its sender makes up."""

import pytest

from jobs.api.body import MAX_JSON
from jobs.api.requests import NO_ROUTE
from jobs.core import context
from tests.functional.conftest import Owner, World


def counted(world: World, **labels: str) -> float:
    found = world.made.registry.get_sample_value("penstock_http_requests_total", labels)
    return found or 0.0


def test_an_answer_has_an_id_of_its_own(ann: Owner) -> None:
    ids = {ann.ask("GET", "/v1/batches").headers["X-Request-Id"] for _ in range(3)}
    ids.add(ann.client.get("/health").headers["X-Request-Id"])
    assert len(ids) == 4
    assert all(id.startswith("req_") for id in ids)


def test_requests_are_counted_by_route_and_status(world: World, ann: Owner) -> None:
    route = {"method": "GET", "route": "/v1/batches/<id>"}
    before = counted(world, **route, status="404")
    ann.ask("GET", "/v1/batches/batch_none")
    assert counted(world, **route, status="404") == before + 1


def test_what_a_client_makes_up_is_no_label(world: World, ann: Owner) -> None:
    made_up = {"method": "any", "route": NO_ROUTE}
    before = counted(world, **made_up, status="404")
    ann.ask("GET", "/v1/made-up-by-me")
    ann.ask("BREW", "/v1/made-up-by-me")
    assert counted(world, **made_up, status="404") == before + 2
    text = {
        value
        for family in world.made.registry.collect()
        for sample in family.samples
        for value in sample.labels.values()
    }
    assert not {word for word in text if "made-up" in word or word == "BREW"}


def test_a_request_that_is_refused_at_the_door_is_counted_too(world: World, ann: Owner) -> None:
    labels = {"method": "GET", "route": "/v1/batches", "status": "401"}
    before = counted(world, **labels)
    assert ann.client.get("/v1/batches").status_code == 401
    assert counted(world, **labels) == before + 1


def test_a_prediction_is_counted_once_made_or_refused(world: World, ann: Owner) -> None:
    """Those take a way of their own past most of the application, and what fails comes back."""
    labels = {"method": "POST", "route": "/v1/predictions"}
    statuses = ("201", "401", "413", "422")
    before = {status: counted(world, **labels, status=status) for status in statuses}
    good = {"version": ann.model(), "input": {"text": "a"}}
    answers = [
        ann.ask("POST", "/v1/predictions", json=good),
        ann.ask("POST", "/v1/predictions", data=b"{"),
        ann.ask("POST", "/v1/predictions", data=b" " * (MAX_JSON + 1)),
        ann.client.post("/v1/predictions", json=good),
    ]
    assert sorted(str(answer.status_code) for answer in answers) == sorted(statuses)
    assert len({answer.headers["X-Request-Id"] for answer in answers}) == 4
    assert {answer.headers["Content-Type"] for answer in answers} == {
        "application/json",
        "application/problem+json",
    }
    for status in statuses:
        assert counted(world, **labels, status=status) == before[status] + 1


def test_an_error_of_ours_has_the_id_of_its_request(
    world: World, ann: Owner, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """However far the request had come: the log's line and the answer name the same one."""
    noted: list[str] = []

    def broken(*_: object) -> None:
        noted.append(str(context.ids()["request"]))
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(world.services.predictions, "asked", broken)
    answer = ann.ask("POST", "/v1/predictions", json={"version": "a/b", "input": {}})
    assert (answer.status_code, answer.headers["X-Request-Id"]) == (500, noted[0])
    assert "a fault of ours" in caplog.text
