"""Every setting, read from the environment once; nothing else reads it."""

import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jobs.core.errors import BadRequest
from jobs.core.limits import Limits
from jobs.core.version import check_hardware

Network = IPv4Network | IPv6Network
LOOPBACK = "127.0.0.0/8,::1/128"
DEFAULT_URL = "http://127.0.0.1:8471"
#: with room above it for the workers of one machine
MOST_PORT = 65_400


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How this process runs; a field's comment is its documentation."""

    #: PENSTOCK_DATA: folder of the embedded database, objects, keys and scratch files
    data: Path
    #: PENSTOCK_DATABASE_URL: SQLAlchemy URL; a SQLite file in the data folder by default
    database_url: str
    #: PENSTOCK_BROKER_URL: Celery broker; memory:// (this process) by default
    broker_url: str
    #: PENSTOCK_BROKER_OPTIONS: Celery's broker_transport_options as JSON, laid over ours
    broker_options: Mapping[str, Any]
    #: PENSTOCK_PUBLIC_URL: the origin under which clients reach the API
    public_url: str
    #: PENSTOCK_S3_BUCKET, PENSTOCK_S3_PREFIX: where objects live; the data folder by default
    s3_bucket: str | None
    s3_prefix: str
    #: PENSTOCK_S3_ENDPOINT: of a store other than AWS; also used for s3:// inputs
    s3_endpoint: str | None
    #: PENSTOCK_PREDICT_TIMEOUT_S: the longest one row may take
    predict_timeout_s: float
    #: PENSTOCK_TRAIN_TIMEOUT_S: the longest a training may take; a day by default
    train_timeout_s: float
    #: PENSTOCK_SETUP_TIMEOUT_S: the longest a model's setup() may take
    setup_timeout_s: float
    #: PENSTOCK_DRAIN_S: how long a process that is told to end goes on with what it has
    drain_s: float
    #: PENSTOCK_MAX_UPLOAD_GB: the largest body that a client may send; 100 by default
    max_upload_bytes: int
    #: PENSTOCK_THREADS: CPU threads of each model host; as many as there are cores for us
    threads: int
    #: PENSTOCK_MODEL_MEMORY_GB: what a loaded model may hold of this machine's memory; one that
    #: holds more is ended, and loaded again; no limit by default
    model_memory_bytes: int | None
    #: what models see of the machine's /tmp: the data folder, and PENSTOCK_MODELS_SEE, paths with :
    #: between them; /tmp itself, so that they have none of their own
    models_see: tuple[str, ...]
    #: PENSTOCK_BUNDLE_CACHE_GB: disk that a worker may fill with the files of versions
    bundle_cache_bytes: int
    #: PENSTOCK_ENVIRONMENT_CACHE_GB: disk for the virtual environments of versions; 50 by default
    environment_cache_bytes: int
    #: PENSTOCK_MAX_INPUT_MB: the largest file that a row may name; 1000 by default
    max_input_bytes: int
    #: PENSTOCK_ALLOW_NETWORKS: private ranges that webhooks and inputs may use, comma separated
    allow_networks: tuple[Network, ...]
    #: PENSTOCK_ENDPOINT_FAILING_DAYS: an endpoint that takes nothing for so long is disabled; 5
    endpoint_failing_s: float
    #: PENSTOCK_HARDWARE: classes of work that a worker takes besides what asks for none, comma
    #: separated; gpu by default. `penstock up` takes everything
    hardware: tuple[str, ...]
    #: PENSTOCK_MAX_REQUESTS_PER_S, PENSTOCK_MAX_BATCHES, PENSTOCK_MAX_ROWS,
    #: PENSTOCK_MAX_PREDICTIONS: what a token may have at a time that has no limit of its own; no
    #: limit by default
    limits: Limits
    #: PENSTOCK_METRICS_PORT, PENSTOCK_METRICS_HOST: where Prometheus reads this host's processes:
    #: API and `up` on the port itself, deliver on the next, sweep on the one after it, workers
    #: from the tenth after it on; nowhere by default, and on 127.0.0.1
    metrics_port: int | None
    metrics_host: str
    #: PENSTOCK_WARM_MODELS: models that a worker keeps loaded, instances of deployments among them;
    #: 2 by default
    warm_models: int
    #: PENSTOCK_INSTANCE_IDLE_S: an instance beyond its deployment's minimum stops after so long
    #: without work; 60 by default
    instance_idle_s: float
    #: PENSTOCK_LOG: text, or json: an object a line
    log: str
    #: PENSTOCK_LOG_LEVEL: warning, or info: also each shard, request and attempt
    log_level: str
    #: PENSTOCK_RETENTION_DAYS: how long what has ended is kept, and uploads; for ever by default
    retention_days: float | None
    #: OTEL_EXPORTER_OTLP_ENDPOINT and so on: OpenTelemetry's own settings, read by its SDK; here
    #: only whether there are any, and OTEL_SERVICE_NAME
    traces: bool
    service_name: str | None
    #: PENSTOCK_SECRET_KEYS: keys that seal secrets, newest first; a file in the data folder else
    secret_keys: tuple[str, ...] = field(repr=False)

    @property
    def embedded(self) -> bool:
        """Whether broker and workers live in this process."""
        return self.broker_url.startswith("memory:")

    @property
    def sqlite(self) -> bool:
        """Whether the database is a file, which one process uses alone."""
        return self.database_url.startswith("sqlite")

    @property
    def alone(self) -> bool:
        """Whether all that works on this data folder is one process tree: the one with its lock."""
        return self.embedded and self.database_url == _database(self.data)

    def moved(self, data: Path) -> "Settings":
        """The same in another data folder."""
        is_ours = self.database_url == _database(self.data)
        url = _database(data) if is_ours else self.database_url
        sees = (str(data), *self.models_see[1:])
        return replace(self, data=data, database_url=url, models_see=sees)

    def require_shared(self) -> None:
        """Raise BadRequest unless several processes may use these settings at a time."""
        if self.embedded:
            raise BadRequest(
                "PENSTOCK_BROKER_URL is not set: without a broker `penstock up` is everything in"
                " one process; processes of their own need redis://… or amqp://… in it",
                field="PENSTOCK_BROKER_URL",
            )
        if self.sqlite:
            raise BadRequest(
                "the database is SQLite, which one process uses alone; with a broker outside"
                " (PENSTOCK_BROKER_URL) there are several: name a PostgreSQL in"
                " PENSTOCK_DATABASE_URL (postgresql+psycopg://…), or unset the broker",
                field="PENSTOCK_DATABASE_URL",
            )


def load(
    env: Mapping[str, str] | None = None, *, data: Path | None = None, url: str | None = None
) -> Settings:
    """Settings from the environment; arguments win over it.

    Raises:
        BadRequest: a setting cannot be used; its name is in the message.
    """
    env = os.environ if env is None else env
    folder = (data or Path(env.get("PENSTOCK_DATA", "penstock-data"))).absolute()
    return Settings(
        data=folder,
        database_url=env.get("PENSTOCK_DATABASE_URL", _database(folder)),
        broker_url=env.get("PENSTOCK_BROKER_URL", "memory://localhost/"),
        broker_options=_object(env, "PENSTOCK_BROKER_OPTIONS"),
        public_url=_origin(env.get("PENSTOCK_PUBLIC_URL") or url or DEFAULT_URL),
        s3_bucket=env.get("PENSTOCK_S3_BUCKET"),
        s3_prefix=_folder(env.get("PENSTOCK_S3_PREFIX", "")),
        s3_endpoint=env.get("PENSTOCK_S3_ENDPOINT"),
        predict_timeout_s=_number(env, "PENSTOCK_PREDICT_TIMEOUT_S", 300.0),
        train_timeout_s=_number(env, "PENSTOCK_TRAIN_TIMEOUT_S", 86_400.0),
        setup_timeout_s=_number(env, "PENSTOCK_SETUP_TIMEOUT_S", 600.0),
        drain_s=_number(env, "PENSTOCK_DRAIN_S", 20.0),
        max_upload_bytes=int(_number(env, "PENSTOCK_MAX_UPLOAD_GB", 100.0) * 10**9),
        threads=int(_number(env, "PENSTOCK_THREADS", cores())),
        model_memory_bytes=_gb(env, "PENSTOCK_MODEL_MEMORY_GB"),
        models_see=(str(folder), *filter(None, env.get("PENSTOCK_MODELS_SEE", "").split(":"))),
        bundle_cache_bytes=int(_number(env, "PENSTOCK_BUNDLE_CACHE_GB", 50.0) * 10**9),
        environment_cache_bytes=int(_number(env, "PENSTOCK_ENVIRONMENT_CACHE_GB", 50.0) * 10**9),
        max_input_bytes=int(_number(env, "PENSTOCK_MAX_INPUT_MB", 1000.0) * 10**6),
        allow_networks=_networks(env),
        endpoint_failing_s=_number(env, "PENSTOCK_ENDPOINT_FAILING_DAYS", 5.0) * 86_400,
        hardware=_hardware(env),
        limits=_limits(env),
        metrics_port=_port(env, "PENSTOCK_METRICS_PORT"),
        metrics_host=env.get("PENSTOCK_METRICS_HOST", "127.0.0.1"),
        warm_models=int(_number(env, "PENSTOCK_WARM_MODELS", 2)),
        instance_idle_s=_number(env, "PENSTOCK_INSTANCE_IDLE_S", 60.0),
        log=_word(env, "PENSTOCK_LOG", ("text", "json")),
        log_level=_word(env, "PENSTOCK_LOG_LEVEL", ("warning", "info")),
        retention_days=_some_number(env, "PENSTOCK_RETENTION_DAYS"),
        traces=_traces(env),
        service_name=env.get("OTEL_SERVICE_NAME"),
        secret_keys=tuple(filter(None, env.get("PENSTOCK_SECRET_KEYS", "").split(","))),
    )


def _database(data: Path) -> str:
    return f"sqlite:///{data / 'penstock.db'}"


def _origin(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        name = "PENSTOCK_PUBLIC_URL"
        raise BadRequest(f"{name} must be such as https://penstock.example.com", field=name)
    return url.rstrip("/")


def _folder(prefix: str) -> str:
    return f"{prefix.strip('/')}/" if prefix.strip("/") else ""


def cores() -> int:
    """The cores that this process may use, which may be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _number(env: Mapping[str, str], name: str, default: float) -> float:
    try:
        value = float(env.get(name, default))
    except ValueError as error:
        raise BadRequest(f"{name} must be a number", field=name) from error
    if not 0 < value < 1e9:
        raise BadRequest(f"{name} must be more than 0", field=name)
    return value


def _hardware(env: Mapping[str, str]) -> tuple[str, ...]:
    name = "PENSTOCK_HARDWARE"
    parts = (part.strip() for part in env.get(name, "gpu").split(","))
    return tuple(check_hardware(part, name) for part in parts if part)


def _limits(env: Mapping[str, str]) -> Limits:
    return Limits(
        requests_per_s=_some_number(env, "PENSTOCK_MAX_REQUESTS_PER_S"),
        batches=_whole(env, "PENSTOCK_MAX_BATCHES"),
        rows=_whole(env, "PENSTOCK_MAX_ROWS"),
        predictions=_whole(env, "PENSTOCK_MAX_PREDICTIONS"),
    )


def _some_number(env: Mapping[str, str], name: str) -> float | None:
    return _number(env, name, 0.0) if env.get(name) else None


def _whole(env: Mapping[str, str], name: str) -> int | None:
    value = _some_number(env, name)
    return None if value is None else math.ceil(value)


def _gb(env: Mapping[str, str], name: str) -> int | None:
    value = _some_number(env, name)
    return None if value is None else int(value * 10**9)


def _port(env: Mapping[str, str], name: str) -> int | None:
    number = _some_number(env, name)
    if number is None:
        return None
    if number != int(number) or not 1 <= number <= MOST_PORT:
        raise BadRequest(f"{name} must be a port from 1 to {MOST_PORT}", field=name)
    return int(number)


def _word(env: Mapping[str, str], name: str, words: tuple[str, ...]) -> str:
    word = env.get(name) or words[0]
    if word not in words:
        raise BadRequest(f"{name} must be {' or '.join(words)}", field=name)
    return word


def _traces(env: Mapping[str, str]) -> bool:
    named = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    off = env.get("OTEL_SDK_DISABLED", "").lower() == "true"
    return not off and any(env.get(name) for name in named)


def _object(env: Mapping[str, str], name: str) -> Mapping[str, Any]:
    try:
        value = json.loads(env.get(name) or "{}")
    except ValueError as error:
        raise BadRequest(f"{name} must be JSON", field=name) from error
    if not isinstance(value, dict):
        raise BadRequest(f"{name} must be a JSON object", field=name)
    return value


def _networks(env: Mapping[str, str]) -> tuple[Network, ...]:
    name = "PENSTOCK_ALLOW_NETWORKS"
    # on one machine the receiver is on loopback; a fleet names what it allows
    default = LOOPBACK if "PENSTOCK_BROKER_URL" not in env else ""
    parts = filter(None, (part.strip() for part in env.get(name, default).split(",")))
    try:
        return tuple(ip_network(part) for part in parts)
    except ValueError as error:
        raise BadRequest(f"{name} must be networks such as 10.0.0.0/8", field=name) from error
