"""What keeps the processes of a production set-up going."""

import pytest

from jobs import roles
from jobs.core.errors import BadRequest, Unavailable


def test_an_api_process_that_begins_while_the_database_is_away_waits_for_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(roles, "PAUSE_S", 0.0)
    errors = [Unavailable("it is away"), BadRequest("it cannot be used")]

    def make() -> str:
        if errors:
            raise errors.pop()
        return "the application"

    assert roles.patiently(make) == "the application"
    assert [record.getMessage() for record in caplog.records] == [
        "this API process cannot begin yet: it cannot be used",
        "this API process cannot begin yet: it is away",
    ]
