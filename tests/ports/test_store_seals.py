"""What is kept sealed, and what of it is replaced where a key is lost."""

import pytest

from jobs.adapters.sql.store import SqlStore
from jobs.core.seals import Lost
from tests.ports.stores import an_endpoint, clock


def test_what_cannot_be_opened_is_replaced_and_the_rest_stays(store: SqlStore) -> None:
    for owner in ("", "ann", "bob"):
        store.tokens.keep_secret(owner, f"sealed {owner}".encode(), clock())
    rotated, other = an_endpoint(store), an_endpoint(store, owner="bob")
    store.endpoint_secrets.rotate(rotated.id, "ann", b"sealed 2", 3600.0, clock())
    kept = {b"sealed bob", b"sealed 2"}

    def opens(sealed: bytes) -> bool:
        return sealed in kept

    lost = Lost(("ann",), ((rotated.id, "ann"), (other.id, "bob")), tried=True)
    assert store.seals.lost(opens) == lost
    fresh = iter((b"fresh 1", b"fresh 2", b"fresh 3"))
    assert store.seals.renew(opens, lambda: next(fresh), clock()) == lost

    assert [store.tokens.sealed_secret(owner) for owner in ("", "ann", "bob")] == [
        *(b"fresh 1", b"fresh 2"),
        b"sealed bob",
    ]
    signing = store.endpoint_secrets.signing
    assert [one.sealed for one in signing(rotated.id)] == [b"sealed 2"]
    assert [(one.number, one.sealed, one.until) for one in signing(other.id)] == [
        (1, b"fresh 3", None)
    ]
    kept |= {b"fresh 1", b"fresh 2", b"fresh 3"}
    assert not store.seals.lost(opens)
    assert not store.seals.renew(opens, lambda: b"never", clock())


def test_a_renewal_that_fails_changes_nothing(store: SqlStore) -> None:
    for owner in ("ann", "bob"):
        store.tokens.keep_secret(owner, b"sealed", clock())
    fresh = iter((b"fresh",))

    with pytest.raises(StopIteration):
        store.seals.renew(lambda sealed: False, lambda: next(fresh), clock())

    assert store.tokens.sealed_secret("ann") == b"sealed"
