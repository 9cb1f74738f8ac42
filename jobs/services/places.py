"""The s3:// addresses that callers name: granted to their token, there, and writable."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from jobs.core.caller import Caller
from jobs.core.errors import BadRequest, BlobMissing, BlobRefused
from jobs.core.request import s3_address
from jobs.ports import Blobs, BlobStat


class Places:
    """Looks at an address while its caller is still there to be told what is wrong with it."""

    def __init__(self, bucket: Callable[[str], Blobs]) -> None:
        self._bucket = bucket

    def manifest(self, caller: Caller, url: object) -> BlobStat:
        """The object as it is now.

        Raises:
            Forbidden: no grant of the token covers it.
            BadRequest: it is no address, there is no such object, or we may not read it.
        """
        field = "input_url"
        bucket, key = s3_address(url, field)
        if not key:
            raise BadRequest("must name a bucket and a key: s3://bucket/key", field=field)
        caller.may_use(bucket, key)
        with _told(field, "Penstock's credentials may not read it"):
            return self._bucket(bucket).stat(key)

    def destination(self, caller: Caller, url: object, folder: str) -> None:
        """Find out whether results could be written in a folder there.

        Raises:
            Forbidden: no grant of the token covers it.
            BadRequest: it is no address, or we may not write there.
        """
        field = "destination"
        bucket, key = s3_address(url, field)
        caller.may_use(bucket, key)
        with _told(field, "Penstock's credentials may not write there"):
            self._bucket(bucket).check_writable(f"{key}/{folder}/index.json".lstrip("/"))


@contextmanager
def _told(field: str, refusal: str) -> Iterator[None]:
    try:
        yield
    except BlobMissing as error:
        raise BadRequest("there is no such object", field=field, code=error.code) from error
    except BlobRefused as error:
        message = f"{refusal}; see the bucket's name and its policy"
        raise BadRequest(message, field=field, code=error.code) from error
