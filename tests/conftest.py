"""Servers for the whole test run, each started when the first test asks for it."""

import gc
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

from tests.order import mixed
from tests.servers import postgres, rabbitmq, redis, s3
from tests.servers.process import Unavailable, lacking
from tests.servers.shared import shared

T = TypeVar("T")

# Tests start hundreds of processes; each of them would compile all of the packages anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# What is collected stays to the end: thousands of tests, and all that they import.
gc.disable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """Look for garbage from here on, and not in what was made by now."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those of a file stay together, and in their order."""
    files = dict.fromkeys(item.nodeid.partition("::")[0] for item in items)
    place = {file: number for number, file in enumerate(mixed(list(files)))}
    items.sort(key=lambda item: place[item.nodeid.partition("::")[0]])


# how long an example takes says how busy the machine is; in CI, Hypothesis has a profile of its own
if os.environ.get("CI") != "true":
    settings.register_profile("home", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("home")


@pytest.fixture(scope="session", autouse=True)
def _models_see_what_tests_leave_for_them(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Some wait until a file is there, or leave one: the rest of /tmp is not theirs to see."""
    os.environ["PENSTOCK_MODELS_SEE"] = str(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def s3_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[s3.S3Server]:
    """A real S3 server where there is one, else moto; the dearest to start, so all share it."""
    folder = tmp_path_factory.getbasetemp()
    place = (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "s3"
    with _folder() as folder, _started(shared(place, lambda: s3.running(folder))) as server:
        _say(request, f"S3 server: {server.what}")
        yield server


@pytest.fixture(scope="session")
def postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A SQLAlchemy URL of a PostgreSQL that tests may fill."""
    with _folder() as folder, _started(postgres.running(folder)) as (url, what):
        _say(request, f"PostgreSQL: {what}")
        yield url


@pytest.fixture(scope="session")
def redis_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A Redis or Valkey that tests may fill."""
    with _folder() as folder, _started(redis.running(folder)) as (url, what):
        _say(request, f"Redis: {what}")
        yield url


@pytest.fixture(scope="session")
def rabbitmq_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A RabbitMQ that tests may fill."""
    with _folder() as folder, _started(rabbitmq.running(folder)) as (url, what):
        _say(request, f"RabbitMQ: {what}")
        yield url


@pytest.fixture(autouse=True)
def _only_real_s3(request: pytest.FixtureRequest) -> None:
    """Tests marked real_s3 are about refusals that moto does not make."""
    if request.node.get_closest_marker("real_s3"):
        server: s3.S3Server = request.getfixturevalue("s3_server")
        if not server.real:
            pytest.skip(f"real_s3: {server.what} accepts what S3 refuses; install radosgw")


@contextmanager
def _folder() -> Iterator[Path]:
    # Not pytest's own folder: a socket's path must be short, and another user must get in.
    with tempfile.TemporaryDirectory(prefix="penstock-test-", dir="/tmp") as name:
        yield Path(name)


@contextmanager
def _started(starting: AbstractContextManager[T]) -> Iterator[T]:
    """At home a missing server skips tests; in CI it fails them."""
    try:
        server = starting.__enter__()
    except Unavailable as reason:
        lacking(reason)
    try:
        yield server
    finally:
        starting.__exit__(None, None, None)


def _say(request: pytest.FixtureRequest, line: str) -> None:
    reporter = request.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:
        reporter.ensure_newline()
        reporter.write_line(line)
