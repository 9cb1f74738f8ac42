"""One suite for every replay store: memory, SQLite, Redis."""

import os
import subprocess
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from webhooks.errors import ConfigurationError
from webhooks.replay import MemoryReplay, RedisReplay, ReplayStore, Seen, SQLiteReplay

Make = Callable[..., ReplayStore]
LONG_S = 600.0


@pytest.fixture(params=["memory", "sqlite", "redis", "redis, decoding"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    """Makes a store; calling it again opens the same one again, where it is kept anywhere."""
    kind = request.param
    if kind == "memory":
        yield MemoryReplay
    elif kind == "sqlite":
        opened: list[SQLiteReplay] = []

        def open_file(**options: float) -> SQLiteReplay:
            opened.append(SQLiteReplay(tmp_path / "seen.db", **options))
            return opened[-1]

        yield open_file
        for one in opened:
            one.close()
    else:
        url = request.getfixturevalue("redis_url")
        with redis.Redis.from_url(url, decode_responses="decoding" in kind) as client:
            yield lambda **options: RedisReplay(client, prefix=f"{uuid.uuid4()}:", **options)


@pytest.fixture
def store(make: Make) -> ReplayStore:
    return make()


def until(condition: Callable[[], bool]) -> None:
    """Wait for it, with patience."""
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def test_an_id_is_claimed_once_and_then_done(store: ReplayStore) -> None:
    assert store.claim("a", LONG_S).seen is Seen.FIRST
    assert store.claim("a", LONG_S).seen is Seen.RUNNING
    assert store.claim("b", LONG_S).seen is Seen.FIRST
    store.done("a")
    assert store.claim("a", LONG_S).seen is Seen.DONE
    assert store.claim("b", LONG_S).seen is Seen.RUNNING


def test_a_released_id_may_come_again(store: ReplayStore) -> None:
    claim = store.claim("a", LONG_S)
    store.release("a", claim.token)
    assert store.claim("a", LONG_S).seen is Seen.FIRST


def test_a_holder_that_was_killed_does_not_keep_its_id(store: ReplayStore) -> None:
    assert store.claim("a", 0.2).seen is Seen.FIRST
    until(lambda: store.claim("a", LONG_S).seen is Seen.FIRST)


def test_who_lost_an_id_cannot_release_it(store: ReplayStore) -> None:
    lost = store.claim("a", 0.05)
    until(lambda: store.claim("a", LONG_S).seen is Seen.FIRST)
    store.release("a", lost.token)
    assert store.claim("a", LONG_S).seen is Seen.RUNNING


def test_what_was_done_stays_done(store: ReplayStore) -> None:
    slow = store.claim("a", 0.05)
    until(lambda: store.claim("a", LONG_S).seen is Seen.FIRST)
    store.done("a")  # by the slow one, late
    store.release("a", slow.token)
    assert store.claim("a", LONG_S).seen is Seen.DONE


def test_an_id_may_be_done_though_its_lease_is_gone(store: ReplayStore) -> None:
    store.done("a")
    assert store.claim("a", LONG_S).seen is Seen.DONE


def test_an_id_is_forgotten_in_the_end(make: Make) -> None:
    store = make(kept_s=0.2)
    store.claim("a", LONG_S)
    store.done("a")
    until(lambda: store.claim("a", 0.01).seen is Seen.FIRST)


@pytest.mark.parametrize("kept_s", [0, -1, float("nan")])
def test_how_long_ids_are_kept_cannot_be_off(make: Make, kept_s: float) -> None:
    with pytest.raises(ConfigurationError, match="more than 0 seconds"):
        make(kept_s=kept_s)


def test_of_many_threads_one_is_first(store: ReplayStore) -> None:
    firsts: Counter[str] = Counter()
    ids = [str(n) for n in range(50)]
    together = threading.Barrier(8)

    def ask() -> None:
        together.wait()
        for id in ids:
            if store.claim(id, LONG_S).seen is Seen.FIRST:
                firsts[id] += 1

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert firsts == dict.fromkeys(ids, 1)


# --- what only one of them does ------------------------------------------------------------------

ASK = """
import sys
from webhooks.replay import Seen, SQLiteReplay
store = SQLiteReplay(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
for n in range(200):
    if store.claim(str(n), 600).seen is Seen.FIRST:
        print(n)
"""


def test_of_many_processes_one_is_first(tmp_path: Path) -> None:
    words = [sys.executable, "-c", ASK, str(tmp_path / "seen.db")]
    pipe = subprocess.PIPE
    askers = [subprocess.Popen(words, stdin=pipe, stdout=pipe, text=True) for _ in range(4)]
    for asker in askers:
        assert asker.stdout is not None
        assert asker.stdout.readline() == "ready\n"
    firsts = [asker.communicate("\n")[0].split() for asker in askers]
    assert sorted(int(n) for told in firsts for n in told) == list(range(200))


def test_sqlite_remembers_over_a_restart(tmp_path: Path) -> None:
    before = SQLiteReplay(tmp_path / "seen.db")
    before.claim("a", LONG_S)
    before.done("a")
    before.close()
    after = SQLiteReplay(tmp_path / "seen.db")
    assert after.claim("a", LONG_S).seen is Seen.DONE
    after.close()


def test_sqlite_goes_on_in_a_forked_child(tmp_path: Path) -> None:
    store = SQLiteReplay(tmp_path / "seen.db")
    store.claim("parent", LONG_S)
    child = os.fork()
    if child == 0:
        seen = [store.claim(id, LONG_S).seen for id in ("parent", "child")]
        os._exit(0 if seen == [Seen.RUNNING, Seen.FIRST] else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert store.claim("child", LONG_S).seen is Seen.RUNNING
    store.close()


def test_sqlite_does_not_grow_for_ever(tmp_path: Path) -> None:
    store = SQLiteReplay(tmp_path / "seen.db", kept_s=0.001)
    for n in range(300):
        store.claim(str(n), 0.001)
        store.done(str(n))
    time.sleep(0.01)
    for n in range(100):
        store.claim(f"later {n}", LONG_S)
    with store._file.write() as connection:
        (rows,) = connection.execute("SELECT count(*) FROM webhooks_seen").fetchone()
    assert rows == 100
    store.close()


def test_memory_is_bounded() -> None:
    store = MemoryReplay(most=10)
    for n in range(100):
        store.claim(str(n), LONG_S)
    assert store.claim("99", LONG_S).seen is Seen.RUNNING
    assert store.claim("0", LONG_S).seen is Seen.FIRST
    assert len(store._seen) == 10


def test_memory_drops_what_ran_out() -> None:
    store = MemoryReplay(kept_s=0.001)
    for n in range(100):
        store.claim(str(n), 0.001)
    time.sleep(0.01)
    store.claim("last", LONG_S)
    assert list(store._seen) == ["last"]
