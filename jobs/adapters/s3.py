"""Objects in one bucket of anything that speaks S3."""

import hashlib
import mimetypes
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    ParamValidationError,
)

from jobs.adapters.multipart import Upload, parts_of
from jobs.core.errors import BlobChanged, BlobError, BlobMissing, BlobRefused
from jobs.ports import BlobStat, Stored

_READ_BYTES = 256 * 1024
_READ_TRIES = 4
#: files on their way at a time
_SENDING = 16
_DEFAULT_TYPE = "application/octet-stream"
_MISSING = frozenset({"NoSuchKey", "404", "NotFound"})
_CHANGED = frozenset({"PreconditionFailed", "412"})
_BEYOND_END = frozenset({"InvalidRange", "416"})
_REFUSED = _CHANGED | {"ConditionalRequestConflict", "409"}
#: stores refuse what was signed more than a quarter of an hour from their time
_SKEWED = frozenset({"RequestTimeTooSkewed", "RequestExpired"})
#: what asking again does not change
_DENIED = frozenset(
    {
        "AccessDenied",
        "AccountProblem",
        "AllAccessDisabled",
        "AuthorizationHeaderMalformed",
        "InvalidAccessKeyId",
        "InvalidBucketName",
        "MethodNotAllowed",
        "PermanentRedirect",
        "SignatureDoesNotMatch",
        "301",
        "403",
        "405",
    }
)


def s3_client(
    endpoint: str | None = None,
    region: str | None = None,
    *,
    access_key: str | None = None,
    secret_key: str | None = None,
    connect_timeout_s: float = 5,
    read_timeout_s: float = 60,
    max_connections: int = 32,
) -> Any:
    """A boto3 client; without keys boto3 looks for them where it always does.

    Paths, not host names, say the bucket: stores of one's own rarely have the DNS for the other.
    """
    config = Config(
        s3={"addressing_style": "path"},
        signature_version="s3v4",
        connect_timeout=connect_timeout_s,
        read_timeout=read_timeout_s,
        retries={"mode": "standard", "total_max_attempts": 5},
        max_pool_connections=max_connections,
        # Older stores know nothing of the newer checksums; etags and our sha256 do that work.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    session = boto3.session.Session()
    return session.client(
        "s3",
        endpoint_url=endpoint,
        region_name=region or session.region_name or "us-east-1",
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        config=config,
    )


class S3Blobs:
    """Objects under `prefix` in `bucket`."""

    moves = False

    def __init__(self, client: Any, bucket: str, prefix: str = "") -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = prefix

    def put(
        self, key: str, chunks: Iterable[bytes | memoryview], *, content_type: str = _DEFAULT_TYPE
    ) -> Stored:
        """Send a stream in parts of 8 MiB, or in one call if it is no longer than that.

        A single call carries the sha256 as metadata; with parts it is known too late for that,
        and only what is returned here has it.
        """
        parts = parts_of(chunks)
        part, last = next(parts)
        digest, size = hashlib.sha256(part), len(part)
        with self._errors("write", key):
            if last:
                self._put_one(key, part, content_type, {"sha256": digest.hexdigest()})
                return Stored(key, size, digest.hexdigest())
            with self._upload(key, content_type) as upload:
                while True:
                    upload.add(part)
                    if last:
                        break
                    del part  # so that it is gone while the next one fills
                    part, last = next(parts)
                    digest.update(part)
                    size += len(part)
        return Stored(key, size, digest.hexdigest())

    def take(self, files: Mapping[str, Path]) -> None:
        """Send them, many at a time: the store answers each in its own time."""
        if len(files) < 2:
            for key, file in files.items():
                self._send(key, file)
            return
        with ThreadPoolExecutor(min(len(files), _SENDING), thread_name_prefix="s3") as pool:
            sent = [pool.submit(self._send, key, file) for key, file in files.items()]
            try:
                for one in sent:
                    one.result()
            finally:
                pool.shutdown(cancel_futures=True)

    def _send(self, key: str, file: Path) -> None:
        kind = mimetypes.guess_type(key)[0] or _DEFAULT_TYPE
        with file.open("rb") as content:
            self.put(key, iter(lambda: content.read(_READ_BYTES), b""), content_type=kind)
        file.unlink()

    def copy(self, source: str, key: str) -> None:
        """The store copies it, in parts if it is larger than one call may copy."""
        place = {"Bucket": self._bucket, "Key": self._key(source)}
        with self._errors("copy", source):
            self._client.copy(place, self._bucket, self._key(key))

    def open(
        self, key: str, *, start: int = 0, stop: int | None = None, if_match: str | None = None
    ) -> Iterator[bytes]:
        """Bytes by range; a broken connection is taken up again where it broke."""
        if stop is not None and stop <= start:
            self._head(key, if_match)
            return iter(())
        answer = self._get(key, start, stop, if_match)
        return iter(()) if answer is None else self._stream(answer, key, start, stop)

    def pieces(self, key: str) -> Iterator[bytes | memoryview]:
        """All of it, as `open` gives it."""
        return self.open(key)

    def stat(self, key: str) -> BlobStat:
        """What the store knows of the object."""
        found = self._head(key, None)
        return BlobStat(
            key,
            found["ContentLength"],
            _bare(found["ETag"]),
            found["LastModified"],
            found.get("ContentType", _DEFAULT_TYPE),
        )

    def list(self, prefix: str) -> Iterator[BlobStat]:
        """Objects under the prefix in key order; a listing does not tell their types."""
        pages = self._client.get_paginator("list_objects_v2")
        with self._errors("list", prefix):
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._key(prefix)):
                for found in page.get("Contents", ()):
                    key = found["Key"][len(self._prefix) :]
                    etag = _bare(found["ETag"])
                    yield BlobStat(key, found["Size"], etag, found["LastModified"])

    def delete(self, keys: Iterable[str]) -> None:
        """Remove objects, a thousand in a call."""
        waiting = iter(keys)
        while some := list_of(islice(waiting, 1000)):
            wanted = [{"Key": self._key(key)} for key in some]
            with self._errors("delete", some[0]):
                answer = self._client.delete_objects(
                    Bucket=self._bucket, Delete={"Objects": wanted, "Quiet": True}
                )
            failed = [e for e in answer.get("Errors", ()) if e.get("Code") not in _MISSING]
            if failed:
                key, code = failed[0].get("Key"), failed[0].get("Code")
                raise BlobError(f"the object store did not delete {key!r}: {code}")

    def check_writable(self, key: str) -> None:
        """Begin an upload and take it back: needs the right to write and shows nothing."""
        with self._errors("accept", key):
            Upload(self._client, self._bucket, self._key(key), _DEFAULT_TYPE).abort()

    def conditional_writes(self) -> bool:
        """Write one key twice with "only if it is new": does the store refuse the second?"""
        key = f"probe-{secrets.token_hex(8)}"
        place = {"Bucket": self._bucket, "Key": self._key(key)}
        try:
            self._client.put_object(**place, Body=b"1", IfNoneMatch="*")
            self._client.put_object(**place, Body=b"2", IfNoneMatch="*")
        except ClientError as error:
            return _code(error) in _REFUSED
        finally:
            with suppress(ClientError, BotoCoreError):
                self._client.delete_object(**place)
        return False

    def _key(self, key: str) -> str:
        if "\0" in key or key.startswith("/") or ".." in key.split("/"):
            raise BlobError(f"{key!r} cannot be a key: it must be a plain relative path")
        return self._prefix + key

    def _put_one(
        self, key: str, body: bytearray, content_type: str, metadata: Mapping[str, str]
    ) -> None:
        self._client.put_object(
            Bucket=self._bucket,
            Key=self._key(key),
            Body=body,
            ContentType=content_type,
            Metadata=metadata,
        )

    @contextmanager
    def _upload(self, key: str, content_type: str) -> Iterator[Upload]:
        upload = Upload(self._client, self._bucket, self._key(key), content_type)
        try:
            yield upload
            upload.complete()
        except BaseException:
            upload.abort()
            raise

    def _head(self, key: str, if_match: str | None) -> Mapping[str, Any]:
        answer: Mapping[str, Any]
        ask = partial(self._client.head_object, Bucket=self._bucket, **_match(if_match))
        with self._errors("read", key):
            try:
                answer = ask(Key=self._key(key))
            except ClientError as error:
                if _code(error) != "403":
                    raise
                # An answer to HEAD has no body, and so does not say why; one to GET does, and our
                # clock, which may have been the reason, may be right again by now.
                self._get(key, 0, 1, if_match)
                answer = ask(Key=self._key(key))
        return answer

    def _get(
        self, key: str, start: int, stop: int | None, if_match: str | None
    ) -> Mapping[str, Any] | None:
        """The store's answer, or None if the object ends before `start`."""
        extra = _match(if_match)
        if start or stop is not None:
            extra["Range"] = f"bytes={start}-{'' if stop is None else stop - 1}"
        with self._errors("read", key):
            try:
                answer: Mapping[str, Any] = self._client.get_object(
                    Bucket=self._bucket, Key=self._key(key), **extra
                )
            except ClientError as error:
                if _code(error) in _BEYOND_END:
                    return None
                raise
        return answer

    def _stream(
        self, answer: Mapping[str, Any] | None, key: str, start: int, stop: int | None
    ) -> Iterator[bytes]:
        etag = None if answer is None else _bare(answer["ETag"])
        tries = _READ_TRIES
        while answer is not None:
            body = answer["Body"]
            try:
                for chunk in body.iter_chunks(_READ_BYTES):
                    start += len(chunk)
                    yield chunk
                return
            except (HTTPClientError, IncompleteReadError) as error:
                tries -= 1
                if not tries:
                    raise _refused("read", key, type(error).__name__) from None
            finally:
                body.close()
            answer = self._get(key, start, stop, etag)

    @contextmanager
    def _errors(self, verb: str, key: str) -> Iterator[None]:
        """botocore's errors become ours here, and nowhere else."""
        try:
            yield
        except ClientError as error:
            code = _code(error)
            if code in _MISSING:
                raise BlobMissing(key) from None
            if code in _CHANGED:
                raise BlobChanged(key) from None
            if code == "NoSuchBucket":
                raise BlobRefused(f"there is no bucket {self._bucket!r}") from None
            if code in _SKEWED:
                code = "the clock of this host is wrong"
            kind = BlobRefused if code in _DENIED else BlobError
            raise _refused(verb, key, code, kind) from None
        except (NoCredentialsError, ParamValidationError) as error:
            raise _refused(verb, key, type(error).__name__, BlobRefused) from None
        except BotoCoreError as error:
            raise _refused(verb, key, type(error).__name__) from None


def list_of(keys: Iterable[str]) -> Sequence[str]:
    """A list; inside the class that word is a method."""
    return list(keys)


def _match(if_match: str | None) -> dict[str, Any]:
    return {} if if_match is None else {"IfMatch": f'"{if_match}"'}


def _bare(etag: str) -> str:
    return etag.strip('"')


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", "unknown"))


def _refused(verb: str, key: str, reason: str, kind: type[BlobError] = BlobError) -> BlobError:
    return kind(f"the object store did not {verb} {key!r}: {reason}")
