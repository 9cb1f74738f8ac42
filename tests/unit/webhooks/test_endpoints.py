"""Who may have how many attempts under way, and who must rest."""

import pytest

from webhooks import endpoints
from webhooks.deliveries import RETRY_AFTER_CAP_S, Outcome
from webhooks.endpoints import BUSY, EACH, REST_MOST_S, REST_S, Endpoints, origin

URL = "https://a.example/hook"


def answered(status: int | None, retry_after_s: float | None = None) -> Outcome:
    return Outcome(status, None, 0.1, retry_after_s)


def fill(seen: Endpoints, url: str = URL, now: float = 0.0) -> int:
    """Begin as many attempts as may begin."""
    begun = 0
    while seen.begin(url, now):
        begun += 1
    return begun


def test_a_server_has_so_many_and_no_more_however_its_paths_are_called() -> None:
    seen = Endpoints()
    assert fill(seen) == EACH
    assert not seen.begin(f"{URL}/other?x=1", 0)
    assert seen.full(0) == ["https://a.example"]
    assert seen.begin("https://b.example/hook", 0)
    seen.end(URL, answered(200), 0)
    assert seen.full(0) == []
    assert fill(seen) == 1


def test_one_that_does_not_answer_has_one_at_a_time_until_it_does() -> None:
    seen = Endpoints()
    fill(seen)
    for _ in range(EACH):
        seen.end(URL, answered(None), 0)
    assert fill(seen) == 1
    seen.end(URL, answered(500), 0)  # an answer, though not a good one
    assert fill(seen) == EACH


@pytest.mark.parametrize("status", sorted(BUSY))
def test_a_busy_one_rests_from_every_delivery(status: int) -> None:
    seen = Endpoints()
    seen.begin(URL, 0)
    seen.end(URL, answered(status), 0)
    assert seen.full(REST_S - 0.1) == ["https://a.example"]
    assert not seen.begin(URL, REST_S - 0.1)
    assert seen.begin(URL, REST_S)


def test_it_rests_longer_each_time_and_as_long_as_it_asks() -> None:
    seen, now, rests = Endpoints(), 0.0, []
    for _ in range(9):
        assert seen.begin(URL, now)
        seen.end(URL, answered(503), now)
        began = now
        while seen.full(now):
            now += 1
        rests.append(now - began)
    assert rests == [5, 10, 20, 40, 80, 160, REST_MOST_S, REST_MOST_S, REST_MOST_S]
    seen.begin(URL, now)
    seen.end(URL, answered(429, 1000), now)
    assert seen.full(now + 999)
    assert not seen.full(now + 1000)
    seen.begin(URL, now + 1000)
    seen.end(URL, answered(429, 1e9), now)
    assert not seen.full(now + RETRY_AFTER_CAP_S)


def test_what_says_nothing_of_the_server_changes_nothing() -> None:
    seen = Endpoints()
    seen.begin(URL, 0)
    seen.drop(URL)
    assert fill(seen) == EACH


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoints, "MOST", 10)
    seen = Endpoints()
    for n in range(50):
        seen.begin(f"https://{n}.example/", 0)
        seen.end(f"https://{n}.example/", answered(None if n % 2 else 200), 0)
    assert len(seen._servers) == 10


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://a.example/hook", "https://a.example"),
        ("https://a.example:8443?x=/y", "https://a.example:8443"),
        ("http://[::1]:80/x", "http://[::1]:80"),
        ("HTTP://a.example/", "HTTP://a.example/"),
        ("http://[::1", "http://[::1"),
        ("nonsense", "nonsense"),
        ("", ""),
    ],
)
def test_the_server_of_an_address(url: str, name: str) -> None:
    assert origin(url) == name
    assert url.startswith(name)
