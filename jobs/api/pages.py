"""Lists, page by page: what a query asks for, and the shapes that clients know."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from flask import request

from jobs.core.errors import BadRequest
from jobs.core.page import Found, Page, Which
from jobs.core.version import parse_model

DEFAULT, MOST = 20, 100
MAX_ID = 200


def asked(default: int = DEFAULT, most: int = MOST) -> Page:
    """`?limit=`, `?after=` and `?before=`.

    Raises:
        BadRequest: one of them cannot be used.
    """
    page = Page(limit(default, most), named("after"), named("before"))
    if page.after is not None and page.before is not None:
        raise BadRequest("give one of after and before", field="before")
    return page


def limit(default: int = DEFAULT, most: int = MOST) -> int:
    """`?limit=`, within bounds."""
    text = request.args.get("limit", str(default))
    short = text.isascii() and text.isdigit() and len(text) < 6
    if not (short and 1 <= int(text) <= most):
        raise BadRequest(f"limit is a number from 1 to {most}", field="limit")
    return int(text)


def oldest() -> bool:
    """`?order=`: whether the oldest come first."""
    order = request.args.get("order", "desc")
    if order not in ("asc", "desc"):
        raise BadRequest("order is asc or desc", field="order")
    return order == "asc"


def named(query: str) -> str | None:
    """The id that a query names, if it is there."""
    text = request.args.get(query)
    if text is not None and not (0 < len(text) <= MAX_ID and text.isprintable()):
        raise BadRequest(f"{query} is the id of a thing", field=query)
    return text


def which(words: Collection[str]) -> Which:
    """`?status=`, some of these words between commas, `?model=`, `?created_after=`, `_before=`.

    Raises:
        BadRequest: one of them cannot be used.
    """
    text = request.args.get("status")
    states = tuple(text.split(",")) if text is not None else ()
    if not set(words).issuperset(states):
        raise BadRequest(f"status is one of {', '.join(words)}, or several", field="status")
    model = request.args.get("model")
    if model is not None:
        parse_model(model)
    return Which(states, model, moment("created_after"), moment("created_before"))


def moment(query: str) -> datetime | None:
    """The time that a query names, if it is there; UTC where it names no zone."""
    text = request.args.get(query)
    if text is None:
        return None
    try:
        # a `+` that was not escaped comes as a space
        at = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadRequest(f"{query} is a time, such as 2026-01-31T12:00:00Z", field=query) from None


def replicate(found: Found[dict[str, Any]], page: Page, url: str) -> dict[str, Any]:
    """Replicate's shape: `next` and `previous` are whole addresses, or null."""
    items = found.items  # none, beyond either end of the list
    return {
        "previous": _link(url, page, "before", items[0]["id"]) if items and found.earlier else None,
        "next": _link(url, page, "after", items[-1]["id"]) if items and found.later else None,
        "results": list(items),
    }


def openai(found: Found[dict[str, Any]]) -> dict[str, Any]:
    """OpenAI's shape: ask again with `after` the last id while `has_more`."""
    items = found.items
    return {
        "object": "list",
        "data": list(items),
        "first_id": items[0]["id"] if items else None,
        "last_id": items[-1]["id"] if items else None,
        "has_more": found.later,
    }


def _link(url: str, page: Page, direction: str, cursor: str) -> str:
    kept = [
        (name, value) for name, value in request.args.items() if name not in ("after", "before")
    ]
    return f"{url}{request.path}?{urlencode([*kept, (direction, cursor)])}"
