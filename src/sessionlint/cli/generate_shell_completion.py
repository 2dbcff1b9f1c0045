"""`sessionlint generate-shell-completion`: the script by which a shell completes commands, options, codes and formats."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from sessionlint.cli.environment import VARIABLE
from sessionlint.cli.exit_codes import Ending, ExitCode


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def generate_shell_completion(shell: str) -> Ending:
    """Print the script that makes a shell complete sessionlint's commands, options, codes, formats and codemods.

    For bash (4.4 or later), in `~/.bashrc`: `eval "$(sessionlint generate-shell-completion bash)"`; for zsh the same in `~/.zshrc`;
    for fish: `sessionlint generate-shell-completion fish > ~/.config/fish/completions/sessionlint.fish`.
    """
    from sessionlint.cli.group import group

    kind = get_completion_class(shell)
    assert kind is not None, "click knows these three"
    script = kind(group, {}, "sessionlint", VARIABLE)
    click.echo(script.source_template % script.source_vars())
    return Ending(ExitCode.CLEAN)
