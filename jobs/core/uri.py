"""What a row may write where a model takes a file: an address, an upload's id, or a path."""

import re
from dataclasses import dataclass

from jobs.core.file import is_id

_OUTPUT = re.compile(
    r"(?:predictions|trainings)/(\w{1,64})/files/"
    r"(?:([0-9a-f]+-[0-9a-f]+)/)?(\d{1,9})/([\w.-]{1,110})",
    re.ASCII,
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_URI = (
    "must be an s3:// or https:// address, a data: URI, the id of an uploaded file (file_...) "
    "or a path relative to the manifest"
)


def uri_fault(uri: str, *, allow_http: bool = False) -> str | None:
    """Why this cannot name an input file, or None if it can."""
    scheme, _, rest = uri.partition("://")
    match scheme:
        case "https":
            return None if rest.strip("/") else _URI
        case "http" if rest:
            return None if allow_http else "must use https://; http:// is not allowed here"
        case "s3":
            return _s3_fault(rest)
    if uri.startswith("data:"):
        return None if "," in uri else "must be a whole data: URI (data:[type][;base64],...)"
    if is_file_id(uri):
        return None if is_id(uri) else "must be the id of an uploaded file (file_...)"
    return _path_fault(uri)


def own(uri: str, origin: str) -> str:
    """The id of an upload in the place of its address on this server, as clients send it."""
    place = f"{origin}/v1/files/"
    id = uri[len(place) :].removesuffix("/content")
    return id if origin and uri.startswith(place) and is_id(id) else uri


@dataclass(frozen=True)
class Output:
    """An address of ours of what a prediction or training gave; a ticket in it lets anybody in."""

    prediction: str
    ticket: str | None
    attempt: int
    name: str


def own_output(uri: str, origin: str) -> Output | None:
    """What an address on this server names of a prediction's or a training's files, if it does."""
    place = f"{origin}/v1/"
    found = _OUTPUT.fullmatch(uri[len(place) :]) if origin and uri.startswith(place) else None
    return Output(found[1], found[2], int(found[3]), found[4]) if found else None


def is_own(uri: str, origin: str) -> bool:
    """Whether this names an upload or an output by its address on this server."""
    return own(uri, origin) != uri or own_output(uri, origin) is not None


def is_file_id(uri: str) -> bool:
    """Whether this means an uploaded file; "file_1.png" is a path."""
    return uri.startswith("file_") and "/" not in uri and "." not in uri


def is_relative(uri: str) -> bool:
    """Whether this means a path beside the manifest, and a good one."""
    return not is_file_id(uri) and _path_fault(uri) is None


def _s3_fault(rest: str) -> str | None:
    bucket, _, key = rest.partition("/")
    if not bucket or not key:
        return "must be s3://BUCKET/KEY"
    return "must not contain '..'" if ".." in key.split("/") else None


def _path_fault(path: str) -> str | None:
    if not path or _SCHEME.match(path) or path.startswith("/") or "\\" in path or "\0" in path:
        return _URI
    return "must not contain '..'" if ".." in path.split("/") else None
