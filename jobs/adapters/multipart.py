"""Large objects in parts: what S3 wants, and never an unfinished upload left behind."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

PART_BYTES = 8 * 1024 * 1024  # all parts alike, as some stores want; 10,000 of them are 80 GB


class Upload:
    """One multipart upload: nothing of it is visible before `complete`."""

    def __init__(self, client: Any, bucket: str, key: str, content_type: str) -> None:
        self._client = client
        self._place = {"Bucket": bucket, "Key": key}
        made = client.create_multipart_upload(**self._place, ContentType=content_type)
        self._place["UploadId"] = made["UploadId"]
        self._done: list[dict[str, Any]] = []

    def add(self, body: bytearray) -> None:
        """Send the next part."""
        number = len(self._done) + 1
        answer = self._client.upload_part(**self._place, PartNumber=number, Body=body)
        self._done.append({"PartNumber": number, "ETag": answer["ETag"]})

    def complete(self) -> None:
        """Make the object of the parts."""
        self._client.complete_multipart_upload(**self._place, MultipartUpload={"Parts": self._done})

    def abort(self) -> None:
        """Forget the parts; what cannot be forgotten now is left to the bucket's lifecycle."""
        with suppress(ClientError, BotoCoreError):
            self._client.abort_multipart_upload(**self._place)


def parts_of(chunks: Iterable[bytes | memoryview]) -> Iterator[tuple[bytearray, bool]]:
    """The same bytes in pieces of PART_BYTES, at least one, and whether it is the last."""
    buffer = bytearray()
    for chunk in chunks:
        view = memoryview(chunk)
        while len(buffer) + len(view) > PART_BYTES:
            room = PART_BYTES - len(buffer)
            buffer += view[:room]
            view = view[room:]
            yield buffer, False
            buffer = bytearray()
        buffer += view
    yield buffer, True
