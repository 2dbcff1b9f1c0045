"""`sessionlint rollback`: undo the last `migrate --write`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sessionlint.cli.exit_codes import ExitCode
from sessionlint.cli.options import settings_from


@click.command()
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option("--keep-changed", is_flag=True, help="Leave files that were changed since as they are, and restore the others.")
@click.option("--config", multiple=True, metavar="FILE|KEY=VALUE", help="A configuration file, or a setting as TOML; may be repeated.")
@click.option("--isolated", is_flag=True, help="Look for no configuration and no project around PATH.")
def rollback(path: Path, keep_changed: bool, **given: Any) -> ExitCode:
    """Undo the last `migrate --write` or `check --fix`, finished or interrupted: every file gets back the bytes it had.

    PATH is anywhere in the project. If a file was changed since, it is named and nothing is touched.
    """
    from sessionlint.report.printable import printable
    from sessionlint.rewrite import rollback as restore

    restored = restore(settings_from([path], given).root, keep_changed=keep_changed)
    for name in restored:
        click.echo(f"restored {printable(name)}")
    if not restored:
        click.echo("no file had to be restored")
    return ExitCode.CLEAN
