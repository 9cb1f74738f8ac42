"""What `webhooks listen` prints of an event."""

from datetime import datetime

import pytest

from jobs.cli.listen import settle


def test_an_event_of_the_past_has_its_own_time(capsys: pytest.CaptureFixture[str]) -> None:
    happened = "2020-01-31T12:34:56.789Z"
    event = {"id": "evt_1", "type": "batch.created", "subject": "batch_1", "created_at": happened}

    settle(event, None, as_json=False)

    here = datetime.fromisoformat(happened).astimezone().strftime("%H:%M:%S")
    assert capsys.readouterr().out == f"{here}  batch.created  batch_1  evt_1\n"
