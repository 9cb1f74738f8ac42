"""Tokens and secrets of owners, and what is known of files."""

import pytest

from jobs.adapters.sql.store import SqlStore
from jobs.adapters.sql.tokens import Tokens, hashed
from jobs.core.caller import Caller
from jobs.core.errors import NotFound
from jobs.core.file import File
from jobs.core.page import Page
from tests.ports import stores
from tests.ports.stores import clock
from tests.servers.penstock import until


def test_a_token_speaks_for_its_owner(store: SqlStore) -> None:
    store.tokens.create("one", "ann", "laptop", ["bucket/a"], clock())
    caller = Caller("ann", ("bucket/a",), hashed("one"), name="laptop")
    assert store.tokens.caller("one") == caller
    for unknown in ("two", "", "one ", "on", hashed("one"), "\0"):
        assert store.tokens.caller(unknown) is None


def test_a_token_is_kept_as_a_hash_and_once(store: SqlStore) -> None:
    for _ in range(2):
        store.tokens.create("one", "ann", "laptop", [], clock())
    [row] = store.tokens.all()
    assert (row["hash"], row["owner"], row["name"]) == (hashed("one"), "ann", "laptop")
    assert "one" not in row["hash"]


def test_a_revoked_token_is_unknown(store: SqlStore) -> None:
    for name in ("one", "two"):
        store.tokens.create(name, "ann", name, [], clock())
    for start in ("", "%", "_", "zz"):  # all of them, or none
        assert not store.tokens.revoke(start)
    assert store.tokens.revoke(hashed("one")[:12])
    assert not store.tokens.revoke(hashed("one")[:12])
    assert store.tokens.caller("one") is None
    assert store.tokens.caller("two") is not None


def test_what_another_process_does_with_a_token_counts_after_a_second(store: SqlStore) -> None:
    store.tokens.create("one", "ann", "one", [], clock())
    assert store.tokens.caller("one") is not None
    assert Tokens(store.database).revoke(hashed("one")[:12])
    until(lambda: store.tokens.caller("one") is None)


def test_an_owner_has_one_secret(store: SqlStore) -> None:
    assert store.tokens.sealed_secret("ann") is None
    got = stores.together(
        8, lambda number: store.tokens.keep_secret("ann", bytes([number]), clock())
    )
    assert set(got) == {store.tokens.sealed_secret("ann")}
    assert store.tokens.keep_secret("bob", b"other", clock()) == b"other"


def a_file(id: str, owner: str = "ann") -> File:
    return File(
        id=id,
        owner=owner,
        name="röws \ud800.jsonl",
        content_type="application/jsonl",
        size_bytes=2**40,
        sha256="0" * 64,
        key=f"uploads/{id}",
        created_at=clock(),
    )


def test_files_are_kept_listed_and_forgotten(store: SqlStore) -> None:
    for id, owner in (("file_1", "ann"), ("file_2", "ann"), ("file_3", "bob")):
        store.files.create(a_file(id, owner))
    seen = store.files.get("file_1", "ann")
    assert (seen.name, seen.size_bytes, seen.key) == ("röws \ufffd.jsonl", 2**40, "uploads/file_1")
    assert [file.id for file in store.files.newest("ann", Page()).items] == ["file_2", "file_1"]
    first = store.files.newest("ann", Page(limit=1))
    assert ([file.id for file in first.items], first.earlier, first.later) == (
        ["file_2"],
        False,
        True,
    )
    for id, owner in (("file_3", "ann"), ("file_9", "ann")):
        with pytest.raises(NotFound):
            store.files.get(id, owner)
        with pytest.raises(NotFound):
            store.files.delete(id, owner)
    store.files.delete("file_1", "ann")
    with pytest.raises(NotFound):
        store.files.get("file_1")
    assert store.files.get("file_3").owner == "bob"
