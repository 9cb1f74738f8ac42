"""Files of a prediction: those that its input names are brought, those it gives are passed on."""

import base64
import mimetypes
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

import httpx

from jobs.adapters.fetch import Fetcher
from jobs.core.caller import Caller
from jobs.core.errors import FetchFailed, JobsError
from jobs.core.uri import uri_fault
from jobs.worker import staging

#: whoever may call may name any address: see docs/decisions/0034-serve-trusts-its-callers.md
ANYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))
#: as Cog gives an upload
UPLOAD_S = 25.0
FOREIGN = "must be an https:// or http:// address or a data: URI; `penstock serve` has no store"


class UploadFailed(JobsError):
    """An output file could not be put where it was to go."""

    code = "upload_failed"


class Inputs:
    """Brings the files that inputs name."""

    def __init__(self) -> None:
        nowhere: Any = None  # nobody gets as far as asking a store
        self._fetcher = Fetcher(
            nowhere,
            bucket=nowhere,
            file_keys=lambda ids, owner: {},
            allow_networks=ANYWHERE,
            allow_http=True,
        )

    def brought(
        self, given: dict[str, Any], document: Mapping[str, Any], folder: Path
    ) -> dict[str, Any]:
        """The input with local paths in the place of addresses; raises FetchFailed."""
        fields = staging.uri_fields(dict(document))
        return staging.bring(given, fields, self._fetch, folder)

    def _fetch(self, uri: str, into: Path) -> Path:
        fault = uri_fault(uri, allow_http=True)
        if fault is None and uri.partition(":")[0] not in ("https", "http", "data"):
            fault = FOREIGN
        if fault is not None:
            raise FetchFailed(fault)
        return self._fetcher.fetch(uri, into, caller=Caller("serve"), keys={})


class Outputs:
    """Passes on the files of one prediction, each once, in the order in which they come."""

    def __init__(self, id: str, upload_url: str | None) -> None:
        self._id = id
        self._base = upload_url
        self._placed: dict[str, str] = {}
        self._names: set[str] = set()

    def passed_on(self, value: Any) -> Any:
        """An output with addresses where the model gave files; raises UploadFailed."""
        if isinstance(value, dict):
            path = value.get("__path__")
            if path is not None:
                return self._place(path)
            return {name: self.passed_on(item) for name, item in value.items()}
        return [self.passed_on(item) for item in value] if isinstance(value, list) else value

    def _place(self, path: str) -> str:
        if path not in self._placed:
            file = Path(path)
            self._placed[path] = data_uri(file) if self._base is None else self._upload(file)
        return self._placed[path]

    def _upload(self, file: Path) -> str:
        target = f"{str(self._base).rstrip('/')}/{quote(self._unique(file.name))}"
        headers = {"Content-Type": kind_of(file), "x-prediction-id": self._id}
        try:
            with file.open("rb") as body:
                answer = httpx.put(
                    target, content=body, headers=headers, timeout=UPLOAD_S, trust_env=False
                )
            answer.raise_for_status()
        except httpx.HTTPStatusError as error:
            raise UploadFailed(_refused(file, f"answered {error.response.status_code}")) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # the class only: an address may hold what its owner would not print
            raise UploadFailed(_refused(file, f"failed ({type(error).__name__})")) from None
        return _without_query(urljoin(target, answer.headers.get("Location", target)))

    def _unique(self, name: str) -> str:
        found = f"{len(self._names)}-{name}" if name in self._names else name
        self._names.add(found)
        return found


def _refused(file: Path, why: str) -> str:
    return f"uploading {file.name} {why}; see upload_url"


def _without_query(url: str) -> str:
    return urlunsplit(urlsplit(url)._replace(query="", fragment=""))


def data_uri(file: Path) -> str:
    """A file's bytes as an address of their own."""
    return f"data:{kind_of(file)};base64,{base64.b64encode(file.read_bytes()).decode()}"


def kind_of(file: Path) -> str:
    """The media type that its name says."""
    return mimetypes.guess_type(file.name)[0] or "application/octet-stream"
