"""Standing endpoints over the API: what may be said, what is told, and who sees it."""

from typing import Any

import pytest

from jobs.core.endpoint import MAX_OVERLAP_S, TYPES
from tests.functional.conftest import Owner, World
from webhooks.keys import signing_key

PLACE = "/v1/webhooks/endpoints"
URL = "https://example.com/hook"


def made(owner: Owner, **fields: Any) -> dict[str, Any]:
    answer = owner.ask("POST", PLACE, json={"url": URL} | fields)
    assert answer.status_code == 201, answer.text
    shape: dict[str, Any] = answer.json
    return shape


def test_an_endpoint_is_made_shown_changed_and_forgotten(ann: Owner) -> None:
    one = made(ann)
    secret = one.pop("secret")
    signing_key(secret)  # it can sign
    place = f"{PLACE}/{one['id']}"
    assert one | {"id": "", "created_at": ""} == {
        "id": "",
        "object": "webhook_endpoint",
        "url": URL,
        "events": ["*"],
        "description": "",
        "state": "enabled",
        "disabled_reason": None,
        "disabled_at": None,
        "failing_since": None,
        "rate_per_s": None,
        "concurrency": None,
        "format": "penstock",
        "created_at": "",
    }
    assert ann.ask("GET", place).json == one

    fields = {"events": ["batch.*"], "description": "mine", "rate_per_s": 5, "concurrency": 2}
    changed = ann.ask("PATCH", place, json=fields).json
    assert changed == one | fields
    assert ann.ask("PATCH", place, json=dict.fromkeys(fields)).json == one
    assert ann.ask("GET", PLACE).json["results"] == [one]

    assert ann.ask("DELETE", place).status_code == 204
    for method, path in (("GET", place), ("DELETE", place), ("GET", f"{place}/secret")):
        answer = ann.ask(method, path)
        assert (answer.status_code, answer.json["code"]) == (404, "not_found")


def test_a_secret_is_shown_when_it_is_made_and_when_it_is_asked_for(
    world: World, ann: Owner
) -> None:
    one = made(ann)
    place = f"{PLACE}/{one['id']}"
    asked = ann.ask("GET", f"{place}/secret")
    assert asked.json == {"key": one["secret"]}
    turned = ann.ask("POST", f"{place}/rotate")
    assert turned.json["secret"] != one["secret"]
    assert turned.json["previous_until"]
    assert all(told.headers["Cache-Control"] == "no-store" for told in (asked, turned))
    assert ann.ask("GET", f"{place}/secret").json == {"key": turned.json["secret"]}
    keys = [key.value for key in world.services.endpoints.keys(one["id"])]
    assert keys == [turned.json["secret"], one["secret"]]

    ended = ann.ask("POST", f"{place}/rotate", json={"overlap_s": 0}).json
    assert ended["previous_until"] is None
    elsewhere = [ann.ask("GET", path).text for path in (place, PLACE, "/v1/deliveries")]
    assert "whsec_" not in "".join(elsewhere)
    stored = world.made.store.endpoint_secrets.signing(one["id"])
    assert ended["secret"].encode() not in stored[0].sealed


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"url": None}, "url"),
        ({"url": 3}, "url"),
        ({"url": "example.com/hook"}, "url"),
        ({"url": "ftp://example.com/"}, "url"),
        ({"url": "https://me:secret@example.com/"}, "url"),
        ({"url": "https://example.com\\@10.0.0.1/"}, "url"),
        ({"url": "https://"}, "url"),
        ({"url": "https://example.com:0/"}, "url"),
        ({"url": "https://10.1.2.3/hook"}, "url"),
        ({"url": "https://169.254.169.254/latest"}, "url"),
        ({"url": "https://0xa9fea9fe/latest"}, "url"),
        ({"url": "https://10.1/"}, "url"),
        ({"url": "https://[::ffff:10.0.0.1]/"}, "url"),
        ({"url": "https://[64:ff9b::a00:1]/"}, "url"),
        ({"url": "https://93.184.216.34:25/"}, "url"),
        ({"events": []}, "events"),
        ({"events": "batch.*"}, "events"),
        ({"events": ["*"] * 21}, "events"),
        ({"events": ["batch.*", "completed"]}, "events[1]"),
        ({"events": ["webhook.test"]}, "events[0]"),
        ({"events": ["[a-z]*"]}, "events[0]"),
        ({"events": [1]}, "events[0]"),
        ({"description": "x" * 501}, "description"),
        ({"description": "a\nb"}, "description"),
        ({"rate_per_s": 0}, "rate_per_s"),
        ({"rate_per_s": True}, "rate_per_s"),
        ({"rate_per_s": "5"}, "rate_per_s"),
        ({"concurrency": 0}, "concurrency"),
        ({"concurrency": 1.5}, "concurrency"),
        ({"secret": "whsec_x"}, "secret"),
        ({"state": "disabled"}, "state"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(
    ann: Owner, fields: dict[str, Any], field: str
) -> None:
    one = made(ann)
    for answer in (
        ann.ask("POST", PLACE, json={"url": URL} | fields),
        ann.ask("PATCH", f"{PLACE}/{one['id']}", json=fields),
    ):
        assert (answer.status_code, answer.json["field"]) == (422, field)
        assert "me:secret" not in answer.text
    assert ann.ask("GET", f"{PLACE}/{one['id']}").json["url"] == URL
    assert len(ann.ask("GET", PLACE).json["results"]) == 1


def test_a_url_is_needed(ann: Owner) -> None:
    assert ann.ask("POST", PLACE, json={}).json["field"] == "url"


def test_a_private_address_is_refused_with_the_way_out(ann: Owner) -> None:
    answer = ann.ask("POST", PLACE, json={"url": "https://192.168.1.5/hook"})
    assert answer.json["code"] == "address_refused"
    assert "192.168.0.0/16" in answer.json["detail"]
    assert "PENSTOCK_ALLOW_NETWORKS" in answer.json["detail"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:5055/hook",
        "http://localhost:5055/",
        "http://127.1/",
        "http://93.184.216.34/",
    ],
)
def test_an_address_that_may_be_dialled_is_taken(ann: Owner, url: str) -> None:
    """Loopback is allowed where one process is everything."""
    assert made(ann, url=url)["url"] == url


def test_every_type_can_be_asked_for(ann: Owner) -> None:
    some = sorted(TYPES)
    assert made(ann, events=some)["events"] == some


@pytest.mark.parametrize("overlap", [-1, "1", True, MAX_OVERLAP_S + 1, 1e300, None], ids=str)
def test_an_overlap_that_cannot_be_is_refused(ann: Owner, overlap: Any) -> None:
    one = made(ann)
    answer = ann.ask("POST", f"{PLACE}/{one['id']}/rotate", json={"overlap_s": overlap})
    assert (answer.status_code, answer.json["field"]) == (422, "overlap_s")
    assert ann.ask("GET", f"{PLACE}/{one['id']}/secret").json == {"key": one["secret"]}


def test_another_owners_endpoint_is_not_found(ann: Owner, bob: Owner) -> None:
    one = made(ann)
    place = f"{PLACE}/{one['id']}"
    for method, path in (
        ("GET", place),
        ("PATCH", place),
        ("DELETE", place),
        ("GET", f"{place}/secret"),
        ("POST", f"{place}/enable"),
        ("POST", f"{place}/disable"),
        ("POST", f"{place}/rotate"),
        ("POST", f"{place}/test"),
    ):
        answer = bob.ask(method, path, **({"json": {}} if method == "PATCH" else {}))
        assert (answer.status_code, answer.json["code"]) == (404, "not_found")
    assert bob.ask("GET", PLACE).json["results"] == []
    assert ann.ask("GET", f"{place}/secret").json == {"key": one["secret"]}


def test_a_batch_of_its_owner_is_owed_to_it(ann: Owner, bob: Owner) -> None:
    mine, theirs = made(ann, events=["batch.created"]), made(bob)
    batch = ann.batch(ann.model())
    [owed] = ann.ask("GET", f"/v1/deliveries?endpoint={mine['id']}").json["results"]
    assert (owed["subject"], owed["type"], owed["endpoint"]) == (
        batch["id"],
        "batch.created",
        mine["id"],
    )
    assert ann.ask("GET", f"/v1/deliveries?endpoint={theirs['id']}").json["results"] == []
    assert bob.ask("GET", "/v1/deliveries").json["results"] == []


def test_disabling_and_enabling_twice_is_as_good_as_once(ann: Owner) -> None:
    one, other = made(ann), made(ann, events=["endpoint.disabled"])
    place = f"{PLACE}/{one['id']}"
    asked = ann.ask("POST", f"{place}/test")
    assert asked.status_code == 202
    for _ in range(2):
        off = ann.ask("POST", f"{place}/disable").json
        assert (off["state"], off["disabled_reason"]) == ("disabled", "owner")
    [test] = ann.ask("GET", f"/v1/deliveries?endpoint={one['id']}").json["results"]
    assert (test["id"], test["event"]) == (asked.json["delivery"], asked.json["event"])
    assert (test["type"], test["state"]) == ("webhook.test", "cancelled")
    [told] = ann.ask("GET", f"/v1/deliveries?endpoint={other['id']}").json["results"]
    assert (told["type"], told["subject"]) == ("endpoint.disabled", one["id"])
    for _ in range(2):
        on = ann.ask("POST", f"{place}/enable").json
        assert (on["state"], on["disabled_reason"], on["disabled_at"]) == ("enabled", None, None)
