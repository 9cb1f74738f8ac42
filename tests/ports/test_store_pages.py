"""Pages of a list: each thing once, in order, there and back, on every database."""

from sqlalchemy import func, select

from jobs.adapters.sql import tables
from jobs.adapters.sql.store import SqlStore
from jobs.core.page import Found, Page
from jobs.core.version import Version
from jobs.wiring import clock
from tests.ports import stores


def names(found: Found[str]) -> tuple[tuple[str, ...], bool, bool]:
    return found.items, found.earlier, found.later


def test_models_by_name_there_and_back(store: SqlStore) -> None:
    for letter in "edcba":
        store.models.create(f"zoe/{letter}", "zoe", clock())

    def page(**at: str) -> tuple[tuple[str, ...], bool, bool]:
        return names(store.models.newest("zoe", Page(2, **at)).map(lambda one: one.name))

    assert page() == (("zoe/a", "zoe/b"), False, True)
    assert page(after="zoe/b") == (("zoe/c", "zoe/d"), True, True)
    assert page(after="zoe/d") == (("zoe/e",), True, False)
    assert page(before="zoe/e") == (("zoe/c", "zoe/d"), True, True)
    assert page(before="zoe/c") == (("zoe/a", "zoe/b"), False, True)
    # a name need not be there any more
    assert page(after="zoe/bb") == (("zoe/c", "zoe/d"), True, True)


def test_versions_of_one_moment_are_told_apart(store: SqlStore) -> None:
    store.models.create("zoe/m", "zoe", clock())
    at = clock()
    ids = [f"{number:064x}" for number in range(5)]
    for id in ids:
        store.models.push(Version(id=id, model="zoe/m", created_at=at))

    seen, after = [], None
    while True:
        found = store.models.versions("zoe/m", Page(2, after=after))
        seen += [version.id for version in found.items]
        if not found.later:
            break
        after = seen[-1]

    assert seen == ids[::-1]


def test_what_is_read_together_is_of_one_moment(store: SqlStore) -> None:
    """A row and the log that belongs to it: what is written between the two is in neither."""
    count = select(func.count()).select_from(tables.predictions)
    with store.database.snapshot() as connection:
        before = connection.execute(count).scalar_one()
        stores.asked(store)
        assert connection.execute(count).scalar_one() == before
    with store.database.read() as connection:
        assert connection.execute(count).scalar_one() == before + 1
