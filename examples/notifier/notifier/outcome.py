"""What an event says about failures, in words for people; nothing of what went into a model."""

from dataclasses import dataclass

ENDED = ("batch.completed", "batch.failed", "batch.expired")


@dataclass(frozen=True)
class Outcome:
    """How many rows ended, how many of them badly, and how to say so."""

    rows: int
    failed: int
    title: str
    text: str


def outcome(event) -> Outcome | None:
    """Of a webhook event; None if it is about nothing that has ended.

    A prediction is one row, and a batch whose manifest was refused is one that failed.
    """
    if event.type == "prediction.completed":
        return _prediction(event.data)
    return _batch(event.type, event.data) if event.type in ENDED else None


def _prediction(data: dict) -> Outcome | None:
    if data["status"] not in ("succeeded", "failed"):
        return None
    id = data["id"]
    text = f"Its error and its logs: GET /v1/predictions/{id}"
    return Outcome(1, int(data["status"] == "failed"), f"prediction {id} failed", text)


def _batch(type: str, data: dict) -> Outcome:
    id, counts = data["id"], data["request_counts"]
    if type == "batch.failed":
        text = f"Its manifest was refused. Which lines, and why: penstock batch show {id}"
        return Outcome(1, 1, f"batch {id} failed", text)
    bad = counts["failed"] + counts.get("expired", 0)
    rows = counts["completed"] + bad
    word = "expired" if type == "batch.expired" else "completed"
    text = f"{bad} of {counts['total']} rows. Which ones: penstock batch results {id}"
    return Outcome(rows, bad, f"batch {id} {word}, {bad} rows failed", text)
