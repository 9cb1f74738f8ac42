"""One push: stage, check, promote. Everything it needs comes from outside."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from safepush import checks
from safepush.answers import Prediction, Version
from safepush.backends import Backend
from safepush.checks.base import Runner, Trainer, Trial
from safepush.client import Client
from safepush.config import Config
from safepush.errors import NotReady, SafePushError
from safepush.expectations import Means
from safepush.options import Meter, Options
from safepush.references import fetch
from safepush.report import Report
from safepush.staging import Staged
from safepush.thinker import Thinker
from safepush.version import Bundle, read_bundle


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is to be pushed, and how; `judge` is made once the meter is there."""

    folder: Path
    config: Config
    options: Options = field(default_factory=Options)
    say: Callable[[str], None] = lambda text: None
    means: Callable[[Config, Meter], Means] = lambda config, meter: Means(fetch=fetch)
    thinks: Callable[[Config, Meter], Thinker | str] = lambda config, meter: "none was set up"


def push(backend: Backend, request: Request) -> Report:
    """Stage the folder, check it, and promote the digest that was checked if it held.

    A promotion that is refused, since live moved or the token may not, is part of the report.
    """
    config = request.config
    bundle = read_bundle(request.folder)
    with backend.client:
        staged = backend.stage(bundle, config, say=request.say)
        meter = Meter(request.options.budget)
        trial = replace(
            _trial(backend.client, staged, request, meter),
            twin=lambda: _twin(backend, bundle, staged, config, meter),
        )
        report = Report(
            model=config.model,
            version=staged.version.id,
            live_before=staged.live_before,
            results=checks.run(trial),
            notes=(*config.notes, *backend.notes, *_tried_at(config, staged)),
            predictions=meter.predictions,
            tokens=meter.tokens,
            seed=request.options.seed,
            folder=request.folder,
            source=config.source,
        )
        return _promoted(backend, bundle, staged, request, report)


@contextmanager
def _twin(
    backend: Backend, bundle: Bundle, staged: Staged, config: Config, meter: Meter
) -> Iterator[Runner | None]:
    """The candidate in a process of its own, as long as it is needed."""
    try:
        found = backend.twin(bundle, config, staged)
    except NotReady:
        found = None
    if found is None:
        yield None
        return
    try:
        yield runner(backend.client, config, staged.model, found, meter)
    finally:
        backend.client.forget(staged.model, found.id)


def _tried_at(config: Config, staged: Staged) -> tuple[str, ...]:
    is_elsewhere = staged.model != config.model
    return (f"tested as {staged.model}:{staged.version.id[:12]}",) if is_elsewhere else ()


def _promoted(
    backend: Backend, bundle: Bundle, staged: Staged, request: Request, report: Report
) -> Report:
    """The report once live has been moved, if it is to be."""
    if not (report.held and request.config.promote and not request.options.only):
        return report
    try:
        done = backend.promote(bundle, request.config, staged, say=request.say)
    except SafePushError as exc:  # what was found is told all the same
        return replace(report, refused=exc)
    notes = (*report.notes, *done.told)
    return replace(report, promoted=True, live=done.live, notes=notes, refused=done.wrong)


def _trial(client: Client, staged: Staged, request: Request, meter: Meter) -> Trial:
    live, config = staged.live, request.config
    return Trial(
        version=staged.version,
        # what is found is found there
        config=replace(config, model=staged.model),
        runner=runner(client, config, staged.model, staged.version, meter),
        live=live,
        live_runner=None if live is None else runner(client, config, config.model, live, meter),
        trainer=trainer(client, config, staged, meter),
        means=request.means(config, meter),
        options=request.options,
        meter=meter,
        stop=client.stop,
        thinker=request.thinks(config, meter),
        folder=request.folder,
        say=request.say,
    )


def runner(client: Client, config: Config, model: str, version: Version, meter: Meter) -> Runner:
    """A version of a model at work on the server; each prediction is counted by the meter."""
    limit_s = config.predict.predict_timeout_s

    def predict(inputs: Mapping[str, Any], limit_s: float = limit_s) -> Prediction:
        meter.prediction()
        return client.predict(model, version.id, inputs, limit_s=limit_s)

    return Runner(predict, lambda prediction: client.output(prediction, version))


def trainer(client: Client, config: Config, staged: Staged, meter: Meter) -> Trainer | None:
    """Trainings of the staged version, as the section `train` has them; None without one."""
    section = config.train
    if section is None:
        return None
    destination = section.destination or f"{staged.model}-dest"

    def offered() -> bool:
        if not client.has_trainings():
            return False
        client.ensure(destination, section.destination_hardware or config.peer.test_hardware)
        return True

    def train(inputs: Mapping[str, Any], limit_s: float = section.train_timeout_s) -> Prediction:
        meter.prediction()
        source = (staged.model, staged.version.id)
        return client.train(source, destination, inputs, limit_s=limit_s)

    def trained(id: str) -> tuple[Version, Runner]:
        found = client.version(destination, id)
        version = client.wait_ready(destination, found, limit_s=config.setup_timeout_s)
        return version, runner(client, config, destination, version, meter)

    return Trainer(
        destination=destination,
        offered=offered,
        train=Runner(train, lambda training: client.output(training, staged.version)),
        trained=trained,
        forget=lambda id: client.forget(destination, id),
    )
