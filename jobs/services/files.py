"""Files that users upload: manifests and inputs."""

from collections.abc import Iterable, Iterator
from typing import Any

from jobs.core import outputs
from jobs.core.file import File
from jobs.core.ids import new_id
from jobs.core.wire import iso
from jobs.ports import Blobs, Clock, Store


class Files:
    """Keep, list, read and delete uploaded files."""

    def __init__(self, store: Store, blobs: Blobs, clock: Clock) -> None:
        self._store = store
        self._blobs = blobs
        self._clock = clock

    def create(self, owner: str, name: str, content_type: str, chunks: Iterable[bytes]) -> File:
        """Store the bytes first, then say that they are there."""
        at = self._clock()
        id = new_id("file", at)
        stored = self._blobs.put(outputs.upload_key(id), chunks, content_type=content_type)
        file = File(
            id=id,
            owner=owner,
            name=name[:500],
            content_type=content_type[:200],
            size_bytes=stored.size_bytes,
            sha256=stored.sha256,
            key=stored.key,
            created_at=at,
        )
        self._store.files.create(file)
        return file

    def get(self, owner: str, id: str) -> File:
        """What is known of a file."""
        file: File = self._store.files.get(id, owner)
        return file

    def newest(self, owner: str, limit: int) -> list[File]:
        """The newest files."""
        files: list[File] = self._store.files.newest(owner, limit=limit)
        return files

    def read(self, owner: str, id: str) -> tuple[File, Iterator[bytes]]:
        """A file and its bytes."""
        file = self.get(owner, id)
        return file, self._blobs.open(file.key)

    def delete(self, owner: str, id: str) -> None:
        """Forget a file, then drop its bytes."""
        file = self.get(owner, id)
        self._store.files.delete(id, owner)
        self._blobs.delete([file.key])


def wire(file: File, url: str) -> dict[str, Any]:
    """The file as Replicate's and OpenAI's clients want it."""
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
        "metadata": {},
        "created_at": iso(file.created_at),
        "expires_at": None,
        "urls": {
            "get": f"{url}/v1/files/{file.id}",
            "content": f"{url}/v1/files/{file.id}/content",
        },
    }
