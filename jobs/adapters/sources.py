"""Where manifests and input files come from: uploads, granted buckets, the web."""

from collections.abc import Callable, Iterator, Sequence
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any

from jobs.adapters.fetch import Fetcher
from jobs.adapters.s3 import S3Blobs
from jobs.core.batch import Batch
from jobs.ports import Blobs, Store


class Sources:
    """Opens what a batch or a row names, for the owner who named it."""

    def __init__(
        self,
        store: Store,
        blobs: Blobs,
        s3: Callable[[], Any],
        networks: Sequence[IPv4Network | IPv6Network],
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._s3 = s3
        self._fetcher = Fetcher(
            blobs,
            bucket=self._bucket,
            may_use=self._may_use,
            file_key=self._file_key,
            allow_networks=networks,
        )

    def fetch(self, owner: str, manifest_url: str | None) -> Callable[[str, Path], Path]:
        """(uri, into) to the file, for one owner; relative paths start at the manifest."""
        return self._fetcher.for_owner(owner, manifest_url)

    def manifest(self, batch: Batch) -> Iterator[bytes]:
        """The manifest's bytes, of one version of the object from begin to end."""
        if batch.input_file_id:
            blobs, key = self._blobs, self._file_key(batch.owner, batch.input_file_id)
        else:
            bucket, _, key = (batch.input_url or "").removeprefix("s3://").partition("/")
            self._may_use(batch.owner, bucket, key)
            blobs = self._bucket(bucket)
        return iter(blobs.open(key, if_match=blobs.stat(key).etag))

    def destination(self, batch: Batch) -> tuple[Blobs, str] | None:
        """The bucket and the key prefix that the caller named for the results."""
        if batch.destination is None:
            return None
        bucket, _, key = batch.destination.removeprefix("s3://").partition("/")
        self._may_use(batch.owner, bucket, key)
        return self._bucket(bucket), key.rstrip("/") + "/"

    def _bucket(self, name: str) -> Blobs:
        return S3Blobs(self._s3(), name)

    def _may_use(self, owner: str, bucket: str, key: str) -> None:
        self._store.tokens.grants(owner).may_use(bucket, key)

    def _file_key(self, owner: str, id: str) -> str:
        key: str = self._store.files.get(id, owner).key
        return key
