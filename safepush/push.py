"""One push: stage, check, promote. Everything it needs comes from outside."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from safepush import checks, promote, staging
from safepush.answers import Prediction, Version
from safepush.checks.base import Runner, Trial
from safepush.client import Client
from safepush.config import Config
from safepush.connection import Connection
from safepush.errors import LiveMoved, ServiceRefused
from safepush.expectations import Means
from safepush.options import Meter, Options
from safepush.outputs import opened
from safepush.references import fetch
from safepush.report import Report
from safepush.thinker import Thinker
from safepush.version import read_bundle


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is to be pushed, and how; `judge` is made once the meter is there."""

    folder: Path
    config: Config
    options: Options = field(default_factory=Options)
    say: Callable[[str], None] = lambda text: None
    means: Callable[[Config, Meter], Means] = lambda config, meter: Means(fetch=fetch)
    thinks: Callable[[Config, Meter], Thinker | str] = lambda config, meter: "none was set up"


def push(connection: Connection, request: Request) -> Report:
    """Stage the folder, check it, and promote the digest that was checked if it held.

    A promotion that is refused, since live moved or the token may not, is part of the report.
    """
    config = request.config
    bundle = read_bundle(request.folder)
    with Client(connection) as client:
        staged = staging.stage(client, bundle, config, say=request.say)
        meter = Meter(request.options.budget)
        trial = _trial(client, staged, request, meter)
        report = Report(
            model=config.model,
            version=staged.version.id,
            live_before=staged.live_before,
            results=checks.run(trial),
            notes=config.notes,
            predictions=meter.predictions,
            tokens=meter.tokens,
            seed=request.options.seed,
            folder=request.folder,
            source=config.source,
        )
        return _promoted(client, staged, request, report)


def _promoted(client: Client, staged: staging.Staged, request: Request, report: Report) -> Report:
    """The report once live has been moved, if it is to be."""
    if not (report.held and request.config.promote and not request.options.only):
        return report
    try:
        promote.promote(client, request.config.model, staged)
    except (LiveMoved, ServiceRefused) as exc:
        return replace(report, refused=exc)
    return replace(report, promoted=True)


def _trial(client: Client, staged: staging.Staged, request: Request, meter: Meter) -> Trial:
    live, config = staged.live, request.config
    return Trial(
        version=staged.version,
        config=config,
        runner=runner(client, config, staged.version, meter),
        live=live,
        live_runner=None if live is None else runner(client, config, live, meter),
        means=request.means(config, meter),
        options=request.options,
        stop=client.stop,
        thinker=request.thinks(config, meter),
        folder=request.folder,
        say=request.say,
    )


def runner(client: Client, config: Config, version: Version, meter: Meter) -> Runner:
    """A version at work on the server; each prediction is counted by the meter."""
    limit_s = config.predict.predict_timeout_s

    def predict(inputs: Mapping[str, Any], limit_s: float = limit_s) -> Prediction:
        meter.prediction()
        return client.predict(config.model, version.id, inputs, limit_s=limit_s)

    return Runner(predict, lambda prediction: opened(prediction, version, client.content))
