"""Models: pushing versions, and moving aliases between them."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import yaml

from jobs.core import bundle, outputs
from jobs.core.bundle import BundleFile
from jobs.core.caller import Caller
from jobs.core.errors import BadRequest, BlobMissing, Conflict, NotFound
from jobs.core.model import WORDS, Model, about, matches
from jobs.core.page import Found, Page
from jobs.core.request import check_names
from jobs.core.version import (
    ALIASES,
    DIGEST,
    State,
    Version,
    check_hardware,
    earlier,
    parse_model,
    parse_ref,
)
from jobs.ports import Bell, Blobs, Clock, Store
from jobs.services.content import Content, read

#: the class of workers that a cog.yaml with `gpu: true` asks for; a larger one is not read for it
GPU, MAX_CONFIG_BYTES = "gpu", 2**20
#: `hardware` is what Replicate's clients have to say; here a version's cog.yaml, or its push, does
KNOWN = frozenset({"owner", "name", "visibility", "hardware"}) | WORDS - {"examples"}
#: models that a search looks through, and results it gives
MOST_SEARCHED, MOST_FOUND = 10_000, 100


class Models:
    """Create, push, resolve, promote and roll back."""

    def __init__(self, store: Store, blobs: Blobs, bell: Bell, clock: Clock) -> None:
        self._store = store
        self._blobs = blobs
        self._bell = bell
        self._clock = clock

    def create(self, caller: Caller, request: dict[str, Any]) -> str:
        """A new model `owner/name`, which only this caller's owner can see."""
        check_names(request, KNOWN)
        if request.get("visibility", "private") != "private":
            raise BadRequest("must be private: there are no public models", field="visibility")
        name = parse_model(f"{request.get('owner', '')}/{request.get('name', '')}")
        said = {key: request[key] for key in request if key in WORDS}
        self._store.models.create(name, caller.owner, self._clock(), about(said))
        return name

    def change(self, caller: Caller, name: str, request: dict[str, Any]) -> None:
        """Say something else of a model; null takes back."""
        self._store.models.change(name, caller.owner, about(request))

    def delete(self, caller: Caller, name: str) -> None:
        """Forget a model; raises Conflict while it has versions."""
        self._store.removals.model(name, caller.owner)

    def delete_version(self, caller: Caller, name: str, id: str) -> None:
        """Let nobody find a version; raises Conflict while it is used, or an alias names it."""
        self._store.removals.version(name, id, caller.owner)

    def get(self, caller: Caller, name: str) -> Model:
        """What is known of a model beside its versions."""
        found: Model = self._store.models.get(name, caller.owner)
        return found

    def newest(self, caller: Caller, page: Page) -> Found[Model]:
        """The caller's models, by name."""
        found: Found[Model] = self._store.models.newest(caller.owner, page)
        return found

    def search(self, caller: Caller, query: str) -> list[Model]:
        """The caller's models in whose name or description every word of the query is."""
        found: list[Model] = []
        page, looked = Page(limit=500), 0
        while looked < MOST_SEARCHED and len(found) < MOST_FOUND:
            some: Found[Model] = self._store.models.newest(caller.owner, page)
            found += [one for one in some.items if matches(one, query)]
            looked += len(some.items)
            if not some.later:
                break
            page = Page(limit=500, after=some.items[-1].name)
        return found[:MOST_FOUND]

    def describe(self, caller: Caller, name: str) -> dict[str, Any]:
        """What its aliases name, and the version to begin with: the live one, else the newest."""
        aliases = {alias: self._store.models.alias(name, alias) for alias in ALIASES}
        newest = self.versions(caller, name, Page(limit=1)).items
        latest = newest[0] if newest else None
        if aliases["live"] is not None:
            latest = self._store.models.version(aliases["live"], name)
        return {"aliases": aliases, "latest": latest}

    def versions(self, caller: Caller, model: str, page: Page) -> Found[Version]:
        """Its versions, newest first."""
        self._store.models.check(model, caller.owner)
        found: Found[Version] = self._store.models.versions(model, page)
        return found

    def version(self, caller: Caller, model: str, id: str) -> Version:
        """One version."""
        self._store.models.check(model, caller.owner)
        version: Version = self._store.models.version(id, model)
        if version.state is State.RETIRED:
            raise NotFound("version", id)
        return version

    def resolve(self, caller: Caller, ref: object, field: str = "version") -> Version:
        """The version that a caller means."""
        found: Version = self._store.models.resolve(parse_ref(ref, field=field), caller.owner)
        return found

    def has_file(self, sha256: str) -> bool:
        """Whether these bytes are stored already."""
        try:
            self._blobs.stat(outputs.file_key(sha256))
        except BlobMissing:
            return False
        return True

    def file(self, caller: Caller, model: str, id: str, sha256: str) -> Content:
        """The bytes of one of a version's files."""
        version = self.version(caller, model, id)
        if not any(file["sha256"] == sha256 for file in version.files):
            raise NotFound("file", sha256)
        return read(self._blobs, outputs.file_key(sha256), "file", sha256)

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

    def push(
        self, caller: Caller, model: str, entries: object, hardware: object = None
    ) -> tuple[str, list[str], Version | None]:
        """The digest, the hashes still missing, and the version once none is.

        `hardware`: the class of workers it needs; None: what its cog.yaml says.
        """
        self._store.models.check(model, caller.owner)
        files = bundle.check_entries(entries)
        named = None if hardware is None else check_hardware(hardware)
        digest = bundle.digest(files)
        missing = [sha for sha in sorted({file.sha256 for file in files}) if not self.has_file(sha)]
        if missing:
            return digest, missing, None
        version = Version(
            id=digest,
            model=model,
            created_at=self._clock(),
            files=tuple(vars(file) for file in files),
            hardware=named or self._gpu(files),
        )
        kept: Version = self._store.models.push(version)
        if named is not None and kept.hardware != named:
            self._store.models.ask_for(model, digest, named)
            kept = replace(kept, hardware=named)
        self._bell.ring("version", digest, kept.hardware)
        return digest, [], kept

    def _gpu(self, files: Sequence[BundleFile]) -> str | None:
        """The class that `build: {gpu: true}` in a cog.yaml asks for."""
        found = next((file for file in files if file.path == "cog.yaml"), None)
        if found is None or found.size > MAX_CONFIG_BYTES:
            return None
        text = b"".join(self._blobs.open(outputs.file_key(found.sha256)))
        try:
            told = yaml.safe_load(text)
        except (yaml.YAMLError, UnicodeDecodeError):
            return None  # preparing it will say what is wrong
        build = told.get("build") if isinstance(told, dict) else None
        return GPU if isinstance(build, dict) and build.get("gpu") is True else None

    def promote(
        self, caller: Caller, model: str, alias: str, request: dict[str, Any]
    ) -> str | None:
        """Move an alias to a version that is ready; answers with what it named before.

        Raises:
            Conflict: the version is not ready, or the alias no longer names `expected`.
            Forbidden: this token may not move it.
        """
        check_alias(alias)
        caller.may_move(alias)
        check_names(request, frozenset({"version", "expected"}))
        digest = request.get("version")
        if not isinstance(digest, str) or not DIGEST.fullmatch(digest):
            raise BadRequest("give the digest: what was tested is what goes live", field="version")
        expected = (_expected(request["expected"]),) if "expected" in request else ()
        version = self.version(caller, model, digest)
        if version.state is not State.READY:
            raise Conflict(f"version {digest[:12]} is {version.state}, not ready")
        before: str | None = self._store.models.promote(
            model, alias, digest, self._clock(), expected
        )
        return before

    def rollback(self, caller: Caller, model: str, alias: str) -> tuple[str, str]:
        """One step back: (the digest it names now, the one it named)."""
        caller.may_move(alias)
        history = [row["version"] for row in self.history(caller, model, alias)]
        back = earlier(history)
        if back is None:
            raise Conflict(f"{alias} of {model} has no earlier version to go back to")
        if self._store.models.version(back, model).state is not State.READY:
            raise Conflict(f"version {back[:12]}, one step back, was removed; push it again")
        self._store.models.promote(model, alias, back, self._clock(), (history[0],))
        return back, history[0]

    def history(self, caller: Caller, model: str, alias: str) -> list[dict[str, Any]]:
        """Every move of an alias, newest first."""
        check_alias(alias)
        self._store.models.check(model, caller.owner)
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


def _expected(given: object) -> str | None:
    if given is None or (isinstance(given, str) and DIGEST.fullmatch(given)):
        return given
    raise BadRequest("must be a digest, or null for an alias that names nothing", field="expected")
