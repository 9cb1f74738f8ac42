"""What a browser is shown at /, and what programs go on to be told."""

from html.parser import HTMLParser

import pytest
from werkzeug.test import Client

from tests.functional.conftest import World, check_problem

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
VOID = {"meta"}


class Page(HTMLParser):
    """Which elements it has; each must be closed in its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.links: list[str] = []
        self.names: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """It begins."""
        self.seen.append(tag)
        self.names |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """It ends."""
        assert self.open.pop() == tag


@pytest.mark.parametrize("accept", [FIREFOX, "text/html", "text/html, application/json;q=0.9"])
def test_a_browser_is_told_what_this_is_and_where_to_go_on(world: World, accept: str) -> None:
    client = Client(world.made.app)
    answer = client.get("/", headers={"Accept": accept})

    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    page = Page()
    page.feed(answer.text)
    assert answer.text.startswith('<!doctype html>\n<html lang="en">')
    assert page.open == []
    assert page.seen[:2] == ["html", "head"]
    assert page.seen.count("title") == page.seen.count("h1") == 1
    assert not {"script", "img", "link"} & set(page.seen)
    assert not {"src", "style", "onclick"} & page.names
    assert client.get("/openapi.json").json["info"]["version"] in answer.text
    assert "light dark" in answer.text
    for link in page.links:
        assert client.get(f"/{link}").status_code == 200
    head = client.head("/", headers={"Accept": accept})
    assert (head.status_code, head.data) == (200, b"")


@pytest.mark.parametrize("accept", [None, "*/*", "application/json", "application/json,text/html"])
def test_who_asks_for_something_else_is_answered_as_before(
    world: World, accept: str | None
) -> None:
    headers = {} if accept is None else {"Accept": accept}
    owner = world.owner()

    stranger = Client(world.made.app).get("/", headers=headers)

    check_problem(stranger)
    assert stranger.status_code == 401
    assert owner.ask("GET", "/", headers=headers).status_code == 404


def test_only_the_page_itself_is_open(world: World) -> None:
    client = Client(world.made.app)
    for method, path in (("POST", "/"), ("GET", "/v1"), ("GET", "/v1/models"), ("DELETE", "/")):
        answer = client.open(path, method=method, headers={"Accept": FIREFOX})
        assert answer.status_code == 401


def test_a_path_that_no_route_has_says_where_the_routes_are(world: World) -> None:
    told = world.owner().ask("GET", "/v1/nope").json
    assert (told["code"], "/openapi.json" in told["detail"]) == ("not_found", True)
