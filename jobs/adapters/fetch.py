"""Brings the file that an input names to a local path, from wherever it is allowed to be."""

import base64
import binascii
import mimetypes
import posixpath
import re
import socket
import ssl
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote_to_bytes, urlsplit

import pycurl

from jobs.core.caller import Caller
from jobs.core.errors import (
    BlobError,
    BlobMissing,
    BlobRefused,
    FetchFailed,
    Forbidden,
)
from jobs.core.uri import is_file_id, is_relative, uri_fault
from jobs.ports import Blobs
from webhooks.addresses import judge

MAX_BYTES = 10**9
TIMEOUT_S = 300.0
MAX_REDIRECTS = 5
_CONNECT_TIMEOUT_S = 10
#: an object store that is away for no longer costs time and no row; the pauses between tries grow
PATIENCE_S = 60.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 8.0
# A server that drips would hold a worker's thread until the whole time is over.
_SLOW_BYTES_S, _SLOW_S = 1024, 30
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")

Network = IPv4Network | IPv6Network


class Fetcher:
    """Fetches input files; each error names the scheme and the reason, never the address."""

    def __init__(
        self,
        blobs: Blobs,
        *,
        bucket: Callable[[str], Blobs],
        file_keys: Callable[[Collection[str], str], Mapping[str, str]],
        allow_networks: Sequence[Network] = (),
        allow_http: bool = False,
        max_bytes: int = MAX_BYTES,
        slow_s: int = _SLOW_S,
        patience_s: float = PATIENCE_S,
    ) -> None:
        """Say where things are and who may have them.

        Args:
            blobs: our own store, for uploaded files.
            bucket: the objects of a bucket by its name.
            file_keys: (file ids, owner) to the key in `blobs` of each that this owner has.
            allow_networks: private networks that https:// may reach all the same.
            allow_http: whether http:// is allowed beside https://.
            max_bytes: the largest file.
            slow_s: how long the web may send less than 1 KiB a second.
            patience_s: how long an object store that does not answer is asked again.
        """
        self._blobs = blobs
        self._bucket = bucket
        self._file_keys = file_keys
        self._allow_networks = tuple(allow_networks)
        self._allow_http = allow_http
        self._max_bytes = max_bytes
        self._slow_s = slow_s
        self._patience_s = patience_s

    def for_caller(
        self, caller: Caller, manifest_url: str | None, uris: Iterable[str]
    ) -> Callable[[str, Path], Path]:
        """(uri, into) to the file, for one caller and, for relative paths, one manifest.

        `uris` are those that will be asked for: the uploads among them are looked up together.
        """
        keys = self._file_keys({uri for uri in uris if is_file_id(uri)}, caller.owner)

        def bring(uri: str, into: Path) -> Path:
            return self.fetch(resolved(uri, manifest_url), into, caller=caller, keys=keys)

        return bring

    def fetch(
        self,
        uri: str,
        into: Path,
        *,
        caller: Caller,
        keys: Mapping[str, str],
        timeout_s: float = TIMEOUT_S,
    ) -> Path:
        """The file, under `into` or, if its type is known, the same name with a suffix.

        Args:
            keys: where the bytes of the caller's uploads are, by id.

        Raises:
            FetchFailed: it cannot be had; nothing is left behind.
        """
        scheme, source = self._source(uri, caller, keys)
        target = into.with_name(into.name + _suffix(uri))
        try:
            with _made(target) as file:
                source(_Limited(file, self._max_bytes, scheme), timeout_s)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        return target

    def _source(self, uri: str, caller: Caller, keys: Mapping[str, str]) -> "tuple[str, _Source]":
        reason = uri_fault(uri, allow_http=self._allow_http)
        if reason is not None:
            raise FetchFailed(f"the input file {reason}")
        scheme = uri.partition(":")[0]
        if scheme in ("https", "http"):
            return scheme, lambda sink, timeout_s: self._web(uri, scheme, sink, timeout_s)
        if scheme == "data":
            return "data", lambda sink, timeout_s: sink.write(_data(uri))
        if scheme == "s3":
            return "s3", lambda sink, timeout_s: self._s3(uri, caller, sink)
        if is_file_id(uri):
            return "file id", lambda sink, timeout_s: self._file(keys.get(uri), sink)
        raise FetchFailed("a relative path needs a manifest that was given as s3://BUCKET/KEY")

    def _s3(self, uri: str, caller: Caller, sink: "_Limited") -> None:
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        try:
            caller.may_use(bucket, key)
            self._copy(self._bucket(bucket), key, sink)
        except Forbidden:
            message = (
                "s3: no grant of the token covers this bucket and prefix; submit with one from"
                " `penstock token create --bucket BUCKET/PREFIX`"
            )
            raise FetchFailed(message) from None
        except BlobMissing:
            raise FetchFailed("s3: there is no such object") from None
        except BlobRefused:
            message = "s3: Penstock's own credentials may not read it; see the bucket's policy"
            raise FetchFailed(message) from None
        except BlobError:
            raise FetchFailed("s3: the object store did not give the object") from None

    def _file(self, key: str | None, sink: "_Limited") -> None:
        try:
            if key is None:
                raise BlobMissing("")
            self._copy(self._blobs, key, sink)
        except BlobMissing:
            raise FetchFailed("file id: there is no such file") from None
        except BlobError:
            raise FetchFailed("file id: the object store did not give the file") from None

    def _copy(self, blobs: Blobs, key: str, sink: "_Limited") -> None:
        """Copy an object; while the store is away, try again from the start."""
        until, pause_s = time.monotonic() + self._patience_s, _FIRST_PAUSE_S
        while True:
            try:
                sink.copy(blobs.open(key))
                return
            except BlobError as error:
                if type(error) is not BlobError or time.monotonic() + pause_s > until:
                    raise
            time.sleep(pause_s)
            pause_s = min(pause_s * 2, _LONGEST_PAUSE_S)
            sink.rewind()

    def _web(self, url: str, scheme: str, sink: "_Limited", timeout_s: float) -> None:
        allowed = pycurl.PROTO_HTTPS | (pycurl.PROTO_HTTP if self._allow_http else 0)
        download = _Download(scheme, allowed, self._allow_networks, self._slow_s)
        download.run(url, sink, timeout_s)


_Source = Callable[["_Limited", float], Any]


class _Limited:
    """A file that takes so many bytes and no more."""

    def __init__(self, file: BinaryIO, max_bytes: int, scheme: str) -> None:
        self._file = file
        self.max_bytes = self._left = max_bytes
        self._too_large = FetchFailed(f"{scheme}: the file is larger than {max_bytes} bytes")
        self.full = False

    def write(self, chunk: bytes) -> None:
        self._left -= len(chunk)
        if self._left < 0:
            self.full = True
            raise self._too_large
        self._file.write(chunk)

    def take(self, chunk: bytes) -> int | None:
        """`write` for libcurl: 0 tells it to stop, and `check` says why."""
        with suppress(FetchFailed):
            self.write(chunk)
            return None
        return 0

    def copy(self, chunks: Iterable[bytes]) -> None:
        for chunk in chunks:
            self.write(chunk)

    def rewind(self) -> None:
        """Forget what came so far."""
        self._file.seek(0)
        self._file.truncate()
        self._left = self.max_bytes

    def check(self, *, full: bool = False) -> None:
        if self.full or full:
            raise self._too_large


class _Download:
    """One request by libcurl, which asks us about each address before it dials it.

    Bodies are kept as they are sent: what a server compresses is not inflated.
    """

    def __init__(self, scheme: str, allowed: int, networks: Sequence[Network], slow_s: int) -> None:
        self._scheme = scheme
        self._allowed = allowed
        self._networks = networks
        self._slow_s = slow_s
        self._refusal: str | None = None
        self._sockets: list[socket.socket] = []

    def run(self, url: str, sink: _Limited, timeout_s: float) -> None:
        curl = pycurl.Curl()
        try:
            self._set(curl, url, timeout_s)
            curl.setopt(pycurl.WRITEFUNCTION, sink.take)
            curl.setopt(pycurl.MAXFILESIZE_LARGE, sink.max_bytes)
            self._perform(curl, sink, timeout_s)
            status = curl.getinfo(pycurl.RESPONSE_CODE)
        finally:
            curl.close()
            for one in self._sockets:
                one.close()
        if not 200 <= status < 300:
            raise FetchFailed(f"{self._scheme}: the server answered {status}")

    def _set(self, curl: Any, url: str, timeout_s: float) -> None:
        curl.setopt(pycurl.URL, url)
        curl.setopt(pycurl.OPENSOCKETFUNCTION, self._open_socket)
        curl.setopt(pycurl.PROXY, "")  # a proxy would dial for us, unjudged
        curl.setopt(pycurl.PROTOCOLS, self._allowed)
        curl.setopt(pycurl.REDIR_PROTOCOLS, self._allowed)
        curl.setopt(pycurl.FOLLOWLOCATION, True)
        curl.setopt(pycurl.MAXREDIRS, MAX_REDIRECTS)
        curl.setopt(pycurl.CONNECTTIMEOUT, _CONNECT_TIMEOUT_S)
        curl.setopt(pycurl.TIMEOUT_MS, max(1, int(timeout_s * 1000)))
        curl.setopt(pycurl.LOW_SPEED_LIMIT, _SLOW_BYTES_S)
        curl.setopt(pycurl.LOW_SPEED_TIME, self._slow_s)
        curl.setopt(pycurl.FAILONERROR, True)  # an error page is not the file
        authorities = ssl.get_default_verify_paths().cafile
        if authorities is not None:  # the path built into pycurl's wheels is another system's
            curl.setopt(pycurl.CAINFO, authorities)
        curl.setopt(pycurl.NOSIGNAL, True)  # signals and threads do not mix
        curl.setopt(pycurl.USERAGENT, "penstock")

    def _open_socket(self, purpose: int, address: Any) -> Any:
        family, kind, protocol, place = address
        reason = judge(_text(place[0]), self._networks, port=place[1])
        if reason is not None:
            self._refusal = reason
            return pycurl.SOCKET_BAD
        opened = socket.socket(family, kind, protocol)
        self._sockets.append(opened)  # libcurl dials with a copy; this one is ours to close
        return opened

    def _perform(self, curl: Any, sink: _Limited, timeout_s: float) -> None:
        try:
            curl.perform()
        except pycurl.error as error:
            sink.check(full=error.args[0] == pycurl.E_FILESIZE_EXCEEDED)
            reason = self._reason(error.args[0], timeout_s, curl)
            raise FetchFailed(f"{self._scheme}: {reason}") from None

    def _reason(self, code: int, timeout_s: float, curl: Any) -> str:
        if self._refusal is not None:
            return f"the address may not be dialled: {self._refusal}"
        if code == pycurl.E_OPERATION_TIMEDOUT:
            return self._lateness(timeout_s, curl)
        status = curl.getinfo(pycurl.RESPONSE_CODE)
        reasons = {
            pycurl.E_HTTP_RETURNED_ERROR: f"the server answered {status}",
            pycurl.E_TOO_MANY_REDIRECTS: f"there were more than {MAX_REDIRECTS} redirects",
            pycurl.E_UNSUPPORTED_PROTOCOL: "it led to a scheme that is not allowed",
            pycurl.E_COULDNT_RESOLVE_HOST: "the host name is not known",
            pycurl.E_COULDNT_CONNECT: "nobody answers there",
            pycurl.E_PEER_FAILED_VERIFICATION: "the certificate is not valid",
            pycurl.E_SSL_CACERT_BADFILE: "this machine has no list of certificate authorities",
            pycurl.E_URL_MALFORMAT: "the address cannot be read",
        }
        return reasons.get(code, f"the transfer broke off (libcurl error {code})")

    def _lateness(self, timeout_s: float, curl: Any) -> str:
        """Which of three limits it was: libcurl has one error for them."""
        if curl.getinfo(pycurl.TOTAL_TIME) > timeout_s * 0.99:
            return f"it took longer than {timeout_s:g} s"
        if not curl.getinfo(pycurl.CONNECT_TIME):
            return f"nobody answered within {_CONNECT_TIMEOUT_S} s"
        return f"it sent less than {_SLOW_BYTES_S} bytes a second for {self._slow_s} s"


def resolved(uri: str, manifest_url: str | None) -> str:
    """A relative path in the place where the manifest lies; anything else as it is."""
    if not is_relative(uri) or manifest_url is None or not manifest_url.startswith("s3://"):
        return uri
    return f"{posixpath.dirname(manifest_url)}/{uri}"


def _made(file: Path) -> BinaryIO:
    """It, open to be written, in a folder that is there as a rule."""
    try:
        return file.open("wb")
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
        return file.open("wb")


def _data(uri: str) -> bytes:
    head, _, body = uri.partition(",")
    raw = unquote_to_bytes(body)
    if not head.endswith(";base64"):
        return raw
    try:
        return base64.b64decode(re.sub(rb"\s", b"", raw), validate=True)
    except binascii.Error:
        raise FetchFailed("data: what follows the comma is not base64") from None


def _suffix(uri: str) -> str:
    """A suffix such as ".png", for models that look at names; often there is none."""
    if uri.startswith("data:"):
        kind = uri[len("data:") :].partition(",")[0].partition(";")[0]
        return mimetypes.guess_extension(kind) or ""
    with suppress(ValueError):
        found = posixpath.splitext(urlsplit(uri).path)[1]
        return found if _SUFFIX.fullmatch(found) else ""
    return ""


def _text(address: str | bytes) -> str:
    return address.decode() if isinstance(address, bytes) else address
