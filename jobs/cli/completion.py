"""Shell completion: a script for the shell to read once."""

import click
from click.shell_completion import get_completion_class


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script that completes penstock's commands and options.

    \b
    bash: put  eval "$(penstock completion bash)"  in ~/.bashrc
    zsh:  put  eval "$(penstock completion zsh)"   in ~/.zshrc
    fish: penstock completion fish > ~/.config/fish/completions/penstock.fish

    Example: penstock completion zsh
    """
    kind = get_completion_class(shell)
    root = context.find_root()
    if kind is None:
        raise click.UsageError(f"{shell} is not known")
    script = kind(root.command, {}, "penstock", "_PENSTOCK_COMPLETE")
    # not source(): it first runs bash to look at its version
    click.echo(script.source_template % script.source_vars())
