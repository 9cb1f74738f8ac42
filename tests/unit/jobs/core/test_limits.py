"""Limits: a token's own over the server's, and how they are written."""

import pytest

from jobs.core.errors import BadRequest
from jobs.core.limits import Limits, changed


def test_own_limits_lie_over_the_servers() -> None:
    server = Limits(requests_per_s=10.0, batches=5)
    assert server.under({}) == server
    assert server.under({"batches": None, "rows": 7}) == Limits(requests_per_s=10.0, rows=7)


def test_limits_are_set_taken_away_and_left_to_the_server() -> None:
    own = changed({}, ["batches=5", "requests_per_s=0.5", "rows=none"])
    assert own == {"batches": 5, "requests_per_s": 0.5, "rows": None}
    assert changed(own, ["batches=default", "rows=9"]) == {"requests_per_s": 0.5, "rows": 9}


@pytest.mark.parametrize(
    ("pair", "word"),
    [
        ("cpus=3", "requests_per_s, batches, rows, predictions"),
        ("batches", "above 0"),
        ("batches=", "above 0"),
        ("batches=0", "above 0"),
        ("batches=-1", "above 0"),
        ("batches=1.5", "above 0"),
        ("requests_per_s=nan", "above 0"),
        ("requests_per_s=inf", "above 0"),
        ("rows=1e99", "above 0"),
    ],
)
def test_what_is_no_limit_is_told(pair: str, word: str) -> None:
    with pytest.raises(BadRequest, match=word):
        changed({}, [pair])
