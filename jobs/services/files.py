"""Files that users upload, and the results of their batches, which are files too."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from jobs.core import outputs
from jobs.core.batch import Batch
from jobs.core.caller import Caller
from jobs.core.errors import BadRequest, Conflict, Forbidden, NotFound
from jobs.core.file import ANY, RESULT, File, Upload, is_id, is_signature, signature
from jobs.core.ids import new_id
from jobs.core.page import Found, Page
from jobs.core.sending import ONCE, Sending, request_hash
from jobs.core.wire import iso
from jobs.ports import Blobs, Clock, Store
from jobs.services.content import Content, read

MAX_NAME, MAX_TYPE, MAX_METADATA = 255, 200, 16_384
#: how long the signed address of a file lets in
SIGNED_S = 24 * 3600
#: OpenAI's clients wait 10 minutes for an answer before they send the same once more
AGAIN = timedelta(minutes=15)
#: results on one page: each is looked up in the object store
MOST_RESULTS = 100
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
        self, caller: Caller, upload: Upload, chunks: Iterable[bytes], sending: Sending = ONCE
    ) -> tuple[File, bool]:
        """Store the bytes first, then say that they are there.

        Returns the file, and whether it is new: the same key, or a client that says that it
        repeats itself, gets the one that is there.

        Raises:
            BadRequest: the name or the media type cannot be used, or a manifest is empty.
        """
        check_label(upload.name, "filename", MAX_NAME)
        check_label(upload.content_type, "type", MAX_TYPE)
        at, after_s = self._clock(), upload.expires_after_s
        id = new_id("file", at)
        given = _not_empty(chunks) if upload.purpose == "batch" else chunks
        stored = self._blobs.put(outputs.upload_key(id), given, content_type=upload.content_type)
        file = File(
            id=id,
            owner=caller.owner,
            name=upload.name,
            content_type=upload.content_type,
            size_bytes=stored.size_bytes,
            sha256=stored.sha256,
            key=stored.key,
            created_at=at,
            metadata=upload.metadata,
            purpose=upload.purpose,
            expires_at=None if after_s is None else at + timedelta(seconds=after_s),
        )
        kept = self._kept(file, request_hash(vars(upload) | {"sha256": stored.sha256}), sending)
        return kept, kept.id == id

    def _kept(self, file: File, hash: str, sending: Sending) -> File:
        """This file, or the one that the same request made before; then these bytes go again."""
        files, earlier = self._store.files, None
        try:
            if sending.again and sending.key is None:
                earlier = files.alike(file.owner, hash, file.created_at - AGAIN)
            kept: File = earlier or files.create(file, key=sending.key, request_hash=hash)
        except Conflict:
            self._blobs.delete([file.key])
            raise
        if kept.id != file.id:
            self._blobs.delete([file.key])
        return kept

    def get(self, caller: Caller, id: str) -> File:
        """What is known of an upload, or of a batch's result."""
        result = outputs.parse_result_id(id)
        if result is not None:
            return self._result(caller, *result)
        if not is_id(id):
            raise NotFound("file", id)
        file: File = self._store.files.get(id, caller.owner)
        return file

    def newest(
        self,
        caller: Caller,
        page: Page,
        *,
        purpose: str | None = None,
        oldest_first: bool = False,
    ) -> Found[File]:
        """The newest uploads first, or the oldest; `purpose`: those for it alone."""
        if purpose == RESULT:
            return self._results(caller, page, oldest_first)
        newest = self._store.files.newest
        found: Found[File] = newest(caller.owner, page, purpose=purpose, oldest_first=oldest_first)
        return found

    def _results(self, caller: Caller, page: Page, oldest_first: bool) -> Found[File]:
        """The results of batches, of each its output before its errors, or else the other way."""
        limit, left = min(page.limit, MOST_RESULTS), []
        after = None if page.after is None else outputs.parse_result_id(page.after)
        if page.before is not None or (page.after is not None and after is None):
            raise BadRequest("results are asked for after the id of a result", field="after")
        if after is not None:  # what is left of that batch
            names = _names(self._store.batches.get(after[0], caller.owner), oldest_first)
            passed = [*names, after[1]].index(after[1]) + 1
            left = [(after[0], name) for name in names[passed:]]
        found: Found[Batch] = self._store.batches.newest(
            caller.owner,
            Page(limit, after[0] if after else None),
            with_results=True,
            oldest_first=oldest_first,
        )
        left += [(one.id, name) for one in found.items for name in _names(one, oldest_first)]
        files = (self._result(caller, *one) for one in left[:limit])
        return Found(tuple(files), page.after is not None, found.later or len(left) > limit)

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

    def _result(self, caller: Caller, batch_id: str, name: str) -> File:
        id = outputs.result_id(batch_id, name.removesuffix(".jsonl"))
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
            purpose=RESULT,
        )


def _names(batch: Batch, backwards: bool) -> list[str]:
    """The result files of a batch, in the order of a list; errors if it has any."""
    names = ["output.jsonl", "errors.jsonl"]
    if batch.counts.completed == batch.counts.total:
        names.pop()
    return names[::-1] if backwards else names


def _not_empty(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks, of which there is at least one byte."""
    some = False
    for chunk in chunks:
        some = some or bool(chunk)
        yield chunk
    if not some:
        raise BadRequest(
            'is empty; a manifest has a row on each line: {"custom_id": "...", "input": {...}}',
            field="file",
            code="empty_file",
        )


def metadata(text: str | None) -> dict[str, Any] | None:
    """What a client says of a file, a JSON object; raises BadRequest."""
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
        "purpose": file.purpose,
        "created_at": iso(file.created_at),
        "expires_at": iso(file.expires_at),
        "urls": {"get": place, "content": f"{place}/content"},
    }


def openai(file: File) -> dict[str, Any]:
    """The file as OpenAI's clients want it: times are whole seconds."""
    expires_at = file.expires_at
    return {
        "id": file.id,
        "object": "file",
        "bytes": file.size_bytes,
        "created_at": int(file.created_at.timestamp()),
        "expires_at": None if expires_at is None else int(expires_at.timestamp()),
        "filename": file.name,
        "purpose": file.purpose or ANY,
        "status": "processed",
        "status_details": None,
    }
