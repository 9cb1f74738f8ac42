"""Settings that work until something goes wrong."""

import os
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from jobs.adapters import celery as broker
from jobs.adapters import traces
from jobs.adapters.sql.facts import Facts
from jobs.core.batch import TARGET_SHARD_S
from jobs.core.errors import Conflict
from jobs.doctor.finding import FAIL, OK, WARN, worst
from jobs.misspelt import misspelt
from jobs.wiring import Wiring
from jobs.worker.drain import BOUNDARY_S

#: what orchestrators give a container before they kill it, unless told otherwise
USUAL_GRACE_S = 30.0
#: one process may hold so many (the pool and its overflow)
CONNECTIONS = 30
METADATA = (ip_network("169.254.0.0/16"), ip_network("fd00:ec2::/32"))
UNSAFE_POSTGRESQL = {
    "fsync": "a power cut may lose the whole database",
    "full_page_writes": "a power cut may damage pages",
    "synchronous_commit": "a crash loses what was committed last, and with it who held what",
}


def settings(made: Wiring) -> tuple[str, str]:
    """Whether all that looks like a setting is one."""
    return worst([(WARN, told) for told in misspelt(os.environ)], "all names are known")


def processes(made: Wiring) -> tuple[str, str]:
    """Whether the processes that these settings lead to can work side by side."""
    settings, found = made.settings, []
    if settings.embedded:
        return OK, "one, `penstock up`"
    if settings.sqlite:
        found.append(
            (FAIL, "SQLite is for one process: name a PostgreSQL in PENSTOCK_DATABASE_URL")
        )
    if not settings.s3_bucket:
        found.append((WARN, "objects are in the data folder, which all processes must share"))
    if not settings.secret_keys:
        found.append((WARN, "without PENSTOCK_SECRET_KEYS each data folder has a key of its own"))
    return worst(found, "several, on one database, broker, object store and key list")


def durability(made: Wiring) -> tuple[str, str]:
    """Whether the database keeps what it confirmed: everything else relies on that."""
    if made.settings.sqlite:
        return OK, "SQLite, every commit synced"
    show = made.store.database.setting
    found = [
        (FAIL, f"{name} is off: {why}")
        for name, why in UNSAFE_POSTGRESQL.items()
        if show(name) == "off"
    ]
    limit = int(show("max_connections"))
    if limit < 3 * CONNECTIONS:
        found.append((WARN, f"max_connections is {limit}; a process may hold {CONNECTIONS}"))
    return worst(found, f"PostgreSQL syncs every commit; {limit} connections")


def messages(made: Wiring) -> tuple[str, str]:
    """Whether rings are heard once and soon."""
    conf = made.celery.conf
    if made.settings.embedded:
        return OK, "in memory; the sweep rings again"
    found = []
    if conf.worker_prefetch_multiplier != 1:
        found.append((WARN, "a worker hoards messages while it is busy"))
    if conf.result_backend:
        found.append((WARN, "a result backend costs a write per message and nobody reads it"))
    if made.settings.broker_url.startswith("amqp"):
        found += _rabbitmq(made)
    else:
        found += _redis(conf.broker_transport_options)
    return worst(found, "acknowledged when heard, fetched singly, no results kept")


def _redis(options: dict[str, object]) -> list[tuple[str, str]]:
    found = []
    visible = float(str(options.get("visibility_timeout", 3600)))
    needed = 10 * TARGET_SHARD_S
    if visible < needed:
        found.append(
            (
                WARN,
                f"visibility_timeout is {visible:g} s and a shard takes {TARGET_SHARD_S:g}: what a"
                f" busy worker has fetched is rung for again and again; leave it out ({needed:g}"
                " is the least)",
            )
        )
    throttle = int(str(options.get("unacked_restore_throttle", 10)))
    if throttle > 1:
        found.append(
            (
                WARN,
                f"unacked_restore_throttle is {throttle}, so lost rings return late: set it to 1",
            )
        )
    return found


def _rabbitmq(made: Wiring) -> list[tuple[str, str]]:
    found = []
    if not made.celery.conf.broker_transport_options.get("confirm_publish"):
        found.append((WARN, "confirm_publish is off: a quorum queue may lose what it did not keep"))
    try:
        broker.declare(made.celery)
    except Conflict as error:
        found.append((FAIL, str(error)))
    return found


def reach(made: Wiring) -> tuple[str, str]:
    """Where this server sends others, and where others can send it."""
    settings, found = made.settings, []
    host = urlsplit(settings.public_url).hostname or ""
    if not settings.embedded and _is_local(host):
        found.append((WARN, f"PENSTOCK_PUBLIC_URL is {settings.public_url}: only for this machine"))
    if settings.public_url.startswith("http:") and not _is_local(host):
        found.append((WARN, "PENSTOCK_PUBLIC_URL is http: tokens cross the network in the clear"))
    open_to = [
        str(network)
        for network in settings.allow_networks
        if any(network.version == one.version and network.overlaps(one) for one in METADATA)
    ]
    if open_to:
        found.append(
            (
                FAIL,
                f"PENSTOCK_ALLOW_NETWORKS has {', '.join(open_to)}: webhooks and inputs could reach"
                " the cloud's metadata service and its credentials",
            )
        )
    return worst(found, settings.public_url)


def _is_local(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return host in ("", "localhost")
    return address.is_loopback or address.is_unspecified


def ending(made: Wiring) -> tuple[str, str]:
    """Whether a process that is told to end is given the time it takes."""
    needed = made.settings.drain_s + BOUNDARY_S
    if needed > USUAL_GRACE_S:
        return WARN, (
            f"a worker may take {needed:g} s to end, and orchestrators kill after"
            f" {USUAL_GRACE_S:g} s: lower PENSTOCK_DRAIN_S or raise their grace period"
        )
    return OK, f"within {needed:g} s of SIGTERM work is finished or handed back"


def watching(made: Wiring) -> tuple[str, str]:
    """Whether anybody would see that work waits, fails, or finds no room."""
    settings, seen = made.settings, []
    if settings.traces:
        traces.require()
        seen.append("traces over OTLP/HTTP")
    if settings.metrics_port is not None:
        seen.append(f"numbers on {settings.metrics_host}, from port {settings.metrics_port} on")
    if seen or settings.embedded:
        return OK, "; ".join(seen) or "nobody, which is fine at home"
    return WARN, "nobody: set PENSTOCK_METRICS_PORT, and see infra/prometheus"


def endpoints(made: Wiring) -> tuple[str, str]:
    """Whether owners' standing endpoints take what is sent to them."""
    facts = Facts(made.store.database).read()
    count = {one.labels[0]: int(one.value) for one in facts if one.name == "endpoints"}
    well, failing, lost = count["enabled"], count["failing"], count["given_up"]
    if failing or lost:
        return WARN, (
            f"{well} well, {failing} failing, {lost} disabled since they were gone or failed for"
            " long: their owners see which with penstock webhooks endpoints list"
        )
    return OK, f"{well} well" if well else "none"
