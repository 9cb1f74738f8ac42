"""Models: pushing versions, and moving aliases between them."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from jobs.core import bundle, outputs
from jobs.core.caller import Caller
from jobs.core.errors import BadRequest, BlobMissing, Conflict, NotFound
from jobs.core.version import ALIASES, State, Version, earlier, parse_model, parse_ref
from jobs.ports import Bell, Blobs, Clock, Store


class Models:
    """Create, push, resolve, promote and roll back."""

    def __init__(self, store: Store, blobs: Blobs, bell: Bell, clock: Clock) -> None:
        self._store = store
        self._blobs = blobs
        self._bell = bell
        self._clock = clock

    def create(self, caller: Caller, owner: str, name: str) -> str:
        """A new model `owner/name`."""
        model = parse_model(f"{owner}/{name}")
        self._store.models.create(model, caller.owner, self._clock())
        return model

    def names(self) -> list[str]:
        """Every model."""
        names: list[str] = self._store.models.names()
        return names

    def describe(self, model: str) -> dict[str, Any]:
        """What its aliases name, and its newest version."""
        self._store.models.check(model)
        versions = self.versions(model)
        return {
            "aliases": {alias: self._store.models.alias(model, alias) for alias in ALIASES},
            "latest": versions[0] if versions else None,
        }

    def versions(self, model: str) -> list[Version]:
        """Its versions, newest first."""
        self._store.models.check(model)
        versions: list[Version] = self._store.models.versions(model)
        return versions

    def version(self, model: str, id: str) -> Version:
        """One version."""
        version: Version = self._store.models.version(id, model)
        return version

    def resolve(self, ref: object, field: str = "version") -> Version:
        """The version that a caller means."""
        version: Version = self._store.models.resolve(parse_ref(ref, field=field))
        return version

    def has_file(self, sha256: str) -> bool:
        """Whether these bytes are stored already."""
        try:
            self._blobs.stat(outputs.file_key(sha256))
        except BlobMissing:
            return False
        return True

    def put_file(self, sha256: str, chunks: Iterable[bytes]) -> None:
        """Store a bundle's file under its content hash.

        Raises:
            BadRequest: the bytes have another hash.
        """
        if self.has_file(sha256):
            for _ in chunks:
                pass
            return
        self._blobs.put(outputs.file_key(sha256), _with_hash(chunks, sha256))

    def push(self, model: str, entries: object) -> tuple[str, list[str], Version | None]:
        """The digest, the hashes still missing, and the version once none is."""
        self._store.models.check(model)
        files = bundle.check_entries(entries)
        digest = bundle.digest(files)
        missing = [sha for sha in sorted({file.sha256 for file in files}) if not self.has_file(sha)]
        if missing:
            return digest, missing, None
        version = Version(
            id=digest,
            model=model,
            created_at=self._clock(),
            files=tuple(vars(file) for file in files),
        )
        kept = self._store.models.push(version)
        self._bell.ring("version", digest)
        return digest, [], kept

    def promote(
        self, model: str, alias: str, digest: object, expected: tuple[str | None, ...]
    ) -> str | None:
        """Move an alias to a version that is ready; answers with what it named before."""
        check_alias(alias)
        ref = parse_ref(digest)
        if not ref.digest:
            raise BadRequest("give the digest: what was tested is what goes live", field="version")
        version = self.version(model, ref.digest)
        if version.state is not State.READY:
            raise Conflict(f"version {ref.digest[:12]} is {version.state}, not ready")
        before: str | None = self._store.models.promote(
            model, alias, ref.digest, self._clock(), expected
        )
        return before

    def rollback(self, model: str, alias: str) -> tuple[str, str]:
        """One step back: (the digest it names now, the one it named)."""
        check_alias(alias)
        self._store.models.check(model)
        history = [row["version"] for row in self._store.models.history(model, alias)]
        back = earlier(history)
        if back is None:
            raise Conflict(f"{alias} of {model} has no earlier version to go back to")
        self._store.models.promote(model, alias, back, self._clock(), (history[0],))
        return back, history[0]

    def history(self, model: str, alias: str) -> list[dict[str, Any]]:
        """Every move of an alias, newest first."""
        check_alias(alias)
        self._store.models.check(model)
        rows: list[dict[str, Any]] = self._store.models.history(model, alias)
        return rows


def _with_hash(chunks: Iterable[bytes], sha256: str) -> Iterator[bytes]:
    """The chunks, and an error in the place of the end if they have another hash.

    An object becomes visible when its stream ends, so nothing ever lies under a hash that is not
    its own.
    """
    seen = hashlib.sha256()
    for chunk in chunks:
        seen.update(chunk)
        yield chunk
    if seen.hexdigest() != sha256:
        raise BadRequest(
            f"the bytes received have another sha256 than {sha256[:12]}…; send them again",
            field="sha256",
            code="hash_mismatch",
        )


def check_alias(alias: str) -> None:
    """Raise NotFound unless the alias is one of ours."""
    if alias not in ALIASES:
        raise NotFound("alias", alias)
