"""What holds for every route: who may ask, how errors look, how long lists and bodies are cut."""

import hashlib
import json
from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobs.api.body import MAX_JSON
from tests.functional.conftest import MAX_UPLOAD_BYTES, Owner, World, check_problem

LISTS = [
    "batches",
    "predictions",
    "models",
    "files",
    "deliveries",
    "webhooks/endpoints",
    "deployments",
]
D = "ab" * 32
HOOK = "https://example.com/hook"
#: every route, and what stands for its parts
ROUTES = [
    ("POST", "/v1/batches"),
    ("GET", "/v1/batches"),
    ("GET", "/v1/batches/{id}"),
    ("POST", "/v1/batches/{id}/cancel"),
    ("POST", "/v1/batches/{id}/pause"),
    ("POST", "/v1/batches/{id}/resume"),
    ("POST", "/v1/batches/{id}/retry-failed"),
    ("GET", "/v1/batches/{id}/results/{name}"),
    ("GET", "/v1/batches/{id}/files/{path}"),
    ("POST", "/v1/predictions"),
    ("GET", "/v1/predictions"),
    ("GET", "/v1/predictions/{id}"),
    ("POST", "/v1/predictions/{id}/cancel"),
    ("GET", "/v1/predictions/{id}/files/{path}"),
    ("POST", "/v1/files"),
    ("GET", "/v1/files"),
    ("GET", "/v1/files/{id}"),
    ("DELETE", "/v1/batches/{id}"),
    ("DELETE", "/v1/files/{id}"),
    ("DELETE", "/v1/predictions/{id}"),
    ("GET", "/v1/files/{id}/content"),
    ("POST", "/v1/models"),
    ("GET", "/v1/models"),
    ("GET", "/v1/models/{owner}/{name}"),
    ("GET", "/v1/models/{owner}/{name}/versions"),
    ("POST", "/v1/models/{owner}/{name}/versions"),
    ("GET", "/v1/models/{owner}/{name}/versions/{id}"),
    ("GET", "/v1/models/{owner}/{name}/versions/{id}/files"),
    ("GET", "/v1/models/{owner}/{name}/versions/{id}/files/{sha256}"),
    ("PUT", "/v1/models/{owner}/{name}/aliases/{alias}"),
    ("POST", "/v1/models/{owner}/{name}/aliases/{alias}/rollback"),
    ("GET", "/v1/models/{owner}/{name}/aliases/{alias}/history"),
    ("PUT", "/v1/blobs/{sha256}"),
    ("HEAD", "/v1/blobs/{sha256}"),
    ("GET", "/v1/webhooks/default/secret"),
    ("GET", "/v1/deliveries"),
    ("POST", "/v1/webhooks/endpoints"),
    ("GET", "/v1/webhooks/endpoints"),
    ("GET", "/v1/webhooks/endpoints/{id}"),
    ("PATCH", "/v1/webhooks/endpoints/{id}"),
    ("DELETE", "/v1/webhooks/endpoints/{id}"),
    ("POST", "/v1/webhooks/endpoints/{id}/enable"),
    ("POST", "/v1/webhooks/endpoints/{id}/disable"),
    ("POST", "/v1/webhooks/endpoints/{id}/rotate"),
    ("POST", "/v1/webhooks/endpoints/{id}/test"),
    ("GET", "/v1/webhooks/endpoints/{id}/secret"),
    ("GET", "/v1/events"),
    ("POST", "/v1/deliveries/replay"),
    ("POST", "/v1/deliveries/{id}/replay"),
    ("QUERY", "/v1/models"),
    ("PATCH", "/v1/models/{owner}/{name}"),
    ("DELETE", "/v1/models/{owner}/{name}"),
    ("GET", "/v1/models/{owner}/{name}/readme"),
    ("GET", "/v1/models/{owner}/{name}/examples"),
    ("POST", "/v1/models/{owner}/{name}/predictions"),
    ("DELETE", "/v1/models/{owner}/{name}/versions/{id}"),
    ("GET", "/v1/predictions/{id}/stream"),
    ("POST", "/v1/models/{owner}/{name}/versions/{id}/trainings"),
    ("GET", "/v1/trainings"),
    ("GET", "/v1/trainings/{id}"),
    ("DELETE", "/v1/trainings/{id}"),
    ("POST", "/v1/trainings/{id}/cancel"),
    ("GET", "/v1/account"),
    ("GET", "/v1/hardware"),
    ("GET", "/v1/collections"),
    ("GET", "/v1/collections/{slug}"),
    ("GET", "/v1/search"),
    ("POST", "/v1/deployments"),
    ("GET", "/v1/deployments"),
    ("GET", "/v1/deployments/{owner}/{name}"),
    ("PATCH", "/v1/deployments/{owner}/{name}"),
    ("DELETE", "/v1/deployments/{owner}/{name}"),
    ("POST", "/v1/deployments/{owner}/{name}/rollback"),
    ("POST", "/v1/deployments/{owner}/{name}/predictions"),
    ("GET", "/v1/deployments/{owner}/{name}/releases"),
    ("GET", "/v1/deployments/{owner}/{name}/activity"),
]
#: whoever has one of their addresses is let in
LET_IN = [
    ("GET", "/v1/files/{id}/download"),
    ("GET", "/v1/predictions/{id}/stream/{ticket}"),
    ("GET", "/v1/files/{id}/stream/{ticket}"),
    ("GET", "/v1/predictions/{id}/files/{ticket}/{attempt}/{name}"),
    ("GET", "/v1/trainings/{id}/files/{ticket}/{attempt}/{name}"),
    ("GET", "/p/{id}/{ticket}"),
]
WITHOUT_BODY = ("/cancel", "/pause", "/resume", "/retry-failed", "/rollback", "/enable",
                "/disable", "/test", "{id}/replay")  # fmt: skip
WORDS = ["id", "name", "path", "owner", "alias", "sha256", "slug", "ticket", "attempt"]
WITH_JSON = [
    (method, path)
    for method, path in ROUTES
    if method in ("POST", "PUT", "PATCH") and path not in ("/v1/files", "/v1/blobs/{sha256}")
]


def filled(path: str, word: str = "x") -> str:
    return path.format(**dict.fromkeys(WORDS, word))


def test_no_route_is_left_out_of_these_tests(world: World) -> None:
    rules = world.made.app.url_map.iter_rules()
    there = {
        (method, rule.rule.replace("<path:", "<").replace("<int:", "<"))
        for rule in rules
        for method in rule.methods or ()
        if rule.rule not in ("/health", "/ready", "/openapi.json") and method not in ("OPTIONS",)
    }
    there -= {("HEAD", path) for _, path in there if path != "/v1/blobs/<sha256>"}

    assert there == {(m, p.replace("{", "<").replace("}", ">")) for m, p in ROUTES + LET_IN}


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_without_a_known_token_nothing_is_told(world: World, method: str, path: str) -> None:
    client = world.owner().client
    for headers in (
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer  "},
        {"Authorization": "Bearer pst_wrong"},
        {"Authorization": "Bearer " + "x" * 10_000},
        {"Authorization": "Basic dXNlcjpwYXNz"},
        {"Authorization": "\u00fc\u00e4"},
    ):
        answer = client.open(filled(path), method=method, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        if method != "HEAD":
            check_problem(answer)
            assert "pst_wrong" not in answer.text


def test_both_schemes_are_known(ann: Owner) -> None:
    for scheme in ("Bearer", "bearer", "Token", "TOKEN"):
        headers = {"Authorization": f"{scheme} {ann.token}"}
        assert ann.client.get("/v1/batches", headers=headers).status_code == 200


def test_a_revoked_token_is_unknown(world: World) -> None:
    owner = world.owner()
    id = next(one["id"] for one in world.services.tokens.all() if one["owner"] == owner.name)

    world.services.tokens.revoke(id)

    assert owner.ask("GET", "/v1/batches").status_code == 401


def test_health_needs_no_token(world: World) -> None:
    assert world.owner().client.get("/health").json == {"status": "ok"}


@pytest.mark.parametrize(("method", "path"), LET_IN)
def test_an_address_that_is_none_lets_nobody_in(ann: Owner, method: str, path: str) -> None:
    for word in ("x", "%00", "1", "%ff%fe"):
        assert ann.client.open(filled(path, word), method=method).status_code in (401, 404)


@pytest.mark.parametrize(("method", "path"), ROUTES + LET_IN)
@pytest.mark.parametrize("word", ["x", "%00", "%ff%fe", "..%2f..", "%F0%9F%92%A9", "a" * 5000])
def test_hostile_paths_get_a_problem(ann: Owner, method: str, path: str, word: str) -> None:
    if "{" not in path:
        return
    status = ann.ask(method, filled(path, word)).status_code

    assert status in (404, 405, 409, 422)


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v2/batches", "/v1/batches/", "/v1/nothing", "/v1/batches/x/y", "//v1"]
)
def test_an_unknown_path_is_a_problem(ann: Owner, path: str) -> None:
    assert ann.ask("GET", path).status_code == 404


def test_a_wrong_method_is_a_problem_that_names_the_right_ones(ann: Owner) -> None:
    answer = ann.ask("DELETE", "/v1/batches")

    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))
    assert ann.ask("BREW", "/v1/batches").status_code == 405


def test_an_unexpected_error_is_a_problem_without_its_text(
    ann: Owner, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(ann.world.made.store.batches, "newest", broken)

    answer = ann.ask("GET", "/v1/batches")

    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "secret detail" in caplog.text


# --- bodies -----------------------------------------------------------------------------------

BAD_JSON = {
    "not JSON": (b"text", "invalid_json"),
    "cut off": (b'{"model": "a', "invalid_json"),
    "trailing comma": (b'{"model": "a",}', "invalid_json"),
    "two objects": (b"{}{}", "invalid_json"),
    "an array": (b"[]", "invalid_json"),
    "a string": (b'"model"', "invalid_json"),
    "null": (b"null", "invalid_json"),
    "only a blank": (b" ", "invalid_json"),
    "not UTF-8": (b'{"model": "\xff"}', "invalid_json"),
    "UTF-16": ('{"model": "a"}'.encode("utf-16"), "invalid_json"),
    "a byte order mark": (b"\xef\xbb\xbf{}", "invalid_json"),
    "NUL bytes": (b"\0\0\0", "invalid_json"),
    "NaN": (b'{"input": {"n": NaN}}', "not_a_number"),
    "Infinity": (b'{"input": {"n": -Infinity}}', "not_a_number"),
    "a huge float": (b'{"input": {"n": 1e999}}', "number_too_large"),
    "a huge integer": (b'{"input": {"n": 1' + b"0" * 40 + b"}}", "number_too_large"),
    "a monstrous integer": (b'{"input": {"n": ' + b"9" * 10_000 + b"}}", "number_too_large"),
    "a key twice": (b'{"model": "a", "model": "b"}', "duplicate_key"),
    "half a surrogate": (rb'{"model": "\ud800"}', "lone_surrogate"),
    "too deep": (b'{"input": ' + b"[" * 200 + b"]" * 200 + b"}", "too_deep"),
    "far too deep": (b"[" * 1_000_000, "too_deep"),
}


@pytest.mark.parametrize("what", BAD_JSON)
def test_a_bad_body_is_told_in_the_words_of_manifests(ann: Owner, what: str) -> None:
    body, code = BAD_JSON[what]
    for method, path in WITH_JSON:
        if path.endswith(WITHOUT_BODY):
            continue  # they read no body
        answer = ann.ask(method, filled(path, "live"), data=body)
        assert (answer.status_code, answer.json["code"]) == (422, code), path


def test_a_place_in_a_body_of_many_lines_is_named(ann: Owner) -> None:
    detail = ann.ask("POST", "/v1/batches", data=b'{\n  "model": "a",\n  oops\n}').json["detail"]

    assert detail.endswith("at line 3, column 3")


@pytest.mark.parametrize(
    "kind", [None, "application/json", "text/plain", "application/x-www-form-urlencoded",
             "multipart/form-data; boundary=x", "application/json; charset=utf-16", "\u00fc"]
)  # fmt: skip
def test_the_content_type_of_json_does_not_matter(ann: Owner, kind: str | None) -> None:
    body = json.dumps({"version": ann.model(), "input": {"text": "x"}}).encode()
    headers = {"Content-Type": kind} if kind else {}

    assert ann.ask("POST", "/v1/predictions", data=body, headers=headers).status_code == 201


def chunked(content: bytes) -> dict[str, Any]:
    """A body without a Content-Length, as a server hands it on that ends chunked bodies."""
    return {"input_stream": BytesIO(content), "environ_overrides": {"wsgi.input_terminated": True}}


@pytest.mark.parametrize("size", [MAX_JSON + 1, MAX_JSON * 2])
@pytest.mark.parametrize("how", ["length", "chunked"])
def test_a_json_body_over_the_limit_is_refused_with_the_limit(
    ann: Owner, size: int, how: str
) -> None:
    content = b'{"metadata": "' + b"x" * (size - 16) + b'"}'
    body = chunked(content) if how == "chunked" else {"data": content}

    answer = ann.ask("POST", "/v1/batches", **body)

    assert answer.status_code == 413
    assert f"{MAX_JSON:,}" in answer.json["detail"]


def test_a_chunked_body_within_the_limit_is_read(ann: Owner) -> None:
    content = json.dumps({"version": ann.model(), "input": {"text": "x"}}).encode()

    assert ann.ask("POST", "/v1/predictions", **chunked(content)).status_code == 201


def said(content: bytes, length: int) -> dict[str, Any]:
    """A body whose Content-Length says something else."""
    return {
        "input_stream": BytesIO(content),
        "environ_overrides": {"CONTENT_LENGTH": str(length)},
    }


def test_a_lie_about_the_length_is_refused_before_the_body_is_read(ann: Owner) -> None:
    for method, path in (("POST", "/v1/batches"), ("PUT", f"/v1/blobs/{D}")):
        assert ann.ask(method, path, **said(b"{}", 10**12)).status_code == 413
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    assert ann.ask("POST", "/v1/files", headers=form, **said(b"--x", 10**12)).status_code == 413


def test_a_body_that_breaks_off_is_refused_and_not_kept(ann: Owner) -> None:
    content = b"{}"
    sha256 = hashlib.sha256(content).hexdigest()

    assert ann.ask("POST", "/v1/batches", **said(content, 1000)).status_code == 400
    assert ann.ask("PUT", f"/v1/blobs/{sha256}", **said(content, 1000)).status_code == 400
    assert ann.ask("HEAD", f"/v1/blobs/{sha256}").status_code == 404


@pytest.mark.parametrize("how", ["length", "chunked"])
def test_a_blob_over_the_limit_is_refused_and_not_kept(ann: Owner, how: str) -> None:
    content = b"x" * (MAX_UPLOAD_BYTES + 1)
    body = chunked(content) if how == "chunked" else {"data": content}

    answer = ann.ask("PUT", f"/v1/blobs/{D}", **body)

    assert answer.status_code == 413
    assert f"{MAX_UPLOAD_BYTES:,}" in answer.json["detail"]
    assert ann.ask("HEAD", f"/v1/blobs/{D}").status_code == 404


# --- lists ------------------------------------------------------------------------------------


def fill(owner: Owner, what: str, count: int) -> str:
    """So many things; the path of their list."""
    model = owner.model()
    for number in range(count):
        if what == "files":
            owner.upload(str(number).encode())
        elif what == "predictions":
            body = {"version": model, "input": {"text": str(number)}}
            owner.ask("POST", "/v1/predictions", json=body)
        elif what in ("batches", "deliveries"):
            owner.batch(model, webhook=HOOK)
        elif what == "webhooks/endpoints":
            owner.ask("POST", "/v1/webhooks/endpoints", json={"url": HOOK})
        elif what == "models" and number:
            owner.model()
        elif what == "versions" and number:
            from jobs.core.version import Version
            from jobs.wiring import clock

            id = f"{number:064x}"
            owner.world.made.store.models.push(Version(id=id, model=model, created_at=clock()))
    return f"/v1/models/{model}/versions" if what == "versions" else f"/v1/{what}"


def ids(page: dict[str, Any]) -> list[str]:
    return [one.get("id") or one["name"] for one in page.get("results") or page["data"]]


@pytest.mark.parametrize(
    "what",
    ["files", "predictions", "models", "versions", "deliveries", "webhooks/endpoints"],
)
def test_next_and_previous_go_through_the_whole_list_and_back(ann: Owner, what: str) -> None:
    path = fill(ann, what, 7)
    whole = ids(ann.ask("GET", f"{path}?limit=100").json)
    assert len(whole) == 7

    pages, url = [], f"{path}?limit=3"
    while url:
        page = ann.ask("GET", url.removeprefix("https://penstock.test")).json
        pages.append(page)
        url = page["next"]
    assert [len(ids(page)) for page in pages] == [3, 3, 1]
    assert [id for page in pages for id in ids(page)] == whole
    assert pages[0]["previous"] is None
    assert all(page["previous"].startswith("https://penstock.test/v1/") for page in pages[1:])

    back = ann.ask("GET", pages[2]["previous"].removeprefix("https://penstock.test")).json
    assert ids(back) == whole[3:6]
    first = ann.ask("GET", back["previous"].removeprefix("https://penstock.test")).json
    assert ids(first) == whole[:3]
    assert first["previous"] is None


@pytest.mark.parametrize("what", ["files", "batches"])
def test_after_goes_through_the_whole_list_while_there_is_more(ann: Owner, what: str) -> None:
    path = fill(ann, what, 6)

    found, query = [], "?limit=3"
    while True:
        page = ann.ask("GET", path + query).json
        found += ids(page)
        assert (page["first_id"], page["last_id"]) == (ids(page)[0], ids(page)[-1])
        if not page["has_more"]:
            break
        query = f"?limit=3&after={page['last_id']}"

    assert len(found) == len(set(found)) == 6
    assert found == sorted(found, reverse=True)


def test_a_page_goes_on_behind_a_file_that_is_gone(ann: Owner) -> None:
    path = fill(ann, "files", 4)
    page = ann.ask("GET", f"{path}?limit=2").json
    for id in ids(page):
        ann.ask("DELETE", f"/v1/files/{id}")

    rest = ann.ask("GET", page["next"].removeprefix("https://penstock.test")).json

    assert len(ids(rest)) == 2


def test_an_empty_list_has_no_pages(ann: Owner) -> None:
    for path in ("predictions", "models", "files"):
        page = ann.ask("GET", f"/v1/{path}").json
        assert (page["results"], page["next"], page["previous"]) == ([], None, None)
    page = ann.ask("GET", "/v1/batches").json
    assert (page["data"], page["has_more"], page["last_id"]) == ([], False, None)


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=-1", "limit=101", "limit=x", "limit=", "limit=%C2%B2", "limit=1.5",
     "limit=" + "9" * 5000],
)  # fmt: skip
def test_a_limit_out_of_bounds_is_refused(ann: Owner, path: str, query: str) -> None:
    answer = ann.ask("GET", f"/v1/{path}?{query}")

    assert (answer.status_code, answer.json["field"]) == (422, "limit")


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "query", ["after=", "after=%00", "before=%0A", "after=" + "x" * 201, "after=a&before=b"]
)
def test_a_cursor_that_cannot_be_is_refused(ann: Owner, path: str, query: str) -> None:
    assert ann.ask("GET", f"/v1/{path}?{query}").status_code == 422


# --- anything at all --------------------------------------------------------------------------

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
NAMES = {
    "/v1/batches": ["model", "version", "input_file_id", "input_url", "destination", "metadata",
                    "webhook", "webhook_events_filter", "completion_window", "endpoint"],
    "/v1/predictions": ["version", "input", "webhook", "webhook_completed",
                        "webhook_events_filter", "model", "stream"],
    "/v1/trainings": ["destination", "version", "input", "webhook", "webhook_events_filter"],
    "/v1/deliveries": ["since", "until", "missing", "subject", "after"],
    "/v1/models": ["owner", "name", "visibility", "hardware", "files", "version", "expected"],
    "/v1/webhooks": ["url", "events", "description", "rate_per_s", "concurrency", "overlap_s"],
    "/v1/deployments": ["name", "model", "version", "hardware", "min_instances", "max_instances",
                        "number", "input", "deployment"],
}  # fmt: skip
LIKELY = st.sampled_from(
    ["a/b", "a/b:live", D, f"a/b:{D}", "s3://b/k", "https://example.com", "24h", "file_00",
     {"text": "x"}, [{"path": "cog.yaml", "sha256": D, "size": 1, "executable": False}],
     {"k": "v"}, ["completed"], "private", ["batch.*"], 3, 0.5]
)  # fmt: skip


def changes(path: str) -> st.SearchStrategy[Any]:
    """What to put over a good body: wrong values under right names, mostly."""
    names = st.sampled_from(next(NAMES[start] for start in NAMES if path.startswith(start)))
    known = st.dictionaries(names, LIKELY | VALUES, min_size=1, max_size=2)
    return known | known | st.dictionaries(names | TEXT, LIKELY | VALUES, max_size=3) | VALUES


@pytest.mark.parametrize(("method", "path"), WITH_JSON)
def test_no_json_makes_the_server_fail(world: World, method: str, path: str) -> None:
    owner = world.owner("b")
    model = owner.model()
    live = owner.ask("GET", f"/v1/models/{model}").json["aliases"]["live"]
    standing = owner.ask("POST", "/v1/webhooks/endpoints", json={"url": HOOK}).json["id"]
    named = model.partition("/")[2]
    owner.ask("POST", "/v1/deployments", json={"name": named, "version": model})
    good: dict[str, Any] = {
        "/v1/deployments": {"name": "d", "version": model},
        "/v1/deployments/{owner}/{name}/predictions": {"input": {"text": "x"}},
        "/v1/webhooks/endpoints": {"url": HOOK},
        "/v1/batches": {"model": model, "input_file_id": owner.manifest()},
        "/v1/predictions": {"version": model, "input": {"text": "x"}},
        "/v1/models": {"owner": owner.name, "name": "m"},
        "/v1/models/{owner}/{name}/aliases/{alias}": {"version": live},
    }.get(path, {})
    place = path.format(
        owner=owner.name, name=named, alias="live", sha256=D,
        id=standing if "endpoints" in path else "batch_0",
    )  # fmt: skip

    @settings(
        max_examples=100,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(changes(path))
    def check(change: Any) -> None:
        body = good | change if isinstance(change, dict) else change
        assert owner.ask(method, place, json=body).status_code < 500

    check()


@settings(max_examples=150, deadline=None, derandomize=True, database=None,
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(st.binary(max_size=200), st.sampled_from(ROUTES), TEXT)
def test_no_bytes_make_the_server_fail(
    world: World, content: bytes, route: tuple[str, str], kind: str
) -> None:
    method, path = route
    headers = {"Content-Type": kind.replace("\r", "").replace("\n", "")}

    answer = world.owner().ask(method, filled(path), data=content, headers=headers)

    assert answer.status_code < 500
