"""The `safepush` command's door: how it ends, whatever happens behind it."""

import gc
import signal
import sys
import traceback
from types import ModuleType

import click

from safepush.errors import COULD_NOT_JUDGE, MISUSE, package_left_out

INTERRUPTED = 130


def main() -> int:
    """The console script; a fault of our own must never look like a verdict."""
    # a job that is canceled sends this one; predictions under way are canceled then too
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        command = _command()
        code = command.main(standalone_mode=False)
    except click.ClickException as exc:
        exc.show()
        return MISUSE
    except (click.Abort, KeyboardInterrupt):
        click.echo("safepush: interrupted; live was not touched", err=True)
        return INTERRUPTED
    except SystemExit:  # rich, where nobody reads on; its status would be that of a failed check
        return COULD_NOT_JUDGE
    except OSError as exc:  # a full disk, a pipe that nobody reads
        click.echo(f"safepush: {f'{exc.filename}: ' * bool(exc.filename)}{exc.strerror}", err=True)
        return COULD_NOT_JUDGE
    except Exception as exc:  # what is left is a bug, and Python's own status means "failed" here
        left_out = package_left_out(exc)
        if left_out is None:
            traceback.print_exc()
            return COULD_NOT_JUDGE
        click.echo(f"safepush: {left_out}", err=True)
        return MISUSE
    return code if isinstance(code, int) else 0


def _command() -> click.Command:
    """All that it does, imported without looking for garbage: there is none by then."""
    gc.disable()
    # the command that httpx has too, which it does without, takes as long to import as all of it
    sys.modules.setdefault("httpx._main", ModuleType("httpx._main"))
    try:
        # the plain install has neither the console nor what the checks need
        from safepush.commands import command
    finally:
        gc.freeze()
        gc.enable()
    return command


if __name__ == "__main__":
    sys.exit(main())
