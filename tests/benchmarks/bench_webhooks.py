"""Deliveries beside their limits: bare sockets, bare pycurl, a Celery task for each."""

import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from jobs.adapters.sql.tables import attempts, deliveries
from jobs.worker.deliver import LOOK_S
from tests.benchmarks.figures import middle
from tests.benchmarks.limit import limit
from tests.benchmarks.posts import Cost, Engine, celery, curl, raw
from tests.benchmarks.report import say
from tests.benchmarks.sink import sink
from tests.ports.stores import new_database
from webhooks import new_secret
from webhooks.signing import Signer

ROUNDS = 5
ENDPOINTS, POSTS = 50, 5_000
#: who sends bare, and how much of its speed we are to have; the first is the limit that the goal
#: is about, the second signs nothing either
LIMITS = {"signed on sockets": "0.15", "bare sockets": "-", "bare pycurl": "-"}
#: the engine that is watched for its delays has so much to do, and not more than it can
EVERY_S, TICKS = 0.1, 60


def ratio(ours: list[float], theirs: list[float]) -> float:
    """The median of the ratios of each round."""
    return middle([mine / other for mine, other in zip(ours, theirs, strict=True)])


@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_deliveries_beside_bare_clients(
    store: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """1 kB to 50 endpoints; ours with claims, signatures, the log of attempts, all committed."""
    if store == "sqlite":
        deliveries_beside(f"sqlite:///{tmp_path / 'engine.db'}", "SQLite")
        return
    with new_database(request.getfixturevalue("postgres_url")) as url:
        deliveries_beside(url, "PostgreSQL")


def deliveries_beside(url: str, name: str) -> None:
    """A line for each client."""
    secret = new_secret()
    signer, engine = Signer([secret]), Engine(url, secret)
    found: dict[str, list[Cost]] = {name: [] for name in ("ours", *LIMITS)}
    with sink(ENDPOINTS) as endpoints:
        urls = endpoints.urls()
        engine.send(urls, POSTS)
        for _ in range(ROUNDS):
            engine.forget()
            found["signed on sockets"].append(limit(urls, 2 * POSTS, signer))
            found["bare sockets"].append(raw(urls, 4 * POSTS))
            found["bare pycurl"].append(curl(urls, 2 * POSTS, signer))
            found["ours"].append(engine.send(urls, POSTS))
    engine.close()
    rates = {who: [one.rate for one in costs] for who, costs in found.items()}
    cpu = {who: [one.cpu_us for one in costs] for who, costs in found.items()}
    for other, target in LIMITS.items():
        figure = (
            f"{middle(rates['ours']):,.0f}/s, theirs {middle(rates[other]):,.0f}/s,"
            f" {ratio(rates['ours'], rates[other]):.3f} x; CPU {middle(cpu['ours']):.0f} us,"
            f" theirs {middle(cpu[other]):.1f} us, {ratio(cpu[other], cpu['ours']):.3f} x"
        )
        say(f"deliveries on {name} beside {other}", figure, target)


def test_deliveries_beside_a_celery_task_for_each(tmp_path: Path, redis_url: str) -> None:
    """The task signs and posts with urllib3, two processes; ours is one, with the log."""
    secret = new_secret()
    engine, ours, theirs = Engine(f"sqlite:///{tmp_path / 'e.db'}", secret), [], []
    with sink(ENDPOINTS) as endpoints:
        urls = endpoints.urls()
        engine.send(urls, POSTS)
        for _ in range(3):
            engine.forget()
            theirs.append(celery(tmp_path, redis_url, urls, 800, secret))
            ours.append(engine.send(urls, POSTS).rate)
    engine.close()
    figure = f"{middle(ours):,.0f}/s, theirs {middle(theirs):,.0f}/s, {ratio(ours, theirs):.1f} x"
    say("deliveries beside a Celery task for each", figure, "15 x")


def test_one_endpoint_hangs_and_the_others_do_not_wait(tmp_path: Path) -> None:
    """From owed to recorded, p95 of the 49 others, with a fiftieth that answers or hangs."""
    quiet, hanging = [], []
    with sink(ENDPOINTS) as endpoints:
        for number in range(ROUNDS):
            engine = Engine(f"sqlite:///{tmp_path / f'{number}.db'}", new_secret())
            urls = endpoints.urls()
            watched(engine, urls)  # connections are open, statements compiled
            for delays in (quiet, hanging):
                if delays is hanging:
                    endpoints.hang(endpoints.ports[-1])
                engine.drop_open()
                engine.forget()
                delays.append(watched(engine, urls))
            endpoints.hang(endpoints.ports[-1])
            engine.close()
    figure = (
        f"{middle(hanging) * 1000:.1f} ms, quiet {middle(quiet) * 1000:.1f} ms,"
        f" {ratio(hanging, quiet):.2f} x"
    )
    say("p95 of 49 endpoints beside one that hangs", figure, "1.2 x")


def watched(engine: Engine, urls: list[str]) -> float:
    """The p95 of the delay of all but the last one, in seconds, under a steady load."""
    end = threading.Event()

    def deliver() -> None:
        while not end.is_set():
            if not engine.deliver.run(end.is_set):
                time.sleep(LOOK_S)  # as the processes that deliver do

    thread = threading.Thread(target=deliver)
    thread.start()
    began = time.monotonic()
    for tick in range(TICKS):
        time.sleep(max(0.0, began + tick * EVERY_S - time.monotonic()))
        engine.owe(urls)
    until_recorded(engine, urls[-1])
    end.set()
    found = delays(engine, urls[-1])
    # what hangs is cut off at its time limit; nobody waits for it here
    thread.join()
    return found[int(len(found) * 0.95)]


def until_recorded(engine: Engine, last: str) -> None:
    """Wait for every delivery but those to one address."""
    left = select(deliveries.c.id).where(
        deliveries.c.state != "delivered", deliveries.c.url != last
    )
    while True:
        with engine.database.read() as connection:
            if connection.execute(left.limit(1)).first() is None:
                return
        time.sleep(0.1)


def delays(engine: Engine, last: str) -> list[float]:
    """Seconds from owed to recorded, in order, by the database's clock."""
    query = select(attempts.c.at, deliveries.c.next_at, deliveries.c.created_at)
    query = query.join(deliveries, deliveries.c.id == attempts.c.delivery)
    with engine.database.read() as connection:
        rows = connection.execute(query.where(deliveries.c.url != last)).all()
    assert rows
    return sorted(row.at - row.created_at.timestamp() for row in rows)
