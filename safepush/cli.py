"""The `safepush` command: push a folder through the gate, or step back."""

import os
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from safepush import checks, config, promote, report, schemafile, staging
from safepush.answers import Prediction, Version
from safepush.checks.base import Runner, Trial, judged
from safepush.client import Client
from safepush.compat import compare
from safepush.config import Config
from safepush.errors import COULD_NOT_JUDGE, FAILED, HELD, MISUSE, SafePushError
from safepush.findings import Policy
from safepush.outputs import opened
from safepush.report import Report
from safepush.version import read_bundle

INTERRUPTED = 130

EPILOG = """Exit status: 0 every check held and the version is live, 1 a check failed, 2 the
command, the configuration or the folder cannot be used, 3 there was no verdict (server away,
another version went live meanwhile). PENSTOCK_URL and PENSTOCK_TOKEN name the server and the
token."""


COMPAT_EPILOG = """Exit status: 0 nothing was found that fails, 1 something was, 2 the
command or a file cannot be used."""


class Door(click.Group):
    """`safepush PATH` is short for `safepush push PATH`; write ./compat for such a folder."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The arguments, with the command named."""
        named = bool(args) and (args[0] in self.commands or args[0] == "--help")
        return super().parse_args(ctx, args if named else ["push", *args])


@click.group(cls=Door, epilog=EPILOG)
def command() -> None:
    """Let a version go live only if it holds. `safepush PATH` means `safepush push PATH`."""


FOLDER = click.argument("folder", metavar="[PATH]", type=click.Path(path_type=Path), default=Path())
CONFIG = click.option(
    "--config", "path", type=click.Path(path_type=Path), help="Default: PATH/safepush.yaml."
)
MODEL = click.option("--model", help="owner/name, in place of the configuration's.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")


@command.command("push", epilog=EPILOG)
@FOLDER
@CONFIG
@MODEL
@JSON
@click.option("--no-promote", is_flag=True, help="Only check; leave live as it is.")
def push_command(
    folder: Path, path: Path | None, model: str | None, as_json: bool, no_promote: bool
) -> None:
    """Push the Cog folder PATH, and make it live only if it holds."""

    def run() -> int:
        settings = config.find(folder, path, model)
        wanted = replace(settings, promote=settings.promote and not no_promote)
        outcome = push(folder, wanted, Console(stderr=True))
        if as_json:
            click.echo(report.to_json(outcome))
        else:
            report.print_text(outcome, Console())
        return outcome.exit_code

    _end_with(run, as_json)


@command.command("rollback", epilog=EPILOG)
@FOLDER
@CONFIG
@MODEL
@JSON
def rollback_command(folder: Path, path: Path | None, model: str | None, as_json: bool) -> None:
    """Make live what was live before, in one step; nothing is built or checked again."""

    def run() -> int:
        settings = config.find(folder, path, model)
        with Client(config.connection(os.environ)) as client:
            step = promote.rollback(client, settings.model)
        click.echo(report.step_to_json(step) if as_json else report.step_to_text(step))
        return 0

    _end_with(run, as_json)


@command.command("compat", epilog=COMPAT_EPILOG)
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--config", "path", type=click.Path(path_type=Path), help="A safepush.yaml to judge by."
)
@click.option(
    "--fail-on",
    type=click.Choice(list(config.FAIL_ON)),
    help="The least level that is a failure; error by default, or as the configuration says.",
)
@JSON
def compat_command(
    old: Path, new: Path, path: Path | None, fail_on: str | None, as_json: bool
) -> None:
    """Tell whether callers of the model in OLD can use the one in NEW without a change.

    OLD and NEW are OpenAPI documents as JSON: what Cog writes, or what a server answers when it is
    asked for a version.
    """

    def run() -> int:
        policy = Policy() if path is None else config.load(path).compatibility
        if fail_on is not None:
            policy = replace(policy, fail_on=config.FAIL_ON[fail_on])
        findings = compare(schemafile.read(old), schemafile.read(new), names=(str(old), str(new)))
        judgement = policy.judge(findings)
        if as_json:
            click.echo(report.judgement_to_json(judgement))
        else:
            report.print_result(judged("compatibility", judgement, f"{new} holds"), Console())
        return HELD if judgement.held else FAILED

    _end_with(run, as_json)


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
        return MISUSE
    except (click.Abort, KeyboardInterrupt):
        click.echo("safepush: interrupted", err=True)
        return INTERRUPTED
    except Exception:  # what is left is a bug, and Python's own status for it means "failed" here
        traceback.print_exc()
        return COULD_NOT_JUDGE
    return code if isinstance(code, int) else 0


def _end_with(run: Callable[[], int], as_json: bool) -> None:
    """Leave with the status that `run` gives, or with that of the error it meets."""
    try:
        code = run()
    except SafePushError as exc:
        code = exc.exit_code
        if as_json:
            click.echo(report.error_to_json(exc))
        else:
            click.echo(f"safepush: {exc}", err=True)
    click.get_current_context().exit(code)


def _trial(client: Client, staged: staging.Staged, settings: Config) -> Trial:
    live = staged.live
    return Trial(
        version=staged.version,
        config=settings,
        runner=_runner(client, settings, staged.version),
        live=live,
        live_runner=None if live is None else _runner(client, settings, live),
    )


def _runner(client: Client, settings: Config, version: Version) -> Runner:
    limit_s = settings.predict.predict_timeout_s

    def predict(inputs: Mapping[str, Any]) -> Prediction:
        return client.predict(settings.model, version.id, inputs, limit_s=limit_s)

    return Runner(predict, lambda prediction: opened(prediction, version, client.content))


if __name__ == "__main__":
    sys.exit(main())
