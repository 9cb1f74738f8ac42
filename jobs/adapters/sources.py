"""Where manifests and input files come from: uploads, granted buckets, the web."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any

from jobs.adapters.fetch import Fetcher
from jobs.core import outputs, tickets
from jobs.core.batch import Batch
from jobs.core.caller import Caller
from jobs.core.errors import FetchFailed, Forbidden, NotFound
from jobs.core.estimate import SAMPLE_BYTES, Head
from jobs.core.prediction import FINISHED, Prediction
from jobs.core.uri import Output, own, own_output
from jobs.ports import Blobs, Store

#: by which the fetcher is told of a prediction's file
OUTPUT_ID = "file_output"


class Sources:
    """Opens what a batch or a row names, for the owner who named it."""

    def __init__(
        self,
        store: Store,
        blobs: Blobs,
        s3: Callable[[], Any],
        networks: Sequence[IPv4Network | IPv6Network],
        max_bytes: int,
        origin: str,
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._s3 = s3
        self._fetcher = Fetcher(
            blobs,
            bucket=self.bucket,
            file_keys=store.files.keys,
            allow_networks=networks,
            max_bytes=max_bytes,
        )
        self._origin = origin

    def fetch(
        self, caller: Caller, manifest_url: str | None, uris: Sequence[str]
    ) -> Callable[[str, Path], Path]:
        """(uri, into) to the file, for one caller who will ask for these, and no others.

        Relative paths start at the manifest.
        """
        origin = self._origin  # what it names of ours is not asked of the web
        mine = [own(uri, origin) for uri in uris]
        bring = self._fetcher.for_caller(caller, manifest_url, mine)

        def brought(uri: str, into: Path) -> Path:
            output = own_output(uri, origin)
            if output is not None:
                return self._output(caller, output, into)
            return bring(own(uri, origin), into)

        return brought

    def _output(self, caller: Caller, output: Output, into: Path) -> Path:
        """A file that a prediction gave: the caller's, or one that its address lets in to."""
        try:
            value: Prediction = self._store.predictions.get(output.prediction)
            if value.owner != caller.owner:
                what = f"{value.id} files"
                tickets.check(output.ticket or "", value.secret, what, datetime.now(UTC))
            if value.state not in FINISHED or value.lease_token != output.attempt:
                raise NotFound("output file", output.name)
        except (NotFound, Forbidden) as error:
            raise FetchFailed(f"output of a prediction: {error}") from None
        key = outputs.prediction_prefix(value.id, value.lease_token) + output.name
        place = into.with_name(into.name + Path(output.name).suffix)
        return self._fetcher.fetch(OUTPUT_ID, place, caller=caller, keys={OUTPUT_ID: key})

    def manifest(self, batch: Batch) -> Iterator[bytes]:
        """The manifest's bytes, of one version of the object from begin to end."""
        blobs, key = self._manifest(batch)
        return iter(blobs.open(key, if_match=batch.input_etag or blobs.stat(key).etag))

    def head(self, batch: Batch) -> Head:
        """The manifest's size and first bytes, for an estimate."""
        blobs, key = self._manifest(batch)
        size_bytes = blobs.stat(key).size_bytes
        start = b"".join(blobs.open(key, stop=min(size_bytes, SAMPLE_BYTES)))
        return Head(size_bytes, start)

    def _manifest(self, batch: Batch) -> tuple[Blobs, str]:
        if batch.input_file_id:
            return self._blobs, self._store.files.get(batch.input_file_id, batch.owner).key
        bucket, _, key = (batch.input_url or "").removeprefix("s3://").partition("/")
        batch.caller.may_use(bucket, key)
        return self.bucket(bucket), key

    def bucket(self, name: str) -> Blobs:
        """The objects of somebody's bucket."""
        from jobs.adapters.s3 import S3Blobs  # with its library only where a bucket is named

        return S3Blobs(self._s3(), name)
