"""The root command; a command's module is imported when the command is used."""

import errno
from importlib import import_module

import click

from jobs.cli import out
from jobs.cli.http import CANNOT_RUN, INTERRUPTED, CliError

#: of what is imported, what the extra `cli` brings
TO_ASK = ("httpx", "rich", "yaml")
#: whose words are another command's
AS_THEY_ARE = frozenset({"exec"})
AS_JSON = "jobs.cli.as_json"
#: the name of a command to where it lies, in the order of a first day's use
COMMANDS = {
    "up": "processes:up",
    "init": "local:init",
    "schema": "local:schema",
    "serve": "serve:serve",
    "exec": "serve:exec_",
    "push": "models:push",
    "predict": "predictions:predict",
    "predictions": "predictions:predictions",
    "train": "trainings:train",
    "trainings": "trainings:trainings",
    "batch": "batches:batch",
    "models": "models:models",
    "versions": "models:versions",
    "promote": "models:promote",
    "rollback": "models:rollback",
    "deployments": "deployments:deployments",
    "webhooks": "webhooks:webhooks",
    "token": "tokens:token",
    "keys": "keys:keys",
    "api": "processes:api",
    "worker": "processes:worker",
    "deliver": "processes:deliver",
    "sweep": "processes:sweep",
    "purge": "purge:purge",
    "doctor": "doctor:doctor",
    "completion": "completion:completion",
}


class Late(click.Group):
    """A group that knows its commands by name alone until one is asked for."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; with --json, its error is JSON too."""
        try:
            return self._invoke(ctx)
        except click.ClickException as error:
            if ctx.meta[AS_JSON]:
                out.tell_error(error)
            raise

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Note whether JSON is wanted: a command whose words are wrong cannot tell."""
        ours = args[: args.index("--")] if "--" in args else args
        ctx.meta[AS_JSON] = "--json" in ours and not AS_THEY_ARE.intersection(ours[:1])
        return super().parse_args(ctx, args)

    def _invoke(self, ctx: click.Context) -> object:
        """On a machine with the receiver alone, say what a command needs."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            raise SystemExit(INTERRUPTED) from None
        except OSError as error:
            if error.errno in (None, errno.EPIPE):
                raise  # click ends quietly where nobody reads on
            place = f"{error.filename}: " if error.filename else ""
            raise CliError(f"{place}{error.strerror}") from error
        except ModuleNotFoundError as error:
            name = (error.name or "").partition(".")[0]
            if name in ("", "jobs", "safepush", "webhooks"):
                raise  # ours: not a package that was left out
            asks = "'.[cli]' to ask a server, or " * (name in TO_ASK)
            told = (
                f"this command needs {name}, which is not installed: in a checkout of Penstock,"
                f" pip install {asks}'.[server]' to run one"
            )
            raise CliError(told, CANNOT_RUN) from error

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every name."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"jobs.cli.{module}"), attribute)
        return command


@click.group(cls=Late, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="penstock")
def main() -> None:
    """Batches of predictions on your own GPUs.

    PENSTOCK_URL and PENSTOCK_TOKEN name the server; without them it is the one that
    `penstock up` starts in this folder. Each command has --help with an example.

    \b
    Exit codes:
      0  done
      1  it failed
      2  it could not be tried: usage, inputs, token, no server
      3  a batch ended with failed rows
      4  a batch did not complete
      5  a batch's results could not be written to its destination
      6  there is no such thing
      7  not in the state things are in now
      130  interrupted; what the server does goes on
    """
