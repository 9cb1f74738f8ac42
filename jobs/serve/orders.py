"""What a request asks for, by Cog's rules; what is wrong with it is told in Cog's shape."""

import logging
import secrets
from collections.abc import Mapping
from typing import Any

from flask import request

from jobs.core import rowjson
from jobs.core.checker import Fault, short_name
from jobs.core.errors import JobsError
from jobs.core.lines import Bad
from jobs.host.arguments import left_out
from jobs.serve.callback import EVENTS
from jobs.serve.live import Order
from jobs.serve.model import Contract

TRACE = {"traceparent": "HTTP_TRACEPARENT", "tracestate": "HTTP_TRACESTATE"}
_parse = rowjson.parser()
log = logging.getLogger(__name__)


class BadBody(JobsError):
    """The request is not JSON; `status` is 400 or 415."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Invalid(JobsError):
    """Something in the body is wrong; `detail` has all of it, as Cog tells it."""

    def __init__(self, detail: list[dict[str, Any]]) -> None:
        super().__init__("; ".join(one["msg"] for one in detail))
        self.detail = detail


def fault(message: str, *place: str, kind: str = "value_error") -> dict[str, Any]:
    """One thing that is wrong, and where in the body."""
    return {"loc": ["body", *place], "msg": message, "type": kind}


def body() -> dict[str, Any]:
    """The body of this request as an object; none at all is an empty one.

    Raises:
        BadBody, Invalid: it is not JSON, or not an object.
    """
    return parsed(request.get_data(cache=False), is_json=request.is_json)


def parsed(raw: bytes, *, is_json: bool) -> dict[str, Any]:
    """The same of a body that has been read; `is_json`: whether its request says so."""
    if not raw:
        return {}
    if not is_json:
        raise BadBody(415, "Expected request with `Content-Type: application/json`")
    try:
        found = _parse(raw)
    except Bad as error:
        why = f"column {error.column}" if error.code == "invalid_json" else str(error)
        raise BadBody(400, f"the body is not JSON that can be taken: {why}") from None
    if not isinstance(found, dict):
        raise Invalid([fault("must be a JSON object")])
    return found


def order(
    told: dict[str, Any],
    contract: Contract,
    *,
    id: str | None,
    upload_url: str | None,
    is_streamed: bool,
    environ: Mapping[str, Any],
) -> Order:
    """The order that a body makes.

    Args:
        told: the body.
        contract: what the model takes.
        id: the one in the address, where there is one.
        upload_url: where output files go if the body does not say.
        is_streamed: whether the answer is a stream of events.
        environ: of the request, by WSGI.

    Raises:
        Invalid: with everything that is wrong.
    """
    faults: list[dict[str, Any]] = []
    given, note = _given(told.get("input"), contract, faults)
    name = _text(told, "id", faults)
    if id is not None and name not in (None, id):
        faults.append(fault("prediction ID must match the ID supplied in the URL", "id"))
    webhook = _text(told, "webhook", faults)
    wanted = _events(told.get("webhook_events_filter"), faults)
    prefix = _text(told, "output_file_prefix", faults) or upload_url
    context = _context(told.get("context"), faults)
    if faults:
        raise Invalid(faults)
    return Order(
        id=id or name or f"pred_{secrets.token_hex(12)}",
        input=given,
        note=note,
        secrets=contract.secrets,
        webhook=webhook,
        webhook_events=wanted,
        upload_url=prefix,
        context=context,
        trace={name: environ[key] for name, key in TRACE.items() if key in environ},
        in_parts=is_streamed or (webhook is not None and "output" in wanted),
    )


def _text(told: dict[str, Any], name: str, faults: list[dict[str, Any]]) -> str | None:
    value = told.get(name)
    if value is None or (isinstance(value, str) and value):
        return value
    faults.append(fault("must be a string that is not empty", name))
    return None


def _context(given: Any, faults: list[dict[str, Any]]) -> dict[str, str]:
    texts = given if isinstance(given, dict) else {}
    if given is not None and (texts is not given or not all(map(_is_text, texts.values()))):
        faults.append(fault("must be an object of strings", "context"))
    return texts


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _events(given: Any, faults: list[dict[str, Any]]) -> frozenset[str]:
    if given is None:
        return EVENTS
    if isinstance(given, list) and all(isinstance(one, str) and one in EVENTS for one in given):
        return frozenset(given)
    message = f"must be a list of: {', '.join(sorted(EVENTS))}"
    faults.append(fault(message, "webhook_events_filter"))
    return frozenset()


def _given(
    value: Any, contract: Contract, faults: list[dict[str, Any]]
) -> tuple[dict[str, Any], str]:
    """The input without what the model does not take, and what there is to say of that."""
    given = {} if value is None else value
    if not isinstance(given, dict):
        faults.append(fault("must be an object with the model's inputs", "input"))
        return {}, ""
    found = contract.check(given)
    faults += [_shaped(one) for one in found if one.code != "unknown_field"]
    unknown = given.keys() - contract.names
    if not unknown:
        return given, ""
    # the model's author had better know, too: a name that is spelt wrong looks just like this
    note = left_out(map(short_name, unknown), contract.names)
    log.warning(note)
    return {name: item for name, item in given.items() if name not in unknown}, f"{note}\n"


def _shaped(one: Fault) -> dict[str, Any]:
    if one.code == "missing_field":
        return fault("Field required", "input", one.field, kind="value_error.missing")
    return fault(one.message, "input", one.field)
