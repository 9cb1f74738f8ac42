"""What a request to send deliveries again may say."""

from typing import Any

import pytest

from jobs.core.errors import BadRequest
from jobs.core.replay import Place, Range, asked


def test_a_range_is_read() -> None:
    body = {"since": "2030-01-31T12:00:00Z", "until": "2030-01-31T14:00:00+01:00", "subject": "s"}
    assert asked(body) == Range(1896091200.0, 1896094800.0, subject="s")
    assert asked({"since": "2030-01-31T12:00"}).since == 1896091200.0  # no zone: UTC
    assert asked({"missing": True}) == Range(missing=True)


def test_where_a_lot_ended_comes_back_as_it_was() -> None:
    place = Place(1732641234.123457, "dlv_0123abc")
    assert asked({"missing": True, "after": str(place)}).after == place


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "since"),
        ({"missing": False}, "since"),
        ({"until": "2030-01-31T12:00Z"}, "since"),
        ({"since": "yesterday"}, "since"),
        ({"since": 5}, "since"),
        ({"since": "2030-02-30"}, "since"),
        ({"missing": True, "until": []}, "until"),
        ({"since": "2030-01-31T12:00Z", "until": "2030-01-31T12:00Z"}, "until"),
        ({"missing": "yes"}, "missing"),
        ({"missing": True, "subject": 7}, "subject"),
        ({"missing": True, "after": "dlv_1"}, "after"),
        ({"missing": True, "after": 7}, "after"),
        ({"missing": True, "after": "1.0/dlv_1'; --"}, "after"),
        ({"missing": True, "owner": "bob"}, "owner"),
    ],
)
def test_what_cannot_be_is_refused_by_name(body: dict[str, Any], field: str) -> None:
    with pytest.raises(BadRequest) as told:
        asked(body)
    assert told.value.field == field
