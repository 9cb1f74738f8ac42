"""The service keeps to its OpenAPI page, whatever is sent to it by that page.

What reads the page is imported by whoever runs these tests, and not by all who collect them.
"""

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from jobs.api.operations import OPERATIONS
from tests.functional.conftest import Owner, World

#: what no schema can say, and may be refused though it fits the page: docs/02-batches.md has these
UNSAID: dict[str, frozenset[str]] = {
    # both at once, or the id of nothing in the list
    "after": frozenset({"*"}),
    "before": frozenset({"*"}),
    # whether an address is one, and webhooks may go there
    "webhook": frozenset({"*"}),
    "webhook_completed": frozenset({"*"}),
    "url": frozenset({"endpoints.create", "endpoints.change"}),
    # what the version takes
    "input": frozenset({"*"}),
    "version": frozenset({"trainings.create"}),
    # what the token was granted
    "input_url": frozenset({"batches.create"}),
    "destination": frozenset({"batches.create"}),
    "input_file_id": frozenset({"batches.create"}),
    # of the names within, and of characters that are not printable
    "metadata": frozenset({"batches.create"}),
    "description": frozenset({"endpoints.create", "endpoints.change"}),
    "filename": frozenset({"files.create"}),
    # whether any event is called so
    "events": frozenset({"endpoints.create", "endpoints.change"}),
    "types": frozenset({"events.index"}),
    # the tree as a whole, and whether bytes have their hash
    "files": frozenset({"models.push"}),
    "sha256": frozenset({"models.put"}),
    # one beside another
    "min_instances": frozenset({"deployments.create", "deployments.change"}),
    "until": frozenset({"webhooks.replay_some"}),
    "model": frozenset({"models.create"}),
}
#: of any body: numbers within, how deep it goes
OF_JSON = {"number_too_large", "too_deep", "lone_surrogate"}


@pytest.fixture(scope="module")
def checks() -> list[Any]:
    """Of every answer."""
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    return [
        not_a_server_error,
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    ]


@pytest.fixture(scope="module")
def page(world: World) -> Any:
    import schemathesis

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
    from openapi_spec_validator import validate

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


def fits(name: str, answer: Any) -> None:
    """What the page allows is not refused, but for what no schema can say."""
    if answer.status_code not in (400, 413, 415, 422):
        return
    told = json.loads(answer.content or "{}")
    field = re.split(r"[.\[]", told.get("field", ""))[0]
    is_unsaid = UNSAID.get(field, frozenset()) & {"*", name}
    assert is_unsaid or told.get("code") in OF_JSON, told


@pytest.mark.parametrize("name", OPERATIONS)
def test_what_is_answered_is_what_the_page_says(
    world: World, page: Any, checks: list[Any], name: str
) -> None:
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
        fits(name, case.call_and_validate(headers=headers, checks=checks))
        if case.path_parameters:
            case.path_parameters = {part: real[part] for part in case.path_parameters}
            fits(name, case.call_and_validate(headers=headers, checks=checks))

    holds()
