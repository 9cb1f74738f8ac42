"""The root command; a command's module is imported when the command is used."""

from importlib import import_module

import click

#: the name of a command to where it lies, in the order of a first day's use
COMMANDS = {
    "up": "processes:up",
    "init": "local:init",
    "schema": "local:schema",
    "push": "models:push",
    "predict": "predictions:predict",
    "batch": "batches:batch",
    "models": "models:models",
    "versions": "models:versions",
    "promote": "models:promote",
    "rollback": "models:rollback",
    "webhooks": "webhooks:webhooks",
    "token": "tokens:token",
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
      2  it could not be tried: usage, token, no server
      3  a batch ended with failed rows
      4  a batch did not complete
      5  a batch's results could not be written to its destination
      6  there is no such thing
      7  not in the state things are in now
      130  interrupted; what the server does goes on
    """
