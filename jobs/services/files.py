"""Files that users upload, and the results of their batches, which are files too."""

import json
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode

from jobs.core import outputs
from jobs.core.batch import Batch
from jobs.core.caller import Caller
from jobs.core.errors import BadRequest, Conflict, Forbidden, NotFound
from jobs.core.file import File, is_id, is_signature, signature
from jobs.core.ids import new_id
from jobs.core.page import Found, Page
from jobs.core.wire import iso
from jobs.ports import Blobs, Clock, Store
from jobs.services.content import Content, read

MAX_NAME, MAX_TYPE, MAX_METADATA = 255, 200, 16_384
#: how long the signed address of a file lets in
SIGNED_S = 24 * 3600
#: digits that the end of a time may have
_MOST_DIGITS = 12


class Files:
    """Keep, list, read and delete uploaded files; look at and read results.

    `secret` is an owner's: it signs addresses that let in without a token.
    """

    def __init__(
        self, store: Store, blobs: Blobs, clock: Clock, secret: Callable[[str], str], *, url: str
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._clock = clock
        self._secret = secret
        self._url = url

    def create(
        self,
        caller: Caller,
        name: str,
        kind: str,
        chunks: Iterable[bytes],
        metadata: str | None = None,
    ) -> File:
        """Store the bytes first, then say that they are there; `metadata` is a JSON object.

        Raises:
            BadRequest: the name, the media type or the metadata cannot be used.
        """
        check_label(name, "filename", MAX_NAME)
        check_label(kind, "type", MAX_TYPE)
        told = _metadata(metadata)
        at = self._clock()
        id = new_id("file", at)
        stored = self._blobs.put(outputs.upload_key(id), chunks, content_type=kind)
        file = File(
            id=id,
            owner=caller.owner,
            name=name,
            content_type=kind,
            size_bytes=stored.size_bytes,
            sha256=stored.sha256,
            key=stored.key,
            created_at=at,
            metadata=told,
        )
        self._store.files.create(file)
        return file

    def get(self, caller: Caller, id: str) -> File:
        """What is known of an upload, or of a batch's result."""
        result = outputs.parse_result_id(id)
        if result is not None:
            return self._result(caller, id, *result)
        if not is_id(id):
            raise NotFound("file", id)
        file: File = self._store.files.get(id, caller.owner)
        return file

    def newest(self, caller: Caller, page: Page) -> Found[File]:
        """The newest uploads first."""
        found: Found[File] = self._store.files.newest(caller.owner, page)
        return found

    def read(self, caller: Caller, id: str) -> Content:
        """The bytes of a file."""
        return read(self._blobs, self.get(caller, id).key, "file", id)

    def download(self, owner: str, id: str, expiry: str, signature: str) -> Content:
        """The bytes of a file for whoever has a signed address of it.

        Raises:
            NotFound: there is no such file, or the signature is not the owner's.
            Forbidden: it is, and its time is over.
        """
        digits = expiry.isascii() and expiry.isdigit() and len(expiry) <= _MOST_DIGITS
        # an owner's secret is made when it is asked for: not for a name from outside
        known = digits and is_id(id) and self._store.files.keys([id], owner)
        until = int(expiry) if known else 0
        if not (known and is_signature(signature, self._secret(owner), owner, id, until)):
            raise NotFound("file", id)
        if until < self._clock().timestamp():
            raise Forbidden("this address has expired: ask for the file again, it has a new one")
        return self.read(Caller(owner), id)

    def shape(self, file: File) -> dict[str, Any]:
        """The file as Replicate's and OpenAI's clients want it."""
        place = f"{self._url}/v1/files/{file.id}"
        shape = wire(file, place)
        if not outputs.parse_result_id(file.id):
            expiry = int(self._clock().timestamp()) + SIGNED_S
            signed = signature(self._secret(file.owner), file.owner, file.id, expiry)
            query = {"owner": file.owner, "expiry": expiry, "signature": signed}
            shape["urls"]["download"] = f"{place}/download?{urlencode(query)}"
        return shape

    def delete(self, caller: Caller, id: str) -> None:
        """Forget an upload, then drop its bytes.

        Raises:
            Conflict: it is a batch's result, which stays with the batch.
        """
        if outputs.parse_result_id(id):
            raise Conflict("this file is a batch's result and stays with it")
        file = self.get(caller, id)
        self._store.files.delete(id, caller.owner)
        self._blobs.delete([file.key])

    def _result(self, caller: Caller, id: str, batch_id: str, name: str) -> File:
        batch: Batch = self._store.batches.get(batch_id, caller.owner)
        if batch.results is None:
            raise NotFound("file", id)
        index = b"".join(read(self._blobs, f"{batch.results}index.json", "file", id).chunks)
        known = json.loads(index)["files"][name]
        return File(
            id=id,
            owner=batch.owner,
            name=name,
            content_type="application/jsonl",
            size_bytes=known["size"],
            sha256=known["sha256"],
            key=batch.results + name,
            created_at=batch.ended_at or batch.created_at,
        )


def _metadata(text: str | None) -> dict[str, Any] | None:
    if text is None:
        return None
    try:
        told = json.loads(text) if len(text) <= MAX_METADATA else None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        raise BadRequest(
            f"must be a JSON object of at most {MAX_METADATA:,} characters", field="metadata"
        )
    return told


def check_label(text: str, field: str, most: int) -> None:
    """Raise BadRequest unless a name or media type is short and printable."""
    if not 0 < len(text) <= most or not text.isprintable():
        raise BadRequest(f"{field} must be 1 to {most} printable characters", field=field)


def wire(file: File, place: str) -> dict[str, Any]:
    """The file's fields by both names."""
    return {
        "id": file.id,
        "object": "file",
        "name": file.name,
        "filename": file.name,
        "content_type": file.content_type,
        "size": file.size_bytes,
        "bytes": file.size_bytes,
        "etag": file.sha256,
        "checksums": {"sha256": file.sha256},
        "metadata": file.metadata or {},
        "created_at": iso(file.created_at),
        "expires_at": None,
        "urls": {"get": place, "content": f"{place}/content"},
    }
