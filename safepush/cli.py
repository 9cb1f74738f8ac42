"""The `safepush` command: config, stage, checks, report, promote."""

import os
import sys
import traceback
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from safepush import checks, config, promote, report, staging
from safepush.answers import Prediction
from safepush.checks.base import Trial
from safepush.client import Client
from safepush.config import Config
from safepush.errors import COULD_NOT_RUN, SafePushError
from safepush.report import Report
from safepush.version import read_bundle

CONFIG_NAME = "safepush.yaml"
INTERRUPTED = 130

EPILOG = """Exit status: 0 every check held and the version is live, 1 a check failed,
2 the push could not run. PENSTOCK_URL and PENSTOCK_TOKEN name the server and the token."""


@click.command(epilog=EPILOG)
@click.argument("folder", metavar="[PATH]", type=click.Path(path_type=Path), default=Path())
@click.option(
    "--config", "config_path", type=click.Path(path_type=Path), help="Default: PATH/safepush.yaml."
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--no-promote", is_flag=True, help="Only check; leave live as it is.")
@click.pass_context
def command(
    ctx: click.Context, folder: Path, config_path: Path | None, as_json: bool, no_promote: bool
) -> None:
    """Push the Cog folder PATH, and make it live only if it holds."""
    progress = Console(stderr=True)
    try:
        settings = config.load(config_path or folder / CONFIG_NAME)
        wanted = replace(settings, promote=settings.promote and not no_promote)
        outcome = push(folder, wanted, progress)
    except SafePushError as exc:
        if as_json:
            click.echo(report.error_to_json(exc))
        else:
            click.echo(f"safepush: {exc}", err=True)
        ctx.exit(exc.exit_code)
    if as_json:
        click.echo(report.to_json(outcome))
    else:
        report.print_text(outcome, Console())
    ctx.exit(outcome.exit_code)


def push(folder: Path, settings: Config, progress: Console) -> Report:
    """Stage the folder, check it, and promote the digest that was checked if it held."""

    def say(text: str) -> None:
        progress.print(text, style="dim", markup=False, highlight=False)

    connection = config.connection(os.environ)
    bundle = read_bundle(folder)
    with Client(connection) as client:
        staged = staging.stage(client, bundle, settings, say=say)
        outcome = Report(
            model=settings.model,
            version=staged.version.id,
            live_before=staged.live_before,
            results=checks.run(_trial(client, staged, settings)),
        )
        if outcome.held and settings.promote:
            promote.promote(client, settings.model, staged)
            return replace(outcome, promoted=True)
        return outcome


def main() -> int:
    """The console script; a fault of our own must never look like a verdict."""
    try:
        code = command.main(standalone_mode=False)
    except click.ClickException as exc:
        exc.show()
        return COULD_NOT_RUN
    except (click.Abort, KeyboardInterrupt):
        click.echo("safepush: interrupted", err=True)
        return INTERRUPTED
    except Exception:  # what is left is a bug, and Python's own status for it means "failed" here
        traceback.print_exc()
        return COULD_NOT_RUN
    return code if isinstance(code, int) else 0


def _trial(client: Client, staged: staging.Staged, settings: Config) -> Trial:
    version, limit_s = staged.version, settings.predict.predict_timeout_s

    def predict(inputs: Mapping[str, Any]) -> Prediction:
        return client.predict(settings.model, version.id, inputs, limit_s=limit_s)

    return Trial(version=version, config=settings, predict=predict)


if __name__ == "__main__":
    sys.exit(main())
