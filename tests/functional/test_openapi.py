"""The service keeps to its OpenAPI page, whatever is sent to it by that page."""

import re
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import validate
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from jobs.api.operations import OPERATIONS
from tests.functional.conftest import Owner, World

CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]


@pytest.fixture(scope="module")
def page(world: World) -> Any:
    return schemathesis.openapi.from_wsgi("/openapi.json", world.made.app)


def things(owner: Owner, path: str) -> dict[str, str]:
    """What the parts of a path may name: things that are there."""
    parts = dict.fromkeys(("slug", "ticket"), "x") | {"alias": "live", "sha256": "ab" * 32}
    parts |= {"path": "1/a.png", "name": "output.jsonl", "attempt": "1"}
    noun = path.split("/")[2]
    if noun == "models":
        model = owner.model()
        digest = owner.ask("GET", f"/v1/models/{model}").json["aliases"]["live"]
        parts |= {"owner": owner.name, "name": model.partition("/")[2], "id": digest}
    elif noun == "predictions":
        body = {"version": owner.model(), "input": {"text": "x"}}
        id = owner.ask("POST", "/v1/predictions", json=body).json["id"]
        owner.ask("POST", f"/v1/predictions/{id}/cancel")
        parts["id"] = id
    elif noun == "webhooks":
        hook = {"url": "https://example.com/"}
        parts["id"] = owner.ask("POST", "/v1/webhooks/endpoints", json=hook).json["id"]
    elif noun == "deployments":
        asked = {"name": "greeter", "version": owner.model()}
        owner.ask("POST", "/v1/deployments", json=asked)
        parts |= {"owner": owner.name, "name": "greeter"}
    elif noun == "batches":
        parts["id"] = owner.batch(owner.model())["id"]
    else:
        parts["id"] = owner.upload(b"x")
    return parts


def test_the_page_is_openapi_and_names_every_route(world: World, page: Any) -> None:
    document = world.made.app.test_client().get("/openapi.json").json
    validate(document)
    rules = {rule.endpoint for rule in world.made.app.url_map.iter_rules()}
    assert rules - {"models.search"} == set(OPERATIONS)  # OpenAPI 3.0 has no QUERY


def test_the_page_says_what_needs_no_token(world: World, page: Any) -> None:
    client = world.made.app.test_client()
    document = client.get("/openapi.json").json
    asked = {
        (path, method): "security" in operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }

    answers = {
        (path, method): client.open(re.sub(r"{\w+}", "1", path), method=method.upper())
        for path, method in asked
    }

    assert {one: answer.status_code != 401 for one, answer in answers.items()} == asked


@pytest.mark.parametrize("name", OPERATIONS)
def test_what_is_answered_is_what_the_page_says(world: World, page: Any, name: str) -> None:
    owner = world.owner()
    headers = {"Authorization": f"Bearer {owner.token}"}
    operation = page.find_operation_by_id(name.replace(".", "_"))
    real = things(owner, operation.path) if "{" in operation.path else {}

    @given(operation.as_strategy())
    @settings(
        max_examples=3,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def holds(case: Any) -> None:
        if "wait_s" in (case.query or {}):
            case.query["wait_s"] = "0"
        case.call_and_validate(headers=headers, checks=CHECKS)
        if case.path_parameters:
            case.path_parameters = {part: real[part] for part in case.path_parameters}
            case.call_and_validate(headers=headers, checks=CHECKS)

    holds()
