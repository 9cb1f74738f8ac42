"""The composition root: settings become a store, blobs, services, an application, a worker."""

import secrets
import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry
from prometheus_client.registry import Collector

from jobs.adapters import seal
from jobs.adapters.bell import LocalBell
from jobs.adapters.demand import DemandMetrics
from jobs.adapters.disk import DiskBlobs, make_folder, write_private
from jobs.adapters.environments import Environments
from jobs.adapters.hosts import ProcessHosts
from jobs.adapters.metrics import Metrics
from jobs.adapters.notices import LocalNotices, NoNotices
from jobs.adapters.overview import Overview
from jobs.adapters.sources import Sources
from jobs.adapters.sql.facts import Facts
from jobs.adapters.sql.store import SqlStore, opened
from jobs.adapters.telemetry import Watched
from jobs.adapters.traces import Traces
from jobs.adapters.workers import Workers
from jobs.config import Settings, cores
from jobs.ports import Bell, Blobs, Notices
from jobs.services.batches import Batches
from jobs.services.deployments import Deployments
from jobs.services.endpoints import Endpoints
from jobs.services.events import Events
from jobs.services.files import Files
from jobs.services.models import Models
from jobs.services.places import Places
from jobs.services.predictions import Predictions
from jobs.services.readiness import Readiness
from jobs.services.seals import Seals
from jobs.services.streams import Streams
from jobs.services.tokens import Tokens
from jobs.services.trainings import Trainings
from jobs.services.webhooks import Webhooks
from jobs.worker.bundles import Bundles
from jobs.worker.checkers import Checkers
from jobs.worker.compute import Compute
from jobs.worker.deliver import Deliver
from jobs.worker.drain import Drain
from jobs.worker.export import Export
from jobs.worker.finalize import Finalize
from jobs.worker.health import Health
from jobs.worker.instances import Instances
from jobs.worker.predict import Predict
from jobs.worker.prepare import Prepare
from jobs.worker.purge import Purge
from jobs.worker.shard import Shards
from jobs.worker.tidy import Tidy
from jobs.worker.together import Together
from jobs.worker.train import Train
from jobs.worker.validate import Validate
from jobs.worker.warm import Warm
from jobs.worker.worker import Sweep, Worker
from webhooks.sender import Sender

if TYPE_CHECKING:
    from flask import Flask

    from jobs.api import app as api

OWNER = "local"


def clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Wiring:
    """Everything that settings determine, each part made when it is first asked for."""

    settings: Settings
    #: where this process keeps what ends with it; its own folder if several share the data folder
    scratch: Path | None = None
    #: what kind of process this is, for whoever watches several
    role: str = "up"
    #: by what name a worker is known; as Celery knows it too
    name: str | None = None

    @cached_property
    def store(self) -> SqlStore:
        """The database, brought up to date."""
        make_folder(self.settings.data)
        return opened(self.settings.database_url, self.settings.public_url, self.notices)

    @cached_property
    def notices(self) -> Notices:
        """What wakes those who wait for a prediction."""
        return LocalNotices() if self.settings.embedded else NoNotices()

    @cached_property
    def registry(self) -> CollectorRegistry:
        """The numbers that this process counts."""
        return CollectorRegistry()

    @cached_property
    def telemetry(self) -> Watched:
        """What watches the work of this process."""
        name = self.settings.service_name or f"penstock-{self.role}"
        traces = Traces(name, version("penstock")) if self.settings.traces else None
        return Watched(Metrics(self.registry), traces)

    @cached_property
    def overview(self) -> Overview:
        """The numbers of the whole, which one kind of process tells for all."""
        rings = None if self.settings.embedded else self.bell.waiting
        return Overview(Facts(self.store.database).read, self.readiness, rings)

    @cached_property
    def demand(self) -> DemandMetrics:
        """What deployments need, told by whoever sweeps."""
        return DemandMetrics()

    def watched(self, at: int, *more: Collector) -> None:
        """Let Prometheus read this process's numbers, if a port is set: `at` beyond it."""
        if self.settings.metrics_port is None:
            return
        from jobs.adapters import scrape

        place = scrape.Place(self.role, version("penstock"), self.settings.data)
        port = self.settings.metrics_port + at
        scrape.serve([place, *more], self.settings.metrics_host, port)

    @cached_property
    def s3(self) -> Any:
        """The boto3 client, for objects and for s3:// inputs."""
        # boto3 takes a sixth of a second, which a server without buckets need not spend
        from jobs.adapters.s3 import s3_client

        return s3_client(endpoint=self.settings.s3_endpoint)

    @cached_property
    def blobs(self) -> Blobs:
        """Where objects live."""
        if self.settings.s3_bucket:
            from jobs.adapters.s3 import S3Blobs

            return S3Blobs(self.s3, self.settings.s3_bucket, self.settings.s3_prefix)
        return DiskBlobs(self.settings.data / "objects")

    @cached_property
    def celery(self) -> Any:
        """The Celery application."""
        # Celery takes a seventh of a second, which whoever does all in one process need not spend
        from jobs.adapters import celery as broker

        return broker.app(self.settings.broker_url, self.settings.broker_options)

    @cached_property
    def bell(self) -> Bell:
        """What wakes workers."""
        if self.settings.embedded:
            return self.local_bell
        from jobs.adapters import celery as broker

        return broker.CeleryBell(self.celery)

    @cached_property
    def local_bell(self) -> LocalBell:
        """The same, where the worker is in this process."""
        return LocalBell()

    @cached_property
    def sealer(self) -> seal.FernetSealer:
        """What encrypts secrets at rest."""
        folder, given = self.settings.data, self.settings.secret_keys
        return seal.FernetSealer(*seal.keys_of(folder, given, self.store.tokens.any_sealed))

    @property
    def seals(self) -> Seals:
        """What begins anew where the key is lost, and so does without it."""
        there = seal.present(self.settings.data, self.settings.secret_keys)
        return Seals(self.store, there, lambda: seal.anew(self.settings.data), clock)

    @cached_property
    def webhooks(self) -> Webhooks:
        """The use cases of webhooks, which a deliverer needs too."""
        return Webhooks(self.store, self.sealer, clock)

    @cached_property
    def endpoints(self) -> Endpoints:
        """The use cases of standing endpoints, whose secrets a deliverer needs."""
        return Endpoints(self.store, self.sealer, clock, self.settings.allow_networks)

    @cached_property
    def tokens(self) -> Tokens:
        """The use cases of tokens, for which a command needs the database and nothing else."""
        return Tokens(self.store, clock, self.settings.limits)

    @cached_property
    def services(self) -> "api.Services":
        """Every use case."""
        # Flask takes a fifth of a second, which a worker or a deliverer need not spend
        from jobs.api import app as api

        store, blobs, bell, url = self.store, self.blobs, self.bell, self.settings.public_url
        models = Models(store, blobs, bell, clock)
        heard = self.notices
        allow = self.settings.allow_networks
        predictions = Predictions(store, blobs, models, bell, heard, clock, url=url, allow=allow)
        return api.Services(
            store=store,
            files=Files(store, blobs, clock, self.webhooks.secret, url=url),
            models=models,
            predictions=predictions,
            streams=Streams(store, predictions, heard, clock),
            trainings=Trainings(store, models, predictions, bell, clock, url=url),
            batches=Batches(
                *(store, blobs, Places(self.sources.bucket), models, bell, clock),
                *(self.sources.head, allow),
            ),
            deployments=Deployments(store, models, bell, clock),
            events=Events(self.store),
            webhooks=self.webhooks,
            endpoints=self.endpoints,
            tokens=self.tokens,
            readiness=self.readiness,
            telemetry=self.telemetry,
            url=url,
            hardware=self.settings.hardware,
            max_upload_bytes=self.settings.max_upload_bytes,
        )

    @property
    def readiness(self) -> Readiness:
        """What says whether this process can do its work."""
        # a broker that is away costs time only: the sweep rings when it is back
        helpful = {} if self.settings.embedded else {"broker": self._reach_broker}
        return Readiness({"database": self.store.database.now}, helpful)

    def _reach_broker(self) -> None:
        """Raise the transport's error unless the broker answers."""
        from jobs.adapters import celery as broker

        broker.reach(self.celery)

    @cached_property
    def app(self) -> "Flask":
        """The HTTP API."""
        from jobs.api import app as api

        return api.create(self.services)

    @cached_property
    def warm(self) -> Warm:
        """The model hosts of this process."""
        settings, own = self.settings, self.scratch or self.settings.data
        scratch = own / "hosts"
        scratch.mkdir(parents=True, exist_ok=True)
        hosts = ProcessHosts(
            scratch, self.environments(scratch), settings.model_memory_bytes, settings.models_see
        )
        bundles = Bundles(self.blobs, own / "bundles", settings.bundle_cache_bytes)
        return Warm(
            *(hosts, bundles, scratch),
            threads=settings.threads,
            setup_timeout_s=settings.setup_timeout_s,
            most=settings.warm_models,
            served=self.served,
            telemetry=self.telemetry,
        )

    def environments(self, scratch: Path) -> Environments:
        """The virtual environments of versions; processes that share the data folder share them."""
        root, budget = self.settings.data / "environments", self.settings.environment_cache_bytes
        return Environments(root, scratch, self.blobs, budget)

    @cached_property
    def sources(self) -> Sources:
        """Where manifests and inputs come from, and results may go."""
        allowed, most_bytes = self.settings.allow_networks, self.settings.max_input_bytes
        origin = self.settings.public_url
        return Sources(self.store, self.blobs, lambda: self.s3, allowed, most_bytes, origin)

    @cached_property
    def drain(self) -> Drain:
        """How this process's work comes to its end."""
        return Drain()

    @property
    def served(self) -> frozenset[str] | None:
        """The classes of hardware that this process serves as a worker; None: all."""
        return None if self.settings.embedded else frozenset(self.settings.hardware)

    @cached_property
    def instances(self) -> Instances:
        """The instances of deployments that this process has."""
        return Instances(
            *(self.store, self.warm, self.drain, clock),
            worker=f"{self.name or self.role}@{socket.gethostname()}",
            most=self.settings.warm_models,
            idle_s=self.settings.instance_idle_s,
            run=lambda id: self.worker.answer("prediction", id),
        )

    @cached_property
    def worker(self) -> Worker:
        """What answers the bell."""
        store, blobs, warm = self.store, self.blobs, self.warm
        common: dict[str, Any] = {
            "url": self.settings.public_url,
            "timeout_s": self.settings.predict_timeout_s,
        }
        fetch = self.sources.fetch
        compute = Compute(blobs, warm, fetch, **common)
        answers = {
            "prediction": self.singles.run,
            "training": self.train.run,
            "version": Prepare(store, warm, self.drain, clock).run,
            "deployment": self.instances.answer,
        }
        checkers, export = Checkers(cores() - 1), Export(blobs, self.sources.bucket)
        shards = Shards(
            *(store, blobs, compute, self.drain, clock),
            telemetry=self.telemetry,
            seats=self.instances,
        )
        return Worker(
            store,
            self.bell,
            Validate(*(store, blobs, self.sources.manifest, self.drain, clock), checkers),
            shards,
            Finalize(*(store, blobs, export, self.drain, clock), gather=shards.gather),
            answers,
            self.drain,
        )

    @cached_property
    def singles(self) -> Together:
        """What runs single predictions."""
        timeout_s, fetch = self.settings.predict_timeout_s, self.sources.fetch
        url = self.settings.public_url
        common = (fetch, self.drain, clock)
        alone = Predict(self.store, self.blobs, self.warm, *common, url=url, timeout_s=timeout_s)
        seats = self.instances
        return Together(self.store, self.warm, alone, *common, timeout_s=timeout_s, seats=seats)

    @property
    def train(self) -> Train:
        """What runs trainings."""
        parts = (self.store, self.blobs, self.warm, self.sources.fetch, self.drain, clock)
        timeout_s = self.settings.train_timeout_s
        return Train(*parts, url=self.settings.public_url, timeout_s=timeout_s)

    @cached_property
    def deliver(self) -> Deliver:
        """The delivery engine."""
        sender = Sender(allow=self.settings.allow_networks, at_once=256)
        health = Health(self.store, clock, self.settings.endpoint_failing_s)
        keys = self.endpoints.keys
        secret, telemetry = self.webhooks.secret, self.telemetry
        return Deliver(self.store, sender, secret, telemetry, keys=keys, health=health)

    def sweep(self) -> Sweep:
        """What rings for all that is due."""
        return Sweep(self.store, self.bell, clock, (Workers(self.bell), self.demand))

    def tidy(self) -> Tidy:
        """What removes what lost attempts left."""
        return Tidy(self.store, self.blobs, clock)

    def purge(self) -> Purge:
        """What removes for good what is old, and what its owner removed."""
        days = self.settings.retention_days
        keep = timedelta(days=days) if days is not None else None
        return Purge(self.store, self.blobs, clock, keep)

    def recover(self) -> None:
        """Take up what a dead process tree left; nobody else may work on this data folder."""
        self.store.release()
        if isinstance(self.blobs, DiskBlobs):
            self.blobs.tidy()

    def token(self) -> str:
        """The embedded token, made once and kept in the data folder (0600)."""
        path = self.settings.data / "token"
        self.store.tokens  # noqa: B018 - makes the folder
        if not path.exists():
            write_private(path, f"pst_{secrets.token_urlsafe(32)}")
        token = path.read_text().strip()
        self.store.tokens.create(token, OWNER, "embedded", [], clock())
        return token
